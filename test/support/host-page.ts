/** A page of the tests' own, on an allowed origin of the shop, for tags that the shop does not carry. */
import type { Browser } from 'playwright-core'
import { enter, type Visit } from './page.ts'

/** Opens `html` as if the shop had served it at `/host`. */
export async function hostPage(browser: Browser, shop: string, edge: string, html: string): Promise<Visit> {
  const context = await browser.newContext()
  await context.route(`${shop}/host`, (route) => route.fulfill({ contentType: 'text/html', body: html }))
  return enter(context, `${shop}/host`, edge)
}

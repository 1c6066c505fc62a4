/** Pictures of the gallery. */
import { writeFileSync } from 'node:fs'
import type { Browser } from 'playwright-core'
import type { Dress } from './pages.ts'

/**
 * Takes a picture of all states in one dress once nothing moves any more. Returns the PNG, and writes it to `path` if
 * given.
 */
export async function shootDress(browser: Browser, port: number, dress: Dress, path?: string): Promise<Buffer> {
  const context = await browser.newContext({
    viewport: { width: dress === 'narrow' ? 1100 : 1380, height: 900 },
    colorScheme: dress === 'dark' ? 'dark' : 'light',
    forcedColors: dress === 'forced' ? 'active' : 'none',
    reducedMotion: 'reduce',
    timezoneId: 'UTC',
    locale: 'en-GB',
  })
  const page = await context.newPage()
  // A fixed day and time, because a picture shows dates.
  await page.clock.setFixedTime(new Date('2026-11-24T10:00:00Z'))
  await page.goto(`http://localhost:${port}/?dress=${dress}`)
  for (const frame of page.frames().slice(1)) await frame.locator('html[data-done]').waitFor({ state: 'attached' })
  const take = () => page.screenshot({ fullPage: true, animations: 'disabled' })
  // Once nothing changes any more, later chunks such as the time beside a message have loaded.
  let picture = await take()
  for (let last: Buffer = Buffer.alloc(0); !picture.equals(last); ) {
    last = picture
    picture = await take()
  }
  await context.close()
  if (path !== undefined) writeFileSync(path, picture)
  return picture
}

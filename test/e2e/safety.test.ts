/** What must never reach a browser, and a widget that works under a strict policy without an exception. */
import { describe, expect, inject, it } from 'vitest'
import { violations } from '../support/axe.ts'
import { browser } from '../support/browser.ts'
import { openChat, say, slowDown, visit } from '../support/page.ts'
import { received, resetSandbox } from '../support/sandbox.ts'

const { edge, shop, key } = inject('stack')

/** Every run of eight characters in the secret part of the key. */
function fragments(secret: string): string[] {
  const part = secret.replace(/^caty_/, '')
  return Array.from({ length: part.length - 7 }, (_, at) => part.slice(at, at + 8))
}
const leaks = (text: string): string[] => fragments(key).filter((fragment) => text.includes(fragment))

describe('the key of Caty', () => {
  it('is in no byte that the browser receives, stores or shows, while Caty receives it complete', async () => {
    await resetSandbox()
    const context = await browser.newContext()
    const page = await context.newPage()
    const seen: string[] = []
    const bodies: Promise<void>[] = []
    page.on('console', (message) => seen.push(message.text()))
    page.on('response', (response) => {
      seen.push(JSON.stringify(response.headers()), response.url())
      bodies.push(
        response.text().then(
          (text) => void seen.push(text),
          () => undefined,
        ),
      )
    })
    await slowDown(context, page)
    await page.goto(shop)
    const widget = page.locator('caty-widget')
    await widget.locator('button[aria-haspopup="dialog"]').click()
    await widget.locator('textarea').fill('When are you open?')
    await widget.locator('textarea').press('Enter')
    await widget
      .locator('[role="log"]')
      .getByText(/Monday|open at/i)
      .last()
      .waitFor()
    await Promise.all(bodies)
    seen.push(await page.content())
    seen.push(await page.evaluate(() => document.querySelector('caty-widget')?.shadowRoot?.innerHTML ?? ''))
    seen.push(await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie])))
    expect(seen.length).toBeGreaterThan(10)
    expect(leaks(seen.join('\n'))).toEqual([])
    const requests = await received()
    expect(requests.length).toBeGreaterThan(0)
    for (const request of requests) expect(request.headers['x-api-key']).toBe(key)
  })
})

describe('the widget on a strict page', () => {
  it('violates neither the policy nor Trusted Types, closed or open', async () => {
    const at = await visit(browser, shop, edge)
    const header = (await fetch(shop)).headers.get('content-security-policy') ?? ''
    expect(header).toContain("require-trusted-types-for 'script'")
    expect(header).toContain("default-src 'none'")
    expect(header).not.toContain('unsafe-')
    await at.page.evaluate(() => {
      const found: string[] = []
      Object.assign(window, { found })
      document.addEventListener('securitypolicyviolation', (event) => found.push(event.violatedDirective))
    })
    await openChat(at)
    await say(at, 'Show me your mugs', /mug/i)
    await at.log.locator('[part=product]').first().waitFor()
    expect(await at.page.evaluate(() => Reflect.get(window, 'found'))).toEqual([])
    expect(at.lines.filter((line) => /Content.Security.Policy|Trusted/i.test(line))).toEqual([])
    expect(at.errors).toEqual([])
  })

  it('has no accessibility violation, closed or open, light or dark', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      const at = await visit(browser, shop, edge, { colorScheme, bypassCSP: true })
      await at.launcher.waitFor()
      expect(await violations(at.page)).toEqual([])
      await openChat(at)
      await say(at, 'Show me your mugs', /mug/i)
      await at.log.locator('[part=product]').first().waitFor()
      expect(await violations(at.page)).toEqual([])
    }
  })
})

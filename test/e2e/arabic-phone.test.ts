/** The story of a visitor of the demo shop who reads Arabic, on a phone. */
import { type Browser, devices } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest'
import { launchBrowser } from '../../tools/browser.ts'
import { enter, say, type Visit } from '../support/page.ts'

const { edge, shop, sandbox } = inject('stack')
let browser: Browser

beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser.close())
beforeEach(() => fetch(`${sandbox}/__sandbox/reset`, { method: 'POST' }))

const box = async (at: Visit, selector: string) =>
  (await at.page.locator(`caty-widget ${selector}`).first().boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 }

describe('Arabic on a phone', () => {
  it('is mirrored, full screen, and a whole conversation', async () => {
    const context = await browser.newContext({ ...devices['Pixel 7'], locale: 'ar-EG' })
    const at = await enter(context, `${shop}/?data-language=ar`, edge)
    await at.launcher.waitFor()
    await at.launcher.tap()
    await at.composer.waitFor()

    expect(await at.dialog.getAttribute('dir')).toBe('rtl')
    expect(await at.dialog.getAttribute('lang')).toBe('ar')
    expect(await at.composer.getAttribute('placeholder')).toMatch(/[\u0600-\u06ff]/)
    const screen = await at.page.evaluate(() => [innerWidth, innerHeight])
    const panel = await box(at, '[role="dialog"]')
    expect([Math.round(panel.width), Math.round(panel.height)]).toEqual(screen)
    // Smaller letters would make a phone zoom into the field.
    expect(
      await at.composer.evaluate((field) => Number.parseFloat(getComputedStyle(field).fontSize)),
    ).toBeGreaterThanOrEqual(16)

    await say(at, 'When are you open?', /Monday/)
    const mine = await box(at, '[part~="user"]')
    const theirs = await box(at, '[part~="assistant"]')
    // One's own words are at the end of the line, which is the left here.
    expect(mine.x).toBeLessThan(30)
    expect(theirs.x + theirs.width).toBeGreaterThan(panel.width - 30)
    const send = await box(at, 'button[type="submit"]')
    expect(send.x).toBeLessThan((await box(at, 'textarea')).x)

    // Everything that is said to a visitor is in his language, up to what the assistant itself answered.
    const labels = await at.dialog
      .locator('[aria-label]')
      .evaluateAll((nodes) => nodes.map((node) => node.getAttribute('aria-label') ?? ''))
    expect(labels.length).toBeGreaterThan(3)
    expect(labels.filter((label) => !/[\u0600-\u06ff]/.test(label))).toEqual([])
    expect(await at.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true)

    await at.dialog.getByRole('button', { name: 'إغلاق المحادثة' }).tap()
    await at.dialog.waitFor({ state: 'hidden' })
    expect(at.errors).toEqual([])
    await context.close()
  })
})

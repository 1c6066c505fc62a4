/** A visitor of the demo shop who reads Arabic on a phone. */
import { devices } from 'playwright-core'
import { beforeEach, describe, expect, inject, it } from 'vitest'
import { browser } from '../support/browser.ts'
import { enter, say, type Visit } from '../support/page.ts'
import { resetSandbox } from '../support/sandbox.ts'

const { edge, shop } = inject('stack')

beforeEach(resetSandbox)

const box = async (at: Visit, selector: string) =>
  (await at.page.locator(`caty-widget ${selector}`).first().boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 }

describe('Arabic on a phone', () => {
  it('the chat is mirrored, fills the screen and carries a whole conversation', async () => {
    const context = await browser.newContext({ ...devices['Pixel 7'], locale: 'ar-EG' })
    const at = await enter(context, `${shop}/?data-language=ar`, edge)
    await at.launcher.tap()
    await at.composer.waitFor()

    await expect.poll(() => at.dialog.getAttribute('dir')).toBe('rtl')
    await expect.poll(() => at.dialog.getAttribute('lang')).toBe('ar')
    await expect.poll(() => at.composer.getAttribute('placeholder')).toMatch(/[\u0600-\u06ff]/)
    const screen = await at.page.evaluate(() => [innerWidth, innerHeight])
    // The panel opens with an animation and fills the screen once the chunk for phones has loaded.
    const panel = () => box(at, '[role="dialog"]')
    await expect
      .poll(async () => {
        const { width, height } = await panel()
        return [Math.round(width), Math.round(height)]
      })
      .toEqual(screen)
    // A smaller font would make a phone zoom into the field.
    expect(
      await at.composer.evaluate((field) => Number.parseFloat(getComputedStyle(field).fontSize)),
    ).toBeGreaterThanOrEqual(16)

    await say(at, 'When are you open?', /Monday/)
    // The visitor's own messages are at the end of the line: the left side here.
    await expect.poll(async () => (await box(at, '[part~="user"]')).x).toBeLessThan(30)
    const right = async (selector: string) => {
      const { x, width } = await box(at, selector)
      return x + width
    }
    await expect.poll(() => right('[part~="assistant"]')).toBeGreaterThan((await panel()).width - 30)
    await expect
      .poll(async () => (await box(at, 'button[type="submit"]')).x - (await box(at, 'textarea')).x)
      .toBeLessThan(0)

    // The visitor reads everything in Arabic, except what the assistant itself wrote.
    const labels = () =>
      at.dialog
        .locator('[aria-label]')
        .evaluateAll((nodes) => nodes.map((node) => node.getAttribute('aria-label') ?? ''))
    await expect.poll(async () => (await labels()).length).toBeGreaterThan(3)
    expect((await labels()).filter((label) => !/[\u0600-\u06ff]/.test(label))).toEqual([])
    expect(await at.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true)

    await at.dialog.getByRole('button', { name: 'إغلاق المحادثة' }).tap()
    await at.dialog.waitFor({ state: 'hidden' })
    expect(at.errors).toEqual([])
  })
})

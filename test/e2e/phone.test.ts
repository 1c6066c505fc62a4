/**
 * The chat on a phone: a swipe or the back button closes it, it stays above the keyboard, and the page behind does
 * not scroll.
 */
import { devices } from 'playwright-core'
import { beforeEach, describe, expect, inject, it } from 'vitest'
import { browser } from '../support/browser.ts'
import { enter, say, type Visit, visit } from '../support/page.ts'
import { planFaults, resetSandbox } from '../support/sandbox.ts'

const { edge, shop } = inject('stack')

beforeEach(resetSandbox)

const PHONE = devices['Pixel 7']

/** The open chat over the demo shop, scrolled down a little, once the phone chunk has loaded. */
async function open(): Promise<Visit> {
  const at = await visit(browser, shop, edge, PHONE)
  await at.launcher.waitFor()
  await at.page.evaluate(() => scrollTo(0, 300))
  await at.launcher.tap()
  await at.composer.waitFor()
  await expect.poll(() => at.dialog.getAttribute('aria-modal')).toBe('true')
  await at.dialog.evaluate((dialog) =>
    Promise.allSettled(dialog.getAnimations().map((animation) => animation.finished)),
  )
  return at
}
const scrolled = (at: Visit) => at.page.evaluate(() => Math.round(scrollY))
const isOpen = (at: Visit) => at.page.evaluate('CatyWidget.getState().open')
/** The history entry that the back button removes is the newest. */
const isMarked = (at: Visit) => at.page.evaluate(() => Boolean(Object(history.state).catyOpen))
const box = async (at: Visit) => {
  const { y = 0, height = 0 } = (await at.dialog.boundingBox()) ?? {}
  return { y: Math.round(y), height: Math.round(height) }
}

/** Sends a touch event as a screen does. */
async function finger(at: Visit) {
  const session = await at.context.newCDPSession(at.page)
  const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd' | 'touchCancel', x = 0, y = 0) =>
    session.send('Input.dispatchTouchEvent', {
      type,
      touchPoints: type === 'touchEnd' || type === 'touchCancel' ? [] : [{ x, y }],
    })
  return {
    touch,
    /** Touches a point and moves down step by step without lifting the finger. */
    async drag(x: number, from: number, by: number) {
      await touch('touchStart', x, from)
      for (let step = 1; step <= 5; step++) await touch('touchMove', x, from + (by * step) / 5)
    },
    /** A complete swipe: the browser turns it into a scroll where something can scroll. */
    async stroke(x: number, from: number, by: number) {
      await this.drag(x, from, by)
      await touch('touchEnd')
    },
    session,
  }
}

describe('a swipe', () => {
  it('down over the header moves the chat along and closes it', async () => {
    const at = await open()
    const hand = await finger(at)
    await hand.drag(150, 30, 140)
    await expect.poll(async () => (await box(at)).y).toBe(140)
    await hand.touch('touchEnd')
    await at.dialog.waitFor({ state: 'hidden' })
    expect(await isOpen(at)).toBe(false)
    // The next time it opens in its usual place.
    await at.launcher.tap()
    await at.composer.waitFor()
    const height = await at.page.evaluate(() => innerHeight)
    await expect.poll(() => box(at)).toEqual({ y: 0, height })
  })

  it('that is short, goes up or is cancelled by the system springs back', async () => {
    const at = await open()
    const hand = await finger(at)
    for (const way of [60, -25]) {
      await hand.drag(150, 40, way)
      await expect.poll(async () => (await box(at)).y).toBe(Math.max(way, 0))
      await hand.touch('touchEnd')
      await expect.poll(async () => (await box(at)).y).toBe(0)
    }
    await hand.drag(150, 30, 200)
    await expect.poll(async () => (await box(at)).y).toBe(200)
    await hand.touch('touchCancel')
    await expect.poll(async () => (await box(at)).y).toBe(0)
    expect(await isOpen(at)).toBe(true)
  })

  it('over the conversation scrolls the conversation', async () => {
    const at = await open()
    await planFaults({
      path: '/api/widget/chat/message',
      body: { success: true, content: Array.from({ length: 60 }, (_, line) => `Line ${line}.`).join('\n\n') },
    })
    await say(at, 'Tell me everything', /Line 59/)
    const above = () => at.log.evaluate((log) => log.scrollTop)
    await expect.poll(above).toBeGreaterThan(1000)
    const before = await above()
    const hand = await finger(at)
    await hand.stroke(200, 200, 400)
    await expect.poll(above).toBeLessThan(before - 200)
    expect(await isOpen(at)).toBe(true)
    expect(await scrolled(at)).toBe(300)
  })
})

describe('behind the chat', () => {
  it('the shop does not scroll under the finger, and scrolls again once the chat is closed', async () => {
    const at = await open()
    const hand = await finger(at)
    const middle = 200
    const { y, height } = await box(at)
    await at.composer.fill('one line more\n'.repeat(20))
    // Over the header, over a conversation too short to scroll, and over a text at its end.
    for (const [place, by] of [
      [y + 40, -30],
      [y + height / 2, 250],
      [y + height / 2, -250],
      [y + height - 60, -250],
    ] as const) {
      await hand.stroke(middle, place, by)
      expect([place, await scrolled(at)]).toEqual([place, 300])
    }
    await at.dialog.getByRole('button', { name: 'Close chat' }).tap()
    await at.dialog.waitFor({ state: 'hidden' })
    // Closing goes back in history, which restores the scroll position from before the chat.
    await expect.poll(() => isMarked(at)).toBe(false)
    await hand.stroke(middle, 600, -300)
    await expect.poll(() => scrolled(at)).toBeGreaterThan(400)
    // The widget leaves no style or class on the page's own elements.
    await expect
      .poll(() => at.page.evaluate(() => [document.documentElement.style.cssText, document.body.style.cssText]))
      .toEqual(['', ''])
  })
})

describe('the on-screen keyboard', () => {
  /** Does what a phone's browser does when its keyboard opens: shrinks the visual viewport and may move it. */
  const keyboard = (at: Visit, height: number, top: number) =>
    at.page.evaluate(
      ([height, top]) => {
        Object.defineProperty(visualViewport, 'height', { value: height, configurable: true })
        Object.defineProperty(visualViewport, 'offsetTop', { value: top, configurable: true })
        visualViewport?.dispatchEvent(new Event('resize'))
      },
      [height, top],
    )

  it('leaves the composer in view, and the chat fills the screen again once it closes', async () => {
    const at = await open()
    const whole = { y: 0, height: await at.page.evaluate(() => innerHeight) }
    await expect.poll(() => box(at)).toEqual(whole)
    await keyboard(at, 400, 0)
    await expect.poll(() => box(at)).toEqual({ y: 0, height: 400 })
    const field = await at.composer.boundingBox()
    expect((field?.y ?? 999) + (field?.height ?? 0)).toBeLessThan(400)
    await keyboard(at, 400, 120)
    await expect.poll(() => box(at)).toEqual({ y: 120, height: 400 })
    await keyboard(at, whole.height, 0)
    await expect.poll(() => box(at)).toEqual(whole)
  })

  it('is not mistaken for a pinch zoom', async () => {
    const at = await open()
    const { session } = await finger(at)
    const whole = await at.dialog.evaluate((dialog) => dialog.clientHeight)
    await session.send('Emulation.setPageScaleFactor', { pageScaleFactor: 2 })
    await expect.poll(() => at.page.evaluate(() => visualViewport?.scale)).toBe(2)
    await at.page.evaluate(() => visualViewport?.dispatchEvent(new Event('resize')))
    expect(await at.dialog.evaluate((dialog) => dialog.clientHeight)).toBe(whole)
  })

  it('that closes with the chat does not affect the next opening or a chat that does not fill the screen', async () => {
    const at = await open()
    await keyboard(at, 400, 50)
    await at.dialog.getByRole('button', { name: 'Close chat' }).tap()
    await at.dialog.waitFor({ state: 'hidden' })
    await expect.poll(() => at.dialog.evaluate((dialog) => dialog.style.height + dialog.style.marginTop)).toBe('')
  })
})

describe('the back button', () => {
  it('closes the chat and stays on the page; pressed again, it leaves the page', async () => {
    const at = await open()
    await at.page.goBack()
    await at.dialog.waitFor({ state: 'hidden' })
    expect(at.page.url()).toBe(`${shop}/`)
    await at.launcher.tap()
    await at.composer.waitFor()
    await expect.poll(() => isMarked(at)).toBe(true)
    await at.dialog.getByRole('button', { name: 'Close chat' }).tap()
    await at.dialog.waitFor({ state: 'hidden' })
    await expect.poll(() => isMarked(at)).toBe(false)
    const next = await enter(at.context, `${shop}/contact`, edge)
    expect(next.page.url()).toBe(`${shop}/contact`)
  })

  it('pressed while the chat closes does not close the chat that opens right after it', async () => {
    const at = await open()
    // The browser delivers a step back in history later: here, once the chat is open again.
    await at.page.evaluate(() => {
      const back = history.back.bind(history)
      history.back = () => Object.assign(window, { back })
      addEventListener('popstate', () => Object.assign(window, { arrived: true }))
    })
    await at.page.evaluate('CatyWidget.close()')
    await at.page.waitForFunction(() => Reflect.get(window, 'back'))
    await at.page.evaluate('CatyWidget.open()')
    await expect.poll(() => at.dialog.getAttribute('aria-modal')).toBe('true')
    await at.page.evaluate('back()')
    await at.page.waitForFunction(() => Reflect.get(window, 'arrived'))
    await expect.poll(() => isMarked(at)).toBe(true)
    expect(await isOpen(at)).toBe(true)
    await at.page.goBack()
    await at.dialog.waitFor({ state: 'hidden' })
    expect(at.page.url()).toBe(`${shop}/`)
  })
})

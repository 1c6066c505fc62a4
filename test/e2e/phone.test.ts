/** On a phone: closes by a swipe and by the back button, stays above the keyboard, and the shop behind it stands still. */
import { devices } from 'playwright-core'
import { beforeEach, describe, expect, inject, it } from 'vitest'
import { browser } from '../support/browser.ts'
import { enter, say, type Visit, visit } from '../support/page.ts'
import { planFaults, resetSandbox } from '../support/sandbox.ts'

const { edge, shop } = inject('stack')

beforeEach(resetSandbox)

const PHONE = devices['Pixel 7']

/** The open chat over the demo shop, scrolled down a little, as the phone chunk has left it. */
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
/** The entry of history that the back button takes away stands at the end. */
const isMarked = (at: Visit) => at.page.evaluate(() => Boolean(Object(history.state).catyOpen))
const box = async (at: Visit) => {
  const { y = 0, height = 0 } = (await at.dialog.boundingBox()) ?? {}
  return { y: Math.round(y), height: Math.round(height) }
}

/** A finger, as the browser gets it from the screen. */
async function finger(at: Visit) {
  const session = await at.context.newCDPSession(at.page)
  const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd' | 'touchCancel', x = 0, y = 0) =>
    session.send('Input.dispatchTouchEvent', {
      type,
      touchPoints: type === 'touchEnd' || type === 'touchCancel' ? [] : [{ x, y }],
    })
  return {
    touch,
    /** Down over the screen from one point, step by step, without letting go. */
    async drag(x: number, from: number, by: number) {
      await touch('touchStart', x, from)
      for (let step = 1; step <= 5; step++) await touch('touchMove', x, from + (by * step) / 5)
    },
    /** The whole way: the browser makes a scroll of it where something can be scrolled. */
    async stroke(x: number, from: number, by: number) {
      await this.drag(x, from, by)
      await touch('touchEnd')
    },
    session,
  }
}

describe('a swipe', () => {
  it('down over the header takes the chat along, and closes it', async () => {
    const at = await open()
    const hand = await finger(at)
    await hand.drag(150, 30, 140)
    await expect.poll(async () => (await box(at)).y).toBe(140)
    await hand.touch('touchEnd')
    await at.dialog.waitFor({ state: 'hidden' })
    expect(await isOpen(at)).toBe(false)
    // The next time it stands where it belongs.
    await at.launcher.tap()
    await at.composer.waitFor()
    const height = await at.page.evaluate(() => innerHeight)
    await expect.poll(() => box(at)).toEqual({ y: 0, height })
  })

  it('that is short, goes up or is taken away by the system springs back', async () => {
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
  it('the shop does not move, wherever the finger goes, and moves again when it is closed', async () => {
    const at = await open()
    const hand = await finger(at)
    const middle = 200
    const { y, height } = await box(at)
    await at.composer.fill('one line more\n'.repeat(20))
    // Over the header, over a conversation that has nothing to scroll, and over a text that is at its end.
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
    // The step back in history gives the page the place it had when the chat was opened.
    await expect.poll(() => isMarked(at)).toBe(false)
    await hand.stroke(middle, 600, -300)
    await expect.poll(() => scrolled(at)).toBeGreaterThan(400)
    // Nothing of ours stays on the page's own elements.
    await expect
      .poll(() => at.page.evaluate(() => [document.documentElement.style.cssText, document.body.style.cssText]))
      .toEqual(['', ''])
  })
})

describe('the keyboard', () => {
  /** What a phone's browser does when its keyboard comes: the visual viewport gets smaller, and may be moved. */
  const keyboard = (at: Visit, height: number, top: number) =>
    at.page.evaluate(
      ([height, top]) => {
        Object.defineProperty(visualViewport, 'height', { value: height, configurable: true })
        Object.defineProperty(visualViewport, 'offsetTop', { value: top, configurable: true })
        visualViewport?.dispatchEvent(new Event('resize'))
      },
      [height, top],
    )

  it('leaves the composer in sight, and gives the screen back', async () => {
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

  it('is not mistaken for two fingers that enlarge the page', async () => {
    const at = await open()
    const { session } = await finger(at)
    const whole = await at.dialog.evaluate((dialog) => dialog.clientHeight)
    await session.send('Emulation.setPageScaleFactor', { pageScaleFactor: 2 })
    await expect.poll(() => at.page.evaluate(() => visualViewport?.scale)).toBe(2)
    await at.page.evaluate(() => visualViewport?.dispatchEvent(new Event('resize')))
    expect(await at.dialog.evaluate((dialog) => dialog.clientHeight)).toBe(whole)
  })

  it('closed with the chat leaves nothing for the next time, and nothing where the chat does not fill the screen', async () => {
    const at = await open()
    await keyboard(at, 400, 50)
    await at.dialog.getByRole('button', { name: 'Close chat' }).tap()
    await at.dialog.waitFor({ state: 'hidden' })
    await expect.poll(() => at.dialog.evaluate((dialog) => dialog.style.height + dialog.style.marginTop)).toBe('')
  })
})

describe('the back button', () => {
  it('closes the chat and stays on the page, and the next one leaves it', async () => {
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

  it('of the chat that was closed does not close the one that was opened right after it', async () => {
    const at = await open()
    // A step back in history arrives when the browser has time for it: here, when the chat is open again.
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

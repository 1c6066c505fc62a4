/** What the visitor does in the chat is the chat's alone: pages with shortcuts, scroll effects, guards and drop zones of their own. */
import { devices } from 'playwright-core'
import { beforeEach, describe, expect, inject, it } from 'vitest'
import { browser } from '../support/browser.ts'
import { hostUrl } from '../support/host-page.ts'
import { enter, openChat, say, type Visit } from '../support/page.ts'
import { planFaults, resetSandbox } from '../support/sandbox.ts'

const { edge, host } = inject('stack')

beforeEach(resetSandbox)

const LONG = Array.from({ length: 60 }, (_, line) => `Line ${line}.`).join('\n\n')

/** The open chat on a page that runs this script first. */
async function chatOn(script: string, options = {}): Promise<Visit> {
  const html = `<!doctype html><html lang="en"><meta name="viewport" content="width=device-width"><title>Host</title><body><script>window.heard = []; ${script}</script><h1>Host</h1><input id="q"><div style="height:3000px">Goods</div><script async src="${edge}/widget.js"></script></body></html>`
  const context = await browser.newContext(options)
  return openChat(await enter(context, hostUrl(host, html), edge))
}
async function longReply(at: Visit): Promise<void> {
  await planFaults({ path: '/api/widget/chat/message', body: { success: true, content: LONG } })
  await say(at, 'Tell me everything', /Line 59/)
  await expect.poll(() => above(at)).toBeGreaterThan(1000)
}
const above = (at: Visit) => at.log.evaluate((log) => log.scrollTop)
const heard = (at: Visit) => at.page.evaluate(() => Reflect.get(window, 'heard'))

/** Listens to everything that bubbles, as libraries with one listener for the whole page do. */
const LISTEN_TO_ALL = `
  const types = ['focusin', 'focusout', 'compositionstart', 'compositionupdate', 'compositionend']
  for (const name in HTMLElement.prototype) if (name.startsWith('on')) types.push(name.slice(2))
  for (const place of [window, document, document.documentElement]) for (const type of types)
    place.addEventListener(type, (event) => { if (/CATY/.test(event.target.tagName)) heard.push(type) })`
/** Focus events also in the capture phase, as focus traps do. */
const LISTEN_TO_FOCUS = `
  for (const type of ['focus', 'blur', 'focusin', 'focusout'])
    document.addEventListener(type, (event) => { if (/CATY/.test(event.target.tagName)) heard.push('captured ' + type) }, true)`

it('the page hears nothing', async () => {
  const at = await chatOn(LISTEN_TO_ALL + LISTEN_TO_FOCUS, { permissions: ['clipboard-read', 'clipboard-write'] })
  await at.composer.click()
  await at.page.keyboard.type('a/ ?')
  await at.page.keyboard.press('Control+A')
  await at.page.keyboard.press('Control+C')
  await at.page.keyboard.press('Control+V')
  await at.page.keyboard.press('Shift+Tab')
  await at.composer.click({ button: 'right' })
  await at.composer.dblclick()
  const session = await at.context.newCDPSession(at.page)
  await session.send('Input.imeSetComposition', { text: '東', selectionStart: 1, selectionEnd: 1 })
  await session.send('Input.insertText', { text: '東京' })
  await say(at, 'When are you open?', /Monday/i)
  await at.log.hover()
  await at.page.mouse.wheel(0, 100)
  await at.composer.evaluate((field) => {
    const init = { bubbles: true, composed: true, cancelable: true, dataTransfer: new DataTransfer() }
    for (const type of ['dragenter', 'dragover', 'dragleave', 'drop', 'dragend'])
      field.dispatchEvent(new DragEvent(type, init))
  })
  // The page's own field and back.
  await at.page.locator('#q').click()
  await at.composer.click()
  await at.page.locator('#q').click()
  await at.composer.press('Escape')
  await at.dialog.waitFor({ state: 'hidden' })
  await at.launcher.press('Space')
  await at.composer.waitFor()
  expect(await heard(at)).toEqual([])
  expect(at.errors).toEqual([])
})

describe('the keyboard', () => {
  it.each([
    [
      'shortcuts that spare fields',
      `addEventListener('keydown', (event) => { if (!/INPUT|TEXTAREA/.test(event.target.tagName) && /[s/?]/.test(event.key)) { event.preventDefault(); document.querySelector('#q').focus() } })`,
    ],
    [
      'a game that holds the space bar and the arrows',
      `document.addEventListener('keydown', (event) => { if (/ |Arrow|Enter|Tab/.test(event.key) && event.target.tagName !== 'INPUT') event.preventDefault() })`,
    ],
    [
      'shortcuts by keypress and keyup',
      `for (const type of ['keypress', 'keyup']) document.addEventListener(type, (event) => { if (event.target.tagName !== 'INPUT') { event.preventDefault(); document.querySelector('#q').focus() } })`,
    ],
    [
      'a guard on beforeinput',
      `addEventListener('beforeinput', (event) => { if (event.target.tagName !== 'INPUT') event.preventDefault() })`,
    ],
  ])('types under %s', async (_, script) => {
    const at = await chatOn(script)
    await at.composer.click()
    await at.page.keyboard.type('shipping? a blue mug/s')
    expect(await at.composer.inputValue()).toBe('shipping? a blue mug/s')
    expect(await at.page.locator('#q').inputValue()).toBe('')
  })
})

describe('the focus stays under', () => {
  const trap = (test: string, type = 'focusin', capture = 'false') =>
    `addEventListener('DOMContentLoaded', () => document.addEventListener('${type}', (event) => { ${test} }, ${capture}))`
  const back = `document.querySelector('#q').focus()`
  it.each([
    ['a focusin trap', trap(`if (event.target.id !== 'q') ${back}`)],
    ['a trap in the capture phase', trap(`if (event.target.id !== 'q') ${back}`, 'focusin', 'true')],
    ['an old one by focus', trap(`if (event.target.id !== 'q') ${back}`, 'focus', 'true')],
    ['one that looks where the focus goes', trap(`if (event.relatedTarget !== null) ${back}`, 'focusout')],
  ])('%s', async (_, script) => {
    const at = await chatOn(script)
    await at.page.locator('#q').click()
    await at.composer.click()
    await at.page.keyboard.type('hello')
    expect(await at.composer.inputValue()).toBe('hello')
    expect(await at.page.locator('#q').inputValue()).toBe('')
  })
})

describe('the conversation scrolls by the wheel', () => {
  it.each([
    [
      'a page that scrolls by script',
      `addEventListener('wheel', (event) => { event.preventDefault(); scrollBy(0, event.deltaY) }, { passive: false })`,
    ],
    [
      'a page that cancels it first',
      `addEventListener('wheel', (event) => event.preventDefault(), { passive: false, capture: true })`,
    ],
    [
      'a page that cancels mousewheel',
      `document.onmousewheel = () => false; document.addEventListener('mousewheel', (event) => event.preventDefault(), { passive: false })`,
    ],
  ])('on %s', async (_, script) => {
    const at = await chatOn(script)
    await longReply(at)
    await at.log.hover()
    const before = await above(at)
    await expect
      .poll(async () => {
        await at.page.mouse.wheel(0, -200)
        return above(at)
      })
      .toBeLessThan(before - 300)
    expect(await at.page.evaluate(() => scrollY)).toBe(0)
  })
})

describe('the conversation scrolls by a finger', () => {
  it.each([
    ['a scroll lock', `document.addEventListener('touchmove', (event) => event.preventDefault(), { passive: false })`],
    [
      'a scroll lock on all touches',
      `for (const type of ['touchstart', 'touchmove', 'pointerdown']) document.addEventListener(type, (event) => event.preventDefault(), { passive: false })`,
    ],
    [
      'one in the capture phase',
      `addEventListener('touchmove', (event) => event.preventDefault(), { passive: false, capture: true })`,
    ],
  ])('under %s', async (_, script) => {
    const at = await chatOn(script, devices['Pixel 7'])
    await longReply(at)
    const session = await at.context.newCDPSession(at.page)
    const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', y = 0) =>
      session.send('Input.dispatchTouchEvent', { type, touchPoints: type === 'touchEnd' ? [] : [{ x: 195, y }] })
    const before = await above(at)
    await expect
      .poll(async () => {
        await touch('touchStart', 300)
        for (let y = 330; y <= 600; y += 30) await touch('touchMove', y)
        await touch('touchEnd')
        return above(at)
      })
      .toBeLessThan(before - 200)
  })
})

describe('the clipboard', () => {
  it.each(['document', 'window'])('works where %s forbids it outside its own fields', async (place) => {
    const at = await chatOn(
      `for (const type of ['paste', 'copy', 'cut', 'selectstart', 'contextmenu', 'keydown', 'mousedown']) ${place}.addEventListener(type, (event) => { if (!/INPUT|TEXTAREA/.test(event.target.tagName)) event.preventDefault() })`,
      { permissions: ['clipboard-read', 'clipboard-write'] },
    )
    await at.page.evaluate(() => navigator.clipboard.writeText('order TT-1042'))
    await at.composer.click()
    await at.page.keyboard.press('Control+V')
    expect(await at.composer.inputValue()).toBe('order TT-1042')
    await at.page.keyboard.press('Control+A')
    await at.page.keyboard.press('Control+X')
    expect(await at.composer.inputValue()).toBe('')
    await say(at, 'When are you open?', /Monday/i)
    await at.log
      .getByText(/Monday/)
      .first()
      .click({ clickCount: 3 })
    await at.page.keyboard.press('Control+C')
    expect(await at.page.evaluate(() => navigator.clipboard.readText())).toMatch(/Monday/)
  })
})

it('a file that is dropped on the chat is not handed to the drop zone of the page', async () => {
  const at = await chatOn(
    `addEventListener('dragover', (event) => event.preventDefault()); addEventListener('drop', (event) => { event.preventDefault(); heard.push(event.target.tagName) })`,
  )
  await at.log.evaluate((log) => {
    const dataTransfer = new DataTransfer()
    dataTransfer.items.add(new File(['a'], 'a.png', { type: 'image/png' }))
    for (const type of ['dragover', 'drop'])
      log.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, composed: true, cancelable: true }))
  })
  expect(await heard(at)).toEqual([])
  // Nor does the browser open it in place of the page, where the chat takes no files.
  const isRefused = await at.log.evaluate((log) => {
    const dataTransfer = new DataTransfer()
    dataTransfer.items.add(new File(['a'], 'a.png', { type: 'image/png' }))
    return !log.dispatchEvent(new DragEvent('dragover', { dataTransfer, bubbles: true, cancelable: true }))
  })
  expect(isRefused).toBe(true)
})

/** The focus moves for the visitor who asked, and nothing opens by itself on a phone. */
import { devices } from 'playwright-core'
import { beforeEach, describe, expect, inject, it } from 'vitest'
import { browser } from '../support/browser.ts'
import { hostUrl } from '../support/host-page.ts'
import { ask, enter, holds, openChat, ready, say, type Visit } from '../support/page.ts'
import { planFaults, resetSandbox } from '../support/sandbox.ts'

const { edge, host } = inject('stack')

beforeEach(resetSandbox)

const page = (body: string, more = '') =>
  hostUrl(
    host,
    `<!doctype html><html lang="en"><meta name="viewport" content="width=device-width"><title>Host</title><body>${body}<script async src="${edge}/widget.js" ${more}></script></body></html>`,
  )
const visitPage = async (body: string, more = '', options = {}): Promise<Visit> =>
  enter(await browser.newContext(options), page(body, more), edge)
const isOpen = (at: Visit) => ask(at, 'getState().open')
const focusedId = (at: Visit) => at.page.evaluate(() => document.activeElement?.id || document.activeElement?.localName)
const script = (code: string) => `<script>${code}</script>`
const opened = "new Promise((resolve) => CatyWidget.on('open', resolve))"

/** Types into the page's own field, with the chat opening in the middle. */
async function typesOn(at: Visit, open: () => Promise<unknown>): Promise<string> {
  await at.page.keyboard.type('ada@')
  await open()
  await at.composer.waitFor()
  await at.page.keyboard.type('example.com')
  return at.composer.inputValue()
}

describe('a visitor who types in the page goes on typing there', () => {
  const FIELD = '<input id="q">'
  const SHADOW = `<x-field id="q"></x-field>${script(
    "customElements.define('x-field', class extends HTMLElement { constructor() { super(); const input = document.createElement('input'); this.attachShadow({ mode: 'open', delegatesFocus: true }).append(input) } get value() { return this.shadowRoot.firstChild.value } })",
  )}`
  const FRAME = `<iframe id="q" srcdoc="<input>"></iframe>`
  const EDITOR = '<div id="q" contenteditable></div>'

  it.each([
    ['a field', FIELD, '#q'],
    ['a field in a shadow root', SHADOW, '#q input'],
    ['a field in a frame', FRAME, ''],
    ['an editor', EDITOR, '#q'],
  ])('in %s, when the page opens the chat', async (name, body, field) => {
    const at = await visitPage(body)
    await ready(at)
    await (name.includes('frame') ? at.page.frameLocator('iframe').locator('input') : at.page.locator(field)).click()
    expect(await typesOn(at, () => ask(at, 'open()'))).toBe('')
    expect(await focusedId(at)).toBe('q')
  })

  it('when autoOpen opens the chat', async () => {
    const at = await visitPage(FIELD)
    await ready(at)
    await at.page.locator('#q').click()
    expect(await typesOn(at, () => at.page.evaluate(`CatyWidget.configure({ autoOpen: true }); ${opened}`))).toBe('')
    expect(await at.page.locator('#q').inputValue()).toBe('ada@example.com')
  })

  it('when the chat was left open on the page before', async () => {
    const at = await openChat(await visitPage(FIELD))
    await at.page.goto(page('<input id="q" autofocus>'))
    await at.composer.waitFor()
    await at.page.keyboard.type('ada')
    expect(await at.page.locator('#q').inputValue()).toBe('ada')
    await at.page.goto(page('<button id="q" autofocus>Next</button>'))
    await at.composer.waitFor()
    expect(await focusedId(at)).toBe('q')
  })

  it('when they went on to a field while the chat was loading', async () => {
    const at = await visitPage(FIELD, 'data-load="intent"')
    let release = () => {}
    const released = new Promise<void>((resolve) => {
      release = resolve
    })
    await at.page.route('**/chunks/**', async (route) => {
      await released
      await route.continue()
    })
    await at.launcher.click()
    await at.page.locator('#q').click()
    expect(await typesOn(at, async () => release())).toBe('')
    expect(await at.page.locator('#q').inputValue()).toBe('ada@example.com')
  })

  it('when the page closes the chat', async () => {
    const at = await openChat(await visitPage(FIELD))
    await at.page.locator('#q').click()
    await at.page.keyboard.type('ada')
    await ask(at, 'close()')
    await at.dialog.waitFor({ state: 'hidden' })
    await at.page.keyboard.type('@example.com')
    expect(await at.page.locator('#q').inputValue()).toBe('ada@example.com')
  })
})

describe('the focus goes back to what opened the chat', () => {
  it.each([
    ['a button of the page', '<button id="ask" onclick="CatyWidget.open()">Ask us</button>', 'data-launcher="none"'],
    ['a link, beside the launcher', '<a id="ask" href="#" onclick="CatyWidget.toggle(); return false">Ask us</a>', ''],
    [
      'a button in a shadow root',
      `<x-ask id="ask"></x-ask>${script(
        "const root = document.querySelector('x-ask').attachShadow({ mode: 'open' }); const button = document.createElement('button'); button.id = 'inner'; button.textContent = 'Ask'; button.onclick = () => CatyWidget.open(); root.append(button)",
      )}`,
      'data-launcher="none"',
    ],
  ])('%s', async (_, body, more) => {
    const at = await visitPage(body, more)
    await ready(at)
    const own = at.page.locator('#ask button, button#ask, a#ask')
    await own.press('Enter')
    await at.composer.waitFor()
    await at.page.keyboard.type('Hello')
    expect(await at.composer.inputValue()).toBe('Hello')
    await at.page.keyboard.press('Escape')
    await at.dialog.waitFor({ state: 'hidden' })
    expect(await focusedId(at)).toBe('ask')
    await own.press('Enter')
    await at.composer.waitFor()
  })

  it('the launcher, also by the close button, and where the other button is gone', async () => {
    const at = await visitPage('<button id="ask" onclick="CatyWidget.open()">Ask us</button>')
    await at.launcher.press('Enter')
    await at.composer.waitFor()
    await at.dialog.getByRole('button', { name: 'Close chat' }).click()
    await at.dialog.waitFor({ state: 'hidden' })
    const hasFocus = () => at.launcher.evaluate((button) => button.matches(':focus'))
    expect(await hasFocus()).toBe(true)
    await at.page.locator('#ask').press('Enter')
    await at.composer.waitFor()
    await at.page.evaluate("document.querySelector('#ask').remove()")
    await at.composer.press('Escape')
    await at.dialog.waitFor({ state: 'hidden' })
    expect(await hasFocus()).toBe(true)
  })
})

describe('a double click', () => {
  it('on the launcher opens', async () => {
    const at = await visitPage('')
    await at.launcher.dblclick()
    await at.composer.waitFor()
    expect(await isOpen(at)).toBe(true)
    await at.launcher.click({ clickCount: 3 })
    await at.dialog.waitFor({ state: 'hidden' })
  })

  it('on a button of the page opens', async () => {
    const at = await visitPage('<button id="ask" onclick="CatyWidget.toggle()">Ask us</button>')
    await ready(at)
    await at.page.locator('#ask').dblclick()
    await at.composer.waitFor()
    expect(await isOpen(at)).toBe(true)
  })

  it('of somebody who waits and clicks again does not close what is still loading', async () => {
    const at = await visitPage('', 'data-load="intent"')
    let release = () => {}
    const released = new Promise<void>((resolve) => {
      release = resolve
    })
    await at.page.route('**/chunks/**', async (route) => {
      await released
      await route.continue()
    })
    await at.launcher.click()
    await at.launcher.click()
    release()
    await at.composer.waitFor()
    expect(await isOpen(at)).toBe(true)
  })
})

describe.each([
  ['upright', devices['Pixel 7']],
  ['lying', devices['Pixel 7 landscape']],
])('on a phone, %s', (_, phone) => {
  it('autoOpen leaves the screen to the page', async () => {
    const at = await visitPage('', '', phone)
    await ready(at)
    await at.page.evaluate("CatyWidget.configure({ autoOpen: true, autoOpenDelay: 1 }); CatyWidget.showBubble('Hello')")
    // The delay of 1 ms is over when the bubble has loaded.
    await at.page.locator('[part="bubble-popup"]').waitFor()
    expect(await isOpen(at)).toBe(false)
    await at.launcher.tap()
    await at.composer.waitFor()
  })

  it('a link of the reply shows its page, and so does a reload', async () => {
    const at = await visitPage('', '', phone)
    await at.launcher.tap()
    const target = page('<h1 id="h">Contact</h1>')
    await planFaults({
      path: '/api/widget/chat/message',
      body: { success: true, content: `See our [contact page](${target.replaceAll(')', '%29')}).` },
    })
    await say(at, 'Where are you?', /contact page/)
    await at.log.getByRole('link', { name: 'contact page' }).tap()
    const topmost = () =>
      at.page.evaluate(() => {
        const { x = 0, y = 0 } = document.querySelector('#h')?.getBoundingClientRect() ?? {}
        return document.elementFromPoint(x + 20, y + 10)?.id
      })
    for (const reload of [false, true]) {
      if (reload) await at.page.reload()
      await at.page.locator('#h').waitFor()
      await ready(at)
      await holds(at.page, "document.querySelector('caty-widget')")
      expect(await isOpen(at)).toBe(false)
      expect(await topmost()).toBe('h')
    }
    // The conversation is there for who asks for it.
    await at.launcher.tap()
    await at.log.getByText('Where are you?').waitFor()
  })
})

describe('the greeting waits for somebody who types', () => {
  it.each([
    [
      'in a shadow root',
      `<x-field></x-field>${script(
        "const root = document.querySelector('x-field').attachShadow({ mode: 'open' }); root.append(document.createElement('input'))",
      )}`,
    ],
    [
      'in a closed shadow root',
      `<x-field></x-field>${script(
        "const root = document.querySelector('x-field').attachShadow({ mode: 'closed' }); root.append(document.createElement('input')); root.firstChild.focus()",
      )}`,
    ],
    ['in a frame', `<iframe srcdoc="<input autofocus>"></iframe>`],
  ])('%s', async (name, body) => {
    const context = await browser.newContext()
    await context.route(`${edge}/token`, async (route) => {
      const response = await route.fetch()
      const json = await response.json()
      if (json.config) json.config.behavior = { greeting: { message: 'Hello there', show_on_load: true, delay_ms: 1 } }
      await route.fulfill({ response, json })
    })
    const at = await enter(context, page(`<input id="other" hidden>${body}`, 'data-load="manual"'), edge)
    const field =
      name === 'in a frame' ? at.page.frameLocator('iframe').locator('input') : at.page.locator('x-field input')
    if (name !== 'in a closed shadow root') await field.click()
    await at.page.clock.install()
    await at.page.evaluate('CatyWidget.init()')
    await ready(at)
    await expect.poll(() => at.calls.some((call) => call.endsWith('/page-rules.js'))).toBe(true)
    await at.page.clock.runFor(10_000)
    expect(await at.page.locator('[part="bubble-popup"]').count()).toBe(0)
    await at.page.evaluate(() => {
      const { activeElement } = document
      if (activeElement instanceof HTMLElement) activeElement.blur()
    })
    await expect
      .poll(async () => {
        await at.page.clock.runFor(1000)
        return at.page.locator('[part="bubble-popup"]').count()
      })
      .toBe(1)
  })
})

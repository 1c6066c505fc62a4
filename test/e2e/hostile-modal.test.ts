/** While the page shows a modal dialog the chat is used as always. */
import { beforeEach, expect, inject, it } from 'vitest'
import { browser } from '../support/browser.ts'
import { hostPage } from '../support/host-page.ts'
import { ask, holds, openChat, ready, say, type Visit } from '../support/page.ts'
import { planFaults, resetSandbox } from '../support/sandbox.ts'

const { edge, host } = inject('stack')

beforeEach(resetSandbox)

const DIALOG = '<dialog id="d" style="transform: scale(1); overflow: hidden; width: 200px"><input id="in"></dialog>'
const visitPage = (body: string, more = '') =>
  hostPage(
    browser,
    host,
    edge,
    `<!doctype html><html lang="en"><title>Host</title><body><button id="before">Before</button>${body}<script async src="${edge}/widget.js" ${more}></script></body></html>`,
  )
const show = (at: Visit, selector = '#d') =>
  at.page.evaluate((name) => {
    const dialog = document.querySelector(name)
    if (dialog instanceof HTMLDialogElement) dialog.showModal()
  }, selector)
/** Where the widget's element is. */
const place = (at: Visit) =>
  at.page.evaluate(() => {
    const find = (root: Document | ShadowRoot): Element | undefined => {
      const found = root.querySelector('caty-widget') ?? undefined
      return (
        found ??
        [...root.querySelectorAll('*')].flatMap(({ shadowRoot }) => (shadowRoot ? (find(shadowRoot) ?? []) : []))[0]
      )
    }
    const parent = find(document)?.parentElement
    return parent?.id || parent?.localName
  })
const corner = (at: Visit) =>
  at.launcher.evaluate((button) => {
    const { right, bottom } = button.getBoundingClientRect()
    return [innerWidth - right, innerHeight - bottom].map(Math.round)
  })

it('the launcher opens the chat over the dialog, and Escape closes one after the other', async () => {
  const at = await visitPage(DIALOG)
  await at.launcher.waitFor()
  await show(at)
  await expect.poll(() => place(at)).toBe('d')
  await openChat(at)
  expect(await corner(at)).toEqual([20, 20])
  await at.page.keyboard.type('When are you ')
  await at.composer.pressSequentially('open?')
  await at.composer.press('Enter')
  await at.log
    .getByText(/Monday/)
    .first()
    .waitFor()
  await at.composer.press('Escape')
  await at.dialog.waitFor({ state: 'hidden' })
  expect(await at.page.locator('#d').isVisible()).toBe(true)
  await at.page.locator('#in').press('Escape')
  await at.page.locator('#d').waitFor({ state: 'hidden' })
  await expect.poll(() => place(at)).toBe('html')
  await at.launcher.click()
  await say(at, 'How long does shipping take?', /days/i)
  expect(at.errors).toEqual([])
})

it('open() shows a chat that can be typed in, also where the dialog was there first', async () => {
  const at = await visitPage(`${DIALOG}<script>document.querySelector('#d').showModal()</script>`)
  await ready(at)
  await at.page.locator('#in').evaluate((field) => field.blur())
  await expect.poll(() => place(at)).toBe('d')
  await ask(at, 'open()')
  await at.page.keyboard.type('Hello')
  await expect.poll(() => at.composer.inputValue()).toBe('Hello')
})

it('the open chat keeps its text, its place and the focus', async () => {
  const at = await openChat(await visitPage(DIALOG))
  await planFaults({
    path: '/api/widget/chat/message',
    body: { success: true, content: Array.from({ length: 60 }, (_, line) => `Line ${line}.`).join('\n\n') },
  })
  await say(at, 'Tell me everything', /Line 59/)
  await at.log.evaluate((log) => log.scrollTo(0, 400))
  await at.composer.fill('half a sent')
  await show(at)
  await expect.poll(() => place(at)).toBe('d')
  await at.composer.click()
  await at.page.evaluate("document.querySelector('#d').close()")
  await expect.poll(() => place(at)).toBe('html')
  await at.page.keyboard.type('ence')
  expect(await at.composer.inputValue()).toBe('half a sentence')
  expect(await at.log.evaluate((log) => log.scrollTop)).toBe(400)
})

it.each([
  ['removed', "document.querySelector('#d').remove()"],
  ['emptied', "document.querySelector('#d').replaceChildren(); document.querySelector('#d').close()"],
  ['removed with its parents', 'document.body.replaceChildren()'],
])('a dialog that is %s does not take the chat along', async (_, act) => {
  const at = await openChat(await visitPage(DIALOG))
  await at.composer.fill('half a sentence')
  await show(at)
  await expect.poll(() => place(at)).toBe('d')
  await at.page.evaluate(act)
  await expect.poll(() => place(at)).toBe('html')
  expect(await at.composer.inputValue()).toBe('half a sentence')
  await say(at, 'When are you open?', /Monday/i)
})

it('goes into the topmost of several dialogs, and back', async () => {
  const at = await openChat(await visitPage(`<dialog id="d2"><button>Two</button></dialog>${DIALOG}`))
  await show(at)
  await expect.poll(() => place(at)).toBe('d')
  await show(at, '#d2')
  await expect.poll(() => place(at)).toBe('d2')
  await at.composer.click()
  await at.page.evaluate("document.querySelector('#d2').close()")
  await expect.poll(() => place(at)).toBe('d')
  await at.composer.click()
  await at.page.evaluate("document.querySelector('#d').close()")
  await expect.poll(() => place(at)).toBe('html')
})

it('goes into a dialog in a shadow root, as component libraries draw them', async () => {
  const at = await openChat(
    await visitPage(
      `<x-modal></x-modal><script>
        const root = document.querySelector('x-modal').attachShadow({ mode: 'open' })
        const modal = document.createElement('dialog'); modal.id = 'd'; modal.append(document.createElement('button')); root.append(modal)
      </script>`,
    ),
  )
  await at.page.evaluate('modal.showModal()')
  await expect.poll(() => place(at)).toBe('d')
  await at.composer.click()
  await at.page.keyboard.type('Hello')
  expect(await at.composer.inputValue()).toBe('Hello')
  await at.page.evaluate("document.querySelector('x-modal').remove()")
  await expect.poll(() => place(at)).toBe('html')
})

it('an engine without moveBefore keeps place and focus too', async () => {
  const at = await openChat(await visitPage(`<script>delete Element.prototype.moveBefore</script>${DIALOG}`))
  await planFaults({
    path: '/api/widget/chat/message',
    body: { success: true, content: Array.from({ length: 60 }, (_, line) => `Line ${line}.`).join('\n\n') },
  })
  await say(at, 'Tell me everything', /Line 59/)
  await at.log.evaluate((log) => log.scrollTo(0, 400))
  await show(at)
  await expect.poll(() => place(at)).toBe('d')
  await at.composer.click()
  await at.page.evaluate("document.querySelector('#d').close()")
  await expect.poll(() => place(at)).toBe('html')
  await at.page.keyboard.type('Hello')
  expect(await at.composer.inputValue()).toBe('Hello')
  expect(await at.log.evaluate((log) => log.scrollTop)).toBe(400)
})

it('leaves nothing behind in a dialog when it is destroyed there', async () => {
  const at = await openChat(await visitPage(DIALOG))
  await show(at)
  await expect.poll(() => place(at)).toBe('d')
  await at.page.evaluate('CatyWidget.destroy()')
  expect(await at.page.locator('caty-widget').count()).toBe(0)
  await at.page.evaluate("document.querySelector('#d').close(); CatyWidget.init()")
  await holds(at.page, "document.querySelector('html > caty-widget')")
  await show(at)
  await expect.poll(() => place(at)).toBe('d')
})

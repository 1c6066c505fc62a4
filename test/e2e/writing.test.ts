/** Text that visitors write and read, in any script: input methods, directions, pasted text, and replies in one shape. */
import { beforeEach, describe, expect, inject, it } from 'vitest'
import { browser } from '../support/browser.ts'
import { openChat, say, type Visit, visit } from '../support/page.ts'
import { planFaults, resetSandbox } from '../support/sandbox.ts'

const { edge, shop } = inject('stack')

beforeEach(resetSandbox)

const reply = (content: string) => planFaults({ path: '/api/widget/chat/message', body: { success: true, content } })
const chat = async (query = '') => openChat(await visit(browser, `${shop}/${query}`, edge))
const last = (at: Visit, role: string) => at.log.locator(`[part~="${role}"]`).last()
/** The direction that the browser uses for this text. */
const directionOf = (at: Visit, text: string) =>
  at.log
    .getByText(text)
    .last()
    .evaluate((element) => getComputedStyle(element).direction)

describe('an input method', () => {
  /** A key event of an input method, with the members that the browser sets. */
  const press = (at: Visit, key: string, init: object) =>
    at.composer.evaluate(
      (field, [key, init]) => {
        field.focus()
        field.dispatchEvent(
          new KeyboardEvent('keydown', { key, bubbles: true, composed: true, cancelable: true, ...init }),
        )
      },
      [key, init] as const,
    )

  it.each([
    ['Chromium and Firefox', { keyCode: 13, isComposing: true }],
    ['Safari, after the composition', { keyCode: 229, isComposing: false }],
  ])('keeps its own keys: %s', async (_browser, init) => {
    const at = await chat()
    await at.composer.fill('東京')
    await press(at, 'Enter', init)
    await press(at, 'Escape', init)
    expect(await at.composer.inputValue()).toBe('東京')
    await at.dialog.waitFor()
    expect(await at.log.locator('[part~="user"]').count()).toBe(0)
  })
})

describe('a long pasted text', () => {
  it('is cut, and the visitor is told what is missing', async () => {
    const at = await chat()
    await at.page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    const fits = 'a'.repeat(4000)
    await at.page.evaluate((text) => navigator.clipboard.writeText(text), `${fits}The end is what matters.`)
    await at.composer.click()
    await at.page.keyboard.press('Control+V')
    await expect.poll(() => at.composer.inputValue()).toBe(fits)
    const told = at.dialog.locator('.characters-left')
    await expect
      .poll(() => told.textContent())
      .toBe('Too long: the last 24 characters were left out, from “The end is what matters.” on.')
    await at.page.keyboard.press('Backspace')
    await expect.poll(() => told.textContent()).toBe('Characters left: 1')
  })
})

describe('a text', () => {
  it('has its own direction, whatever the language of the widget', async () => {
    const at = await chat()
    await at.composer.fill('שלום')
    expect(await at.composer.evaluate((field) => getComputedStyle(field).direction)).toBe('rtl')
    await reply('**مرحبا** بك\n\nHello')
    await say(at, 'שלום', /Hello/)
    expect([await directionOf(at, 'שלום'), await directionOf(at, 'بك'), await directionOf(at, 'Hello')]).toEqual([
      'rtl',
      'rtl',
      'ltr',
    ])
  })

  it('of an Arabic widget is right to left beside a persona with a Latin name', async () => {
    const at = await chat('?data-language=ar')
    await reply('أهلا وسهلا')
    await say(at, 'When?', /أهلا/)
    expect([await directionOf(at, 'أهلا'), await directionOf(at, 'When?')]).toEqual(['rtl', 'ltr'])
  })
})

describe('a reply with Markdown', () => {
  it('appears only once the chunk that draws it has loaded, also on the next page', async () => {
    const at = await chat()
    let release = () => {}
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    await at.page.route('**/chunks/*/rich.js', async (route) => {
      await held
      await route.continue()
    })
    await reply('The **blue** one.')
    await at.composer.fill('Which?')
    const asked = at.page.waitForRequest('**/chunks/*/rich.js')
    await at.composer.press('Enter')
    await asked
    await at.log.locator('.typing').waitFor()
    expect(await at.log.textContent()).not.toContain('blue')
    release()
    await last(at, 'assistant').locator('strong').waitFor()
    expect(await at.log.textContent()).not.toContain('**')

    await at.page.reload()
    await last(at, 'assistant').locator('strong').waitFor()
    expect(at.errors).toEqual([])
  })

  it('appears as readable text if its chunk fails to load', async () => {
    const at = await chat()
    await at.page.route('**/chunks/*/rich.js*', (route) => route.abort())
    await reply('The **blue** one.')
    await say(at, 'Which?', /The \*\*blue\*\* one/)
  })
})

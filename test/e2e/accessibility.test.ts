/**
 * Accessibility in a real browser: axe in every dress of the widget, keyboard-only use, and the order in which a
 * screen reader reads the parts. docs/accessibility.md describes the same.
 */
import { readFile } from 'node:fs/promises'
import type { BrowserContextOptions } from 'playwright-core'
import { beforeEach, describe, expect, inject, it } from 'vitest'
import { violations } from '../support/axe.ts'
import { browser } from '../support/browser.ts'
import { hostUrl } from '../support/host-page.ts'
import { enter, openChat, say, type Visit } from '../support/page.ts'
import { planFaults, resetSandbox } from '../support/sandbox.ts'

const { edge, host } = inject('stack')

beforeEach(resetSandbox)

async function open(options: BrowserContextOptions, attributes = ''): Promise<Visit> {
  const html = `<!doctype html><html lang="en"><meta name="viewport" content="width=device-width"><title>Host</title><body><main><h1>Host</h1><a href="#x">a link of the page</a></main><script async src="${edge}/widget.js" ${attributes}></script></body></html>`
  const at = await enter(await browser.newContext(options), hostUrl(host, html), edge)
  await at.launcher.waitFor()
  return at
}

/** A reply with every kind of content that a reply can have. */
const RICH = {
  success: true,
  content:
    'We have **three** mugs, see [the shelf](/mugs) or https://shop.example.\n\n- one\n- two\n\n1. first\n\n> said\n\n| Mug | Price |\n|---|--:|\n| Harbour | €24 |\n\n```\ncode\n```',
  suggested_actions: [
    { label: 'Show me', action: 'message' },
    { label: 'The shelf', action: 'link', url: '/mugs' },
    { label: 'Talk to a person', action: 'handoff' },
  ],
}
const plan = (fault: object) => planFaults({ path: '/api/widget/chat/message', ...fault })

const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true }
const DRESSES: [string, BrowserContextOptions, string][] = [
  ['light', { colorScheme: 'light' }, 'data-theme="light"'],
  ['dark', { colorScheme: 'dark' }, 'data-theme="dark"'],
  ['forced colours', { forcedColors: 'active' }, ''],
  ['Arabic', {}, 'data-language="ar"'],
  ['a phone', PHONE, ''],
  ['a dark phone in Arabic', { ...PHONE, colorScheme: 'dark' }, 'data-language="ar" data-theme="auto"'],
  ['320 pixels', { viewport: { width: 320, height: 480 } }, ''],
  ['a pale brand colour', {}, 'data-primary-color="#fff3b0"'],
  ['a dark brand colour on dark', { colorScheme: 'dark' }, 'data-primary-color="#10131a" data-theme="dark"'],
  ['reduced motion', { reducedMotion: 'reduce' }, 'data-layout="sidebar"'],
]

describe('axe finds no violation', () => {
  it.each(DRESSES)('in %s: closed, open, after a rich reply, after a failure', async (_name, options, attributes) => {
    const at = await open(options, attributes)
    expect(await violations(at.page)).toEqual([])
    await openChat(at)
    expect(await violations(at.page)).toEqual([])
    await plan({ body: RICH })
    await say(at, 'Show me your mugs', /three/)
    await at.log.locator('table').waitFor()
    expect(await violations(at.page)).toEqual([])
    await plan({ status: 500 })
    await at.composer.fill('And plates?')
    await at.composer.press('Enter')
    await at.log.getByText('And plates?').waitFor()
    await at.dialog.locator('[role="status"] button, [role="alert"] button').first().waitFor()
    expect(await violations(at.page)).toEqual([])
    // Nothing overflows sideways: WCAG 2.2, 1.4.10.
    expect(await at.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true)
  })
})

/** Describes the focused element, also inside the shadow root, for a test to compare. */
const focused = (at: Visit) =>
  at.page.evaluate(() => {
    let element = document.activeElement
    while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement
    return element?.getAttribute('part') ?? element?.localName ?? ''
  })

describe('with the keyboard alone', () => {
  it('a visitor opens the chat, writes, picks a suggestion, moves through everything and closes it', async () => {
    const at = await open({})
    await at.page.keyboard.press('Tab')
    await at.page.keyboard.press('Tab')
    await expect.poll(() => focused(at)).toContain('launcher')
    await at.page.keyboard.press('Enter')
    await at.composer.waitFor()
    await expect.poll(() => at.composer.evaluate((box) => box.matches(':focus'))).toBe(true)
    await plan({ body: RICH })
    const before = at.log.locator('[part~="assistant"]')
    const count = await before.count()
    await at.page.keyboard.type('Show me your mugs')
    await at.page.keyboard.press('Enter')
    await before.nth(count).waitFor()
    await at.dialog.locator('[part~="action"]').first().waitFor()
    await at.dialog.locator('[part="handoff-button"]').waitFor()
    // Nothing that arrives may take the focus from the visitor.
    expect(await at.composer.evaluate((box) => box.matches(':focus'))).toBe(true)
    const reached: string[] = []
    for (let press = 0; press < 12; press++) {
      await at.page.keyboard.press('Shift+Tab')
      reached.push(await focused(at))
    }
    expect(reached).toContain('action')
    await at.composer.focus()
    await at.page.keyboard.press('Shift+Enter')
    await at.page.keyboard.type('two lines')
    await expect.poll(() => at.composer.inputValue()).toBe('\ntwo lines')
    await at.page.keyboard.press('Escape')
    await at.dialog.waitFor({ state: 'hidden' })
    await expect.poll(() => focused(at)).toContain('launcher')
    // The typed text is kept.
    await at.page.keyboard.press('Enter')
    await at.composer.waitFor()
    await expect.poll(() => at.composer.inputValue()).toBe('\ntwo lines')
  })

  it('a visitor reaches the conversation and scrolls it', async () => {
    const at = await open({ viewport: { width: 800, height: 400 } })
    await openChat(at)
    await expect.poll(() => at.log.getAttribute('tabindex')).toBe('0')
  })

  it('the focus stays in a dialog that fills the screen, and leaves a dialog that does not', async () => {
    const phone = await open(PHONE)
    await phone.launcher.tap()
    await phone.composer.waitFor()
    await expect.poll(() => phone.dialog.getAttribute('aria-modal')).toBe('true')
    const within = () => phone.dialog.evaluate((dialog) => dialog.matches(':focus-within'))
    await expect.poll(within).toBe(true)
    for (let press = 0; press < 12; press++) {
      await phone.page.keyboard.press('Tab')
      expect(await within()).toBe(true)
    }
    await phone.context.close()
    const desktop = await open({})
    await openChat(desktop)
    expect(await desktop.dialog.getAttribute('aria-modal')).not.toBe('true')
  })
})

/**
 * The names of all buttons in the browser's own accessibility tree. Playwright's snapshot leaves out what an element
 * without a box holds (`display: contents`), and the browser does not.
 */
async function buttonNames({ page }: Visit): Promise<unknown[]> {
  const { nodes } = await (await page.context().newCDPSession(page)).send('Accessibility.getFullAXTree')
  return nodes.flatMap(({ ignored, role, name }) => (!ignored && role?.value === 'button' ? [name?.value] : []))
}

/** The tree in docs/accessibility.md, as a screen reader reads it. */
async function writtenDown(): Promise<string> {
  const page = await readFile('docs/accessibility.md', 'utf8')
  return /```text\n([\s\S]*?)\n```/.exec(page)?.[1] ?? ''
}

describe('a screen reader', () => {
  it('reads the parts in order, each with its name', async () => {
    const at = await open({})
    expect(await buttonNames(at)).toEqual([expect.stringMatching(/^Chat/)])
    await openChat(at)
    await plan({ body: RICH })
    await say(at, 'Show me your mugs', /three/)
    await at.log.locator('table').waitFor()
    // The header button comes with the guide chunk, which loads with the first reply.
    await at.dialog.locator('[part="handoff-button"]').waitFor()
    const tree = async () => (await at.dialog.ariaSnapshot()).replaceAll(/\n *- \/url: .*/g, '')
    await expect.poll(tree).toBe(await writtenDown())
  })

  it('announces a reply and typing politely, and each only once', async () => {
    const at = await open({})
    await openChat(at)
    expect(
      await at.log.evaluate((log) => [log.getAttribute('aria-live') ?? 'polite', log.getAttribute('aria-relevant')]),
    ).toEqual(['polite', expect.toSatisfy((value: string | null) => value === null || value === 'additions')])
    const live = at.dialog.locator('[role="log"], [role="status"], [role="alert"], [aria-live]')
    // Read it at once: the status may disappear before a second look.
    const values = await live.evaluateAll((regions) => regions.map((region) => region.getAttribute('aria-live')))
    for (const value of values) expect(['polite', 'off', null]).toContain(value)
  })

  it('announces how many messages wait behind the launcher', async () => {
    const at = await open({})
    await at.page.evaluate("CatyWidget.sendMessage('When are you open?')")
    await expect.poll(() => at.page.evaluate('CatyWidget.getState().unread')).toBe(1)
    await expect.poll(() => buttonNames(at)).toEqual([expect.stringContaining('1')])
  })
})

/** The details beside a message: copy, thumbs, its time, and the pill and badge for unseen messages. */
import type { BrowserContextOptions } from 'playwright-core'
import { beforeEach, describe, expect, inject, it } from 'vitest'
import { browser } from '../support/browser.ts'
import { hostUrl } from '../support/host-page.ts'
import { enter, holdReplies, holds, openChat, say, type Visit, visit } from '../support/page.ts'
import { bodies, configureSandbox, planFaults, resetSandbox } from '../support/sandbox.ts'

const { edge, shop, host } = inject('stack')

beforeEach(resetSandbox)

const plan = (body: object) => planFaults({ path: '/api/widget/chat/message', body })
/** The feedback that Caty received. */
const opinions = async () =>
  (await bodies('/api/widget/track'))
    .flatMap(({ events }) => (Array.isArray(events) ? events : []))
    .filter(({ type }) => type === 'message_feedback')
    .map(({ data }) => data)
const tool = (at: Visit, name: string) => at.log.getByRole('button', { name, exact: true })
const CONTENT = 'The **Harbour** mug is €24.\n\nSee https://shop.example/mugs'

/** On the demo shop after one known reply, with the pointer over the conversation. */
async function chat(options: BrowserContextOptions = {}, url = shop): Promise<Visit> {
  const at = await visit(browser, url, edge, options)
  await openChat(at)
  await plan({ success: true, content: CONTENT })
  await say(at, 'How much is the Harbour mug?', /Harbour mug is/)
  await at.log.hover()
  await at.log.locator('time').last().waitFor()
  return at
}
const ask = async (at: Visit, text: string) => {
  await at.composer.fill(text)
  await at.composer.press('Enter')
}
const page = (attributes: string) =>
  hostUrl(
    host,
    `<!doctype html><html lang="en"><title>Host</title><body><script async src="${edge}/widget.js" ${attributes}></script></body></html>`,
  )

describe('the copy button', () => {
  it('copies the message as it was written, and confirms it visibly and to a screen reader', async () => {
    const at = await chat({ permissions: ['clipboard-read', 'clipboard-write'] })
    // The confirmation disappears after a while, so the page records that it was there.
    await at.page.evaluate(() => {
      const told = new Set<string>()
      Object.assign(window, { told })
      const root = document.querySelector('caty-widget')?.shadowRoot
      if (!root) throw new Error('no widget')
      new MutationObserver(() => {
        for (const button of root.querySelectorAll('[role="log"] button'))
          told.add(`a button named ${button.getAttribute('aria-label')}`)
        for (const status of root.querySelectorAll('[role="status"]')) told.add(`a status of ${status.textContent}`)
      }).observe(root, { subtree: true, childList: true, characterData: true, attributes: true })
    })
    const clipboard = () => at.page.evaluate(() => navigator.clipboard.readText())
    await tool(at, 'Copy').last().click()
    await expect
      .poll(() => at.page.evaluate(() => [...Reflect.get(window, 'told')]))
      .toEqual(expect.arrayContaining(['a button named Copied', 'a status of Copied']))
    await expect.poll(clipboard).toBe(CONTENT)
    // The visitor's own messages have the button too.
    await tool(at, 'Copy').first().click()
    await expect.poll(clipboard).toBe('How much is the Harbour mug?')
    // After a while the button shows its usual label again.
    await tool(at, 'Copied').waitFor({ state: 'detached' })
    await expect.poll(() => tool(at, 'Copy').count()).toBe(2)
    expect(at.errors).toEqual([])
  })

  it('stays unchanged, without an error in the page, where the page may not use the clipboard', async () => {
    const at = await chat({ permissions: ['clipboard-read', 'clipboard-write'] })
    await at.page.evaluate(() => {
      const writeText = () => {
        Object.assign(window, { asked: true })
        return Promise.reject(new Error('denied'))
      }
      Object.defineProperty(navigator, 'clipboard', { value: { writeText } })
    })
    await tool(at, 'Copy').last().click()
    await holds(at.page, 'window.asked')
    await at.page.evaluate(() => new Promise((resolve) => setTimeout(resolve)))
    expect(await tool(at, 'Copied').count()).toBe(0)
    expect(at.errors).toEqual([])
  })
})

describe('the thumbs', () => {
  it("send the visitor's opinion once, show it, and keep it through a reload", async () => {
    const at = await chat()
    // The visitor's own messages have no thumbs.
    await expect.poll(() => tool(at, 'Helpful').count()).toBe(1)
    expect(await tool(at, 'Helpful').getAttribute('aria-pressed')).toBe('false')
    expect(await opinions()).toEqual([])
    await tool(at, 'Helpful').click()
    await tool(at, 'Helpful').click()
    await expect
      .poll(opinions)
      .toEqual([{ helpful: true, reply: CONTENT, at: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/) }])
    await expect.poll(() => tool(at, 'Helpful').getAttribute('aria-pressed')).toBe('true')
    // A second opinion replaces the first.
    await tool(at, 'Not helpful').click()
    await expect
      .poll(opinions)
      .toEqual([expect.objectContaining({ helpful: true }), expect.objectContaining({ helpful: false })])
    await at.page.reload()
    await at.composer.waitFor()
    await expect.poll(() => tool(at, 'Not helpful').getAttribute('aria-pressed')).toBe('true')
    expect(await tool(at, 'Helpful').getAttribute('aria-pressed')).toBe('false')
    expect(await opinions()).toHaveLength(2)
    expect(at.errors).toEqual([])
  })

  it('show no opinion that failed to arrive, and it can be given again', async () => {
    const at = await chat()
    await planFaults({ path: '/api/widget/track', status: 500 })
    const refused = at.page.waitForResponse(
      (response) => response.request().method() === 'POST' && /\/track$/.test(response.url()),
    )
    await tool(at, 'Helpful').click()
    // The button was pressed before the call, and is released once the answer is there.
    await (await refused).finished()
    await expect.poll(() => tool(at, 'Helpful').getAttribute('aria-pressed')).toBe('false')
    await tool(at, 'Helpful').click()
    await expect.poll(opinions).toHaveLength(2)
    await expect.poll(() => tool(at, 'Helpful').getAttribute('aria-pressed')).toBe('true')
  })

  it('work under data-consent="required" as the chat does, and are absent after a refusal', async () => {
    const at = await chat({}, page('data-consent="required"'))
    await tool(at, 'Helpful').click()
    await expect.poll(opinions).toHaveLength(1)
    await at.page.evaluate('CatyWidget.consent(false)')
    await expect.poll(() => tool(at, 'Helpful').count()).toBe(0)
    await at.context.close()
    const refused = await chat({}, page('data-consent="denied"'))
    await tool(refused, 'Copy').first().waitFor()
    expect(await tool(refused, 'Helpful').count()).toBe(0)
    expect(refused.calls.filter((call) => call.endsWith('/track'))).toEqual([])
  })
})

describe('a long text', () => {
  const counter = (at: Visit) => at.dialog.getByText(/^Characters left: \d+$/)
  const announced = (at: Visit) => at.dialog.locator('span[role="status"]').filter({ hasText: 'Characters left' })

  it('shows a counter near the limit, is never cut, and the counter disappears again', async () => {
    const at = await chat()
    await at.composer.fill('x'.repeat(3600))
    expect(await counter(at).count()).toBe(0)
    await at.composer.press('End')
    await at.page.keyboard.type('y')
    await counter(at).filter({ visible: true, hasText: '399' }).first().waitFor()
    await expect.poll(() => announced(at).textContent()).toBe('Characters left: 399')
    // Between the first and the last count a screen reader hears nothing for single keys.
    await at.page.keyboard.type('yyy')
    await counter(at).filter({ hasText: '396' }).waitFor()
    expect(await announced(at).textContent()).toBe('Characters left: 399')
    await at.page.keyboard.insertText('z'.repeat(396))
    await expect.poll(() => announced(at).textContent()).toBe('Characters left: 0')
    // At the limit more keys change nothing, and the text stays.
    await at.page.keyboard.type('more')
    const whole = `${'x'.repeat(3600)}yyyy${'z'.repeat(396)}`
    await expect.poll(() => at.composer.inputValue()).toBe(whole)
    await holdReplies(at)
    await at.composer.press('Enter')
    await counter(at).filter({ visible: true }).waitFor({ state: 'detached' })
    await at.dialog.getByText('is typing').waitFor({ state: 'attached' })
    await expect.poll(() => at.log.locator('[part~="user"] p').last().textContent()).toBe(whole)
  })
})

describe('the time of a message', () => {
  it('does not fail in a browser whose language is not a valid tag', async () => {
    const at = await visit(browser, shop, edge)
    await at.page.addInitScript("Object.defineProperty(navigator, 'languages', { value: ['en-US@posix'] })")
    await at.page.reload()
    await openChat(at)
    await say(at, 'When are you open?', /Monday/)
    await at.log.hover()
    await expect.poll(() => at.log.locator('time').last().textContent()).toBe('now')
    expect(at.errors).toEqual([])
  })

  it('is shown in the visitor’s time zone and format', async () => {
    const at = await chat({ timezoneId: 'Pacific/Auckland', locale: 'en-GB' })
    const time = at.log.locator('time').last()
    await expect.poll(() => time.textContent()).toBe('now')
    const iso = (await time.getAttribute('datetime')) ?? ''
    const there = new Date(iso).toLocaleString('en-GB', { timeZone: 'Pacific/Auckland' })
    expect(await time.getAttribute('title')).toBe(there)
  })

  it('puts the first message below the name of its day one day later', async () => {
    // In a time zone where no midnight comes during the test.
    const timeZone = new Date().getUTCHours() < 12 ? 'Asia/Tokyo' : 'America/Phoenix'
    const context = await browser.newContext({ locale: 'de-DE', timezoneId: timeZone })
    await context.clock.install()
    const at = await enter(context, page('data-language="de"'), edge)
    await openChat(at)
    await say(at, 'When are you open?', /Monday/)
    await at.log.hover()
    await at.log.locator('time').last().waitFor()
    expect(await at.log.locator('.day').count()).toBe(0)
    await context.clock.fastForward('24:00:00')
    await say(at, 'When are you open?', /Monday/)
    const days = at.log.locator('.day')
    await expect.poll(() => days.allTextContents()).toEqual(['gestern', 'heute'])
    const first = at.log.locator('time').first()
    const there = new Date((await first.getAttribute('datetime')) ?? '').toLocaleTimeString('de-DE', {
      timeZone,
      timeStyle: 'short',
    })
    await expect.poll(() => first.textContent()).toBe(there)
    // Times change by themselves, and a live region would announce each change.
    const quiet = at.log.locator('[aria-live="off"] time')
    await expect.poll(async () => (await quiet.count()) - (await at.log.locator('time').count())).toBe(0)
  })
})

describe('messages that the visitor has not seen', () => {
  const small = { viewport: { width: 800, height: 420 } }
  const atEnd = (at: Visit) => at.log.evaluate((log) => log.scrollHeight - log.scrollTop - log.clientHeight < 5)
  const pill = (at: Visit) => at.dialog.getByRole('button', { name: /^New messages/ })
  const LONG = { success: true, content: Array.from({ length: 30 }, (_, line) => `Line ${line}.`).join('\n\n') }

  /** Scrolls to the beginning while Caty holds the answer to another question until `reply` is called. */
  async function readingAbove(): Promise<Visit & { reply: () => void }> {
    const at = await visit(browser, shop, edge, small)
    await openChat(at)
    await plan(LONG)
    await say(at, 'Tell me everything', /Line 29/)
    await expect.poll(() => atEnd(at)).toBe(true)
    await plan({ success: true, content: 'Later.' })
    const reply = await holdReplies(at)
    await ask(at, 'And more?')
    await at.log.getByText('And more?').waitFor()
    await at.log.hover()
    // Wait for the details beside the messages: they make the conversation longer and move the scroll position.
    await at.log.locator('time').first().waitFor()
    await at.page.mouse.wheel(0, -5000)
    await expect.poll(() => at.log.evaluate((log) => log.scrollTop)).toBe(0)
    return { ...at, reply }
  }

  it('below the view: the scroll position stays, and a pill leads to the end by click and by key', async () => {
    const at = await readingAbove()
    expect(await pill(at).count()).toBe(0)
    at.reply()
    await pill(at).waitFor()
    await at.log.getByText('Later.').waitFor({ state: 'attached' })
    expect(await at.log.evaluate((log) => log.scrollTop)).toBe(0)
    await pill(at).click()
    await pill(at).waitFor({ state: 'detached' })
    await expect.poll(() => atEnd(at)).toBe(true)
    // The button that had the focus is gone; the focus moves on instead of being lost.
    await expect.poll(() => at.log.evaluate((log) => log.matches(':focus'))).toBe(true)
    await at.page.keyboard.press('Escape')
    await at.dialog.waitFor({ state: 'hidden' })
  })

  it('below the view: scrolling there removes the pill, and reopening the chat starts at the end', async () => {
    const at = await readingAbove()
    at.reply()
    await pill(at).waitFor()
    await at.page.mouse.wheel(0, 20_000)
    await pill(at).waitFor({ state: 'detached' })
    await at.page.mouse.wheel(0, -5000)
    await expect.poll(() => at.log.evaluate((log) => log.scrollTop)).toBe(0)
    await at.composer.press('Escape')
    await at.dialog.waitFor({ state: 'hidden' })
    await openChat(at)
    await expect.poll(() => atEnd(at)).toBe(true)
    expect(await pill(at).count()).toBe(0)
  })

  it('behind the launcher: replies are counted there until the chat is opened', async () => {
    const at = await chat()
    const badge = () => at.launcher.textContent()
    const reply = await holdReplies(at)
    await ask(at, 'When are you open?')
    await ask(at, 'How long does shipping take?')
    await at.page.keyboard.press('Escape')
    await at.dialog.waitFor({ state: 'hidden' })
    reply()
    await expect.poll(badge).toBe('2')
    await expect.poll(() => at.launcher.getAttribute('aria-label')).toBe('Chat (2)')
    await openChat(at)
    await expect.poll(badge).toBe('')
    await expect.poll(() => at.launcher.getAttribute('aria-label')).toBe('Chat')
    expect(await pill(at).count()).toBe(0)
  })

  it('behind the launcher: more than nine are shown as 9+', async () => {
    await configureSandbox({ limits: { perMinute: 1000, messagesPerMinute: 1000, adminPerMinute: 60 } })
    const at = await chat()
    await at.page.keyboard.press('Escape')
    await at.dialog.waitFor({ state: 'hidden' })
    // Ten at once exceed the edge's limit; the others wait and are sent by themselves.
    await at.page.evaluate("for (let n = 0; n < 10; n++) CatyWidget.sendMessage('When are you open?').catch(() => 0)")
    await expect.poll(() => at.page.evaluate('CatyWidget.getState().unread')).toBe(10)
    await expect.poll(() => at.launcher.textContent()).toBe('9+')
  })
})

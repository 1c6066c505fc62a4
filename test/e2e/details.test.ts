/** What stands beside a message: copy, thumbs, its time, and the pill and the number that tell of what nobody has seen. */
import type { Browser, BrowserContextOptions } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest'
import { launchBrowser } from '../../tools/browser.ts'
import { hostUrl } from '../support/host-page.ts'
import { enter, say, type Visit, visit } from '../support/page.ts'

const { edge, shop, host, sandbox } = inject('stack')
let browser: Browser

beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser.close())
beforeEach(() => fetch(`${sandbox}/__sandbox/reset`, { method: 'POST' }))

const plan = (fault: object) =>
  fetch(`${sandbox}/__sandbox/faults`, {
    method: 'POST',
    body: JSON.stringify({ path: '/api/widget/chat/message', ...fault }),
  })
/** What Caty was told of the visitor's opinion. */
async function opinions(): Promise<unknown[]> {
  const { requests }: { requests: { path: string; body: string }[] } = await (
    await fetch(`${sandbox}/__sandbox/requests`)
  ).json()
  return requests
    .filter(({ path }) => path === '/api/widget/track')
    .flatMap(({ body }) => JSON.parse(body).events)
    .filter(({ type }) => type === 'message_feedback')
    .map(({ data }) => data)
}
const tool = (at: Visit, name: string) => at.log.getByRole('button', { name, exact: true })
const CONTENT = 'The **Harbour** mug is €24.\n\nSee https://shop.example/mugs'

/** On the demo shop, after one reply whose text is known. The pointer rests on the conversation. */
async function chat(options: BrowserContextOptions = {}, url = shop): Promise<Visit> {
  const at = await visit(browser, url, edge, options)
  await open(at)
  await plan({ body: { success: true, content: CONTENT } })
  await say(at, 'How much is the Harbour mug?', /Harbour mug is/)
  await at.log.hover()
  await at.log.locator('time').last().waitFor()
  return at
}
async function open(at: Visit): Promise<void> {
  await at.launcher.click()
  await at.composer.waitFor()
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

describe('copy', () => {
  it('takes the words of the message as they were written, and says so to eye and ear', async () => {
    const at = await chat({ permissions: ['clipboard-read', 'clipboard-write'] })
    await tool(at, 'Copy').last().click()
    await tool(at, 'Copied').waitFor()
    expect(await at.page.evaluate(() => navigator.clipboard.readText())).toBe(CONTENT)
    const told = at.dialog.locator('[role="status"]').filter({ hasText: /^Copied$/ })
    await told.waitFor({ state: 'attached' })
    // The visitor's own words have the button as well.
    await tool(at, 'Copy').first().click()
    await expect.poll(() => at.page.evaluate(() => navigator.clipboard.readText())).toBe('How much is the Harbour mug?')
    // After a while the button is what it was.
    await tool(at, 'Copied').waitFor({ state: 'detached' })
    expect(await tool(at, 'Copy').count()).toBe(2)
    expect(at.errors).toEqual([])
    await at.context.close()
  })

  it('that the page may not do leaves the button as it was, and the page without an error', async () => {
    const at = await chat({ permissions: ['clipboard-read', 'clipboard-write'] })
    await at.page.evaluate(() =>
      Object.defineProperty(navigator, 'clipboard', {
        value: { writeText: () => Promise.reject(new Error('denied')) },
      }),
    )
    await tool(at, 'Copy').last().click()
    await at.page.evaluate(() => new Promise((resolve) => setTimeout(resolve)))
    expect(await tool(at, 'Copied').count()).toBe(0)
    expect(at.errors).toEqual([])
    await at.context.close()
  })
})

describe('thumbs', () => {
  it('tell the owner once what the visitor thinks, show it, and outlive a reload', async () => {
    const at = await chat()
    // Nobody is asked about his own words.
    expect(await tool(at, 'Helpful').count()).toBe(1)
    expect(await tool(at, 'Helpful').getAttribute('aria-pressed')).toBe('false')
    expect(await opinions()).toEqual([])
    await tool(at, 'Helpful').click()
    await tool(at, 'Helpful').click()
    await expect.poll(opinions).toHaveLength(1)
    expect(await opinions()).toEqual([
      { helpful: true, reply: CONTENT, at: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/) },
    ])
    expect(await tool(at, 'Helpful').getAttribute('aria-pressed')).toBe('true')
    // Another opinion takes the place of the first.
    await tool(at, 'Not helpful').click()
    await expect
      .poll(opinions)
      .toEqual([expect.objectContaining({ helpful: true }), expect.objectContaining({ helpful: false })])
    await at.page.reload()
    await at.composer.waitFor()
    await tool(at, 'Not helpful').waitFor({ state: 'attached' })
    expect(await tool(at, 'Helpful').getAttribute('aria-pressed')).toBe('false')
    expect(await tool(at, 'Not helpful').getAttribute('aria-pressed')).toBe('true')
    expect(await opinions()).toHaveLength(2)
    expect(at.errors).toEqual([])
    await at.context.close()
  })

  it('that did not get through are not shown as if they had, and can be given again', async () => {
    const at = await chat()
    await plan({ path: '/api/widget/track', status: 500, times: 1 })
    await tool(at, 'Helpful').click()
    await expect.poll(() => at.calls.filter((call) => call.endsWith('/track')).length).toBe(1)
    await expect.poll(() => tool(at, 'Helpful').getAttribute('aria-pressed')).toBe('false')
    await tool(at, 'Helpful').click()
    await expect.poll(opinions).toHaveLength(2)
    expect(await tool(at, 'Helpful').getAttribute('aria-pressed')).toBe('true')
    await at.context.close()
  })

  it('are asked for under data-consent="required" as the chat itself is, and not where consent was refused', async () => {
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
    await refused.context.close()
  })
})

describe('a long text', () => {
  const counter = (at: Visit) => at.dialog.getByText(/^Characters left: \d+$/)
  const announced = (at: Visit) => at.dialog.locator('span[role="status"]').filter({ hasText: 'Characters left' })

  it('is counted where the end is near, is never cut, and the count goes with it', async () => {
    const at = await chat()
    await at.composer.fill('x'.repeat(3600))
    expect(await counter(at).count()).toBe(0)
    await at.composer.press('End')
    await at.page.keyboard.type('y')
    await counter(at).filter({ visible: true, hasText: '399' }).first().waitFor()
    expect(await announced(at).textContent()).toBe('Characters left: 399')
    // Between the beginning and the end a screen reader is not told with every key.
    await at.page.keyboard.type('yyy')
    await counter(at).filter({ hasText: '396' }).waitFor()
    expect(await announced(at).textContent()).toBe('Characters left: 399')
    await at.page.keyboard.insertText('z'.repeat(396))
    await expect.poll(() => announced(at).textContent()).toBe('Characters left: 0')
    // Full: more keys change nothing, and what is there stays.
    await at.page.keyboard.type('more')
    const whole = `${'x'.repeat(3600)}yyyy${'z'.repeat(396)}`
    expect(await at.composer.inputValue()).toBe(whole)
    await plan({ delayMs: 1500 })
    await at.composer.press('Enter')
    await counter(at).filter({ visible: true }).waitFor({ state: 'detached' })
    expect(await at.dialog.getByText('is typing').count()).toBe(1)
    expect(await at.log.locator('[part~="user"] p').last().textContent()).toBe(whole)
    await at.context.close()
  })
})

describe('times', () => {
  it('do not fail in a browser whose language is none', async () => {
    const at = await visit(browser, shop, edge)
    await at.page.addInitScript("Object.defineProperty(navigator, 'languages', { value: ['en-US@posix'] })")
    await at.page.reload()
    await open(at)
    await say(at, 'When are you open?', /Monday/)
    await at.log.hover()
    expect(await at.log.locator('time').last().textContent()).toBe('now')
    expect(at.errors).toEqual([])
    await at.context.close()
  })

  it('are told in the visitor’s zone and in his way of writing', async () => {
    const at = await chat({ timezoneId: 'Pacific/Auckland', locale: 'en-GB' })
    const time = at.log.locator('time').last()
    expect(await time.textContent()).toBe('now')
    const iso = (await time.getAttribute('datetime')) ?? ''
    const there = new Date(iso).toLocaleString('en-GB', { timeZone: 'Pacific/Auckland' })
    expect(await time.getAttribute('title')).toBe(there)
    await at.context.close()
  })

  it('a day later the first message stands under the name of its day', async () => {
    const context = await browser.newContext({ locale: 'de-DE', timezoneId: 'Asia/Tokyo' })
    await context.clock.install()
    const at = await enter(context, page('data-language="de"'), edge)
    await open(at)
    await say(at, 'When are you open?', /Monday/)
    await at.log.hover()
    await at.log.locator('time').last().waitFor()
    expect(await at.log.locator('.dy').count()).toBe(0)
    await context.clock.fastForward('24:00:00')
    await say(at, 'When are you open?', /Monday/)
    const days = at.log.locator('.dy')
    await expect.poll(() => days.allTextContents()).toEqual(['gestern', 'heute'])
    const first = at.log.locator('time').first()
    const there = new Date((await first.getAttribute('datetime')) ?? '').toLocaleTimeString('de-DE', {
      timeZone: 'Asia/Tokyo',
      timeStyle: 'short',
    })
    expect(await first.textContent()).toBe(there)
    // Times change by themselves, and a live region would read each change out.
    const quiet = at.log.locator('[aria-live="off"] time')
    expect(await quiet.count()).toBe(await at.log.locator('time').count())
    await at.context.close()
  })
})

describe('what nobody has seen', () => {
  const small = { viewport: { width: 800, height: 420 } }
  const atEnd = (at: Visit) => at.log.evaluate((log) => log.scrollHeight - log.scrollTop - log.clientHeight < 5)
  const pill = (at: Visit) => at.dialog.getByRole('button', { name: /^New messages/ })
  const LONG = { success: true, content: Array.from({ length: 30 }, (_, line) => `Line ${line}.`).join('\n\n') }

  /** Scrolled up to the beginning, while Caty thinks about another question. */
  async function readingAbove(): Promise<Visit> {
    const at = await visit(browser, shop, edge, small)
    await open(at)
    await plan({ body: LONG })
    await say(at, 'Tell me everything', /Line 29/)
    expect(await atEnd(at)).toBe(true)
    await plan({ delayMs: 1500, body: { success: true, content: 'Later.' } })
    await ask(at, 'And more?')
    await at.log.getByText('And more?').waitFor()
    await at.log.hover()
    // What comes beside the messages must be there: it makes the conversation longer, and moves what is looked at.
    await at.log.locator('time').first().waitFor()
    await at.page.mouse.wheel(0, -5000)
    await expect.poll(() => at.log.evaluate((log) => log.scrollTop)).toBe(0)
    return at
  }

  it('below: the view stays where the visitor reads, a pill tells, and leads to the end by click and by key', async () => {
    const at = await readingAbove()
    expect(await pill(at).count()).toBe(0)
    await pill(at).waitFor()
    await at.log.getByText('Later.').waitFor({ state: 'attached' })
    expect(await at.log.evaluate((log) => log.scrollTop)).toBe(0)
    await pill(at).click()
    await pill(at).waitFor({ state: 'detached' })
    expect(await atEnd(at)).toBe(true)
    // The button that had the focus is gone, and the focus is not lost with it.
    expect(await at.log.evaluate((log) => log.matches(':focus'))).toBe(true)
    await at.page.keyboard.press('Escape')
    await at.dialog.waitFor({ state: 'hidden' })
    await at.context.close()
  })

  it('below: scrolling there is as good, and who closes and comes back begins at the end', async () => {
    const at = await readingAbove()
    await pill(at).waitFor()
    await at.page.mouse.wheel(0, 20_000)
    await pill(at).waitFor({ state: 'detached' })
    await at.page.mouse.wheel(0, -5000)
    await expect.poll(() => at.log.evaluate((log) => log.scrollTop)).toBe(0)
    await at.composer.press('Escape')
    await at.dialog.waitFor({ state: 'hidden' })
    await open(at)
    await expect.poll(() => atEnd(at)).toBe(true)
    expect(await pill(at).count()).toBe(0)
    await at.context.close()
  })

  it('behind the launcher: replies are counted there until the chat is opened', async () => {
    const at = await chat()
    const badge = () => at.launcher.textContent()
    await plan({ delayMs: 1000, times: 2 })
    await ask(at, 'When are you open?')
    await ask(at, 'How long does shipping take?')
    await at.page.keyboard.press('Escape')
    await at.dialog.waitFor({ state: 'hidden' })
    await expect.poll(badge).toBe('2')
    expect(await at.launcher.getAttribute('aria-label')).toBe('Chat (2)')
    await open(at)
    expect(await badge()).toBe('')
    expect(await at.launcher.getAttribute('aria-label')).toBe('Chat')
    expect(await pill(at).count()).toBe(0)
    await at.context.close()
  })

  it('more than nine are nine and more', async () => {
    await fetch(`${sandbox}/__sandbox/config`, {
      method: 'POST',
      body: JSON.stringify({ limits: { perMinute: 1000, messagesPerMinute: 1000 } }),
    })
    const at = await chat()
    await at.page.keyboard.press('Escape')
    await at.dialog.waitFor({ state: 'hidden' })
    // Ten at once are more than the edge lets through; the rest waits its turn and goes by itself.
    await at.page.evaluate("for (let n = 0; n < 10; n++) CatyWidget.sendMessage('When are you open?').catch(() => 0)")
    await expect.poll(() => at.page.evaluate('CatyWidget.getState().unread')).toBe(10)
    expect(await at.launcher.textContent()).toBe('9+')
    await at.context.close()
  })
})

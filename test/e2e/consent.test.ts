/**
 * What is stored and sent before anybody agreed, and after somebody refused. The page watches itself: every write to
 * storage, every database that is opened, every cookie, and every call to the edge.
 */
import type { Browser, BrowserContextOptions } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest'
import { launchBrowser } from '../../tools/browser.ts'
import { hostUrl } from '../support/host-page.ts'
import { enter, say, type Visit } from '../support/page.ts'

const { edge, shop, host, sandbox } = inject('stack')
let browser: Browser

beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser.close())
beforeEach(() => fetch(`${sandbox}/__sandbox/reset`, { method: 'POST' }))

const WATCH = `window.stored = []
const { setItem } = Storage.prototype
Storage.prototype.setItem = function (name, value) { stored.push('storage ' + name); return setItem.call(this, name, value) }
const { open } = IDBFactory.prototype
IDBFactory.prototype.open = function (...values) { stored.push('database ' + values[0]); return open.apply(this, values) }
const cookie = Object.getOwnPropertyDescriptor(Document.prototype, 'cookie')
Object.defineProperty(document, 'cookie', { get() { return cookie.get.call(document) }, set(value) { stored.push('cookie ' + value); cookie.set.call(document, value) } })`
const OBSERVED = /\/api\/widget\/(view|track|proactive)/
const FIRST_CALLS = ['GET /widget.js', 'POST /token']

let widgets = 0
/** A visit to a page whose owner wants everything that can be learned. */
async function visitWith(attributes: string, signals = '', options: BrowserContextOptions = {}): Promise<Visit> {
  const proactive = { enabled: true, rules: [{ id: 'click', conditions: { clickCount: 1 }, message_type: 'click' }] }
  await fetch(`${sandbox}/__sandbox/config`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ config: { behavior: { greeting: { show_on_load: false }, proactive } } }),
  })
  const context = await browser.newContext(options)
  await context.addInitScript(WATCH + signals)
  const tag = `<script async src="${edge}/widget.js" data-widget-id="c${widgets++}" ${attributes}></script>`
  const html = `<!doctype html><html lang="en"><title>Host</title><body><script>window.CatyAI = { behavior: { proactiveDelay: 0 } }</script><button id="b">Click</button>${tag}</body></html>`
  const at = await enter(context, hostUrl(host, html), edge)
  await at.launcher.waitFor()
  await at.page.evaluate('CatyWidget.ready.then(() => 1)')
  return at
}
const stored = (at: Visit): Promise<unknown> => at.page.evaluate('window.stored')
const ask = (at: Visit, expression: string): Promise<unknown> =>
  at.page.evaluate(`Promise.resolve(window.CatyWidget.${expression})`)
const observed = (at: Visit) => at.calls.filter((call) => OBSERVED.test(call))
const apiCalls = (at: Visit) => at.calls.filter((call) => call.includes('/api/'))
/** The visitor does what would be watched. */
async function behave(at: Visit): Promise<void> {
  await at.page.click('#b')
  await at.page.click('#b')
  await ask(at, "trackEvent('seen', { page: 1 })")
}
/** Whom Caty opened a session for. */
async function visitors(): Promise<string[]> {
  const { requests }: { requests: { path: string; body: string }[] } = await (
    await fetch(`${sandbox}/__sandbox/requests`)
  ).json()
  return requests.filter(({ path }) => path === '/api/widget/session').map(({ body }) => JSON.parse(body).visitor_id)
}
async function chat(at: Visit): Promise<void> {
  await at.launcher.click()
  await at.composer.waitFor()
  await say(at, 'When are you open?', /Monday|open/i)
}

describe('without a word on consent', () => {
  it('behaviour is told from memory alone, and nothing is stored before the visitor shows interest', async () => {
    const at = await visitWith('')
    await at.page.waitForFunction('window.CatyWidget.getMetrics()')
    await behave(at)
    await at.page.locator('caty-widget [part="bubble-popup"]').waitFor()
    await expect.poll(() => observed(at).length).toBeGreaterThan(2)
    expect(await stored(at)).toEqual([])
    expect((await at.context.cookies()).length).toBe(0)
    await chat(at)
    expect(String(await stored(at))).toContain('database caty-keyless')
    await at.context.close()
  })
})

describe('data-consent="required"', () => {
  it('holds everything back until consent is given', async () => {
    const at = await visitWith('data-consent="required"')
    await behave(at)
    expect(at.calls.filter((call) => !call.includes('/chunks/'))).toEqual([...FIRST_CALLS])
    expect(at.calls.filter((call) => /rules|observe/.test(call))).toEqual([])
    expect(await stored(at)).toEqual([])
    await ask(at, 'consent(true)')
    await at.page.waitForFunction('window.CatyWidget.getMetrics()')
    await at.page.click('#b')
    await expect.poll(() => observed(at).length).toBeGreaterThan(1)
    expect(String(await stored(at))).toContain('visits')
    await at.context.close()
  })

  it('takes the first message as consent, and not the mere opening of the chat', async () => {
    const at = await visitWith('data-consent="required"')
    await at.launcher.click()
    await at.composer.waitFor()
    await expect.poll(() => apiCalls(at).length).toBe(1)
    expect([observed(at), await stored(at)]).toEqual([[], []])
    await say(at, 'When are you open?', /Monday|open/i)
    expect(String(await stored(at))).toContain('chat')
    await expect.poll(() => observed(at).length).toBeGreaterThan(0)
    await at.context.close()
  })

  it('and a refusal leave a chat that works and a browser that knows nothing of it', async () => {
    const at = await visitWith('data-consent="required"')
    await ask(at, 'consent(false)')
    await behave(at)
    await chat(at)
    await say(at, 'How long does shipping take?', /days/i)
    expect([observed(at), await stored(at)]).toEqual([[], []])
    const left = await at.page.evaluate(async () => [
      localStorage.length,
      sessionStorage.length,
      (await indexedDB.databases()).length,
      document.cookie,
    ])
    expect(left).toEqual([0, 0, 0, ''])
    expect(at.errors).toEqual([])
    await at.context.close()
  })
})

describe('data-consent="granted"', () => {
  it('lets visits be counted, until consent is withdrawn', async () => {
    const at = await visitWith('data-consent="granted"')
    await at.page.waitForFunction('window.CatyWidget.getMetrics()')
    await expect.poll(() => at.page.evaluate('Object.keys(localStorage).join()')).toMatch(/visits/)
    await expect.poll(() => observed(at)).toEqual(['POST /api/widget/view'])
    await ask(at, 'consent(false)')
    await expect.poll(() => at.page.evaluate('Object.keys(localStorage).join()')).not.toMatch(/visits/)
    await behave(at)
    expect(await ask(at, 'getMetrics()')).toBeNull()
    await chat(at)
    expect(observed(at)).toEqual(['POST /api/widget/view'])
    await at.context.close()
  })
})

describe.each([
  [
    'Global Privacy Control',
    "Object.defineProperty(Navigator.prototype, 'globalPrivacyControl', { get: () => true });",
  ],
  ['Do Not Track', "Object.defineProperty(Navigator.prototype, 'doNotTrack', { get: () => '1' });"],
])('%s', (_, signal) => {
  it.each(['', 'data-consent="granted"'])(
    'means no observation, whatever the owner set (%s), and the chat works',
    async (attributes) => {
      const at = await visitWith(attributes, `;${signal}`)
      await behave(at)
      expect(await ask(at, 'getMetrics()')).toBeNull()
      expect([observed(at), apiCalls(at), await stored(at)]).toEqual([[], [], []])
      await chat(at)
      expect(observed(at)).toEqual([])
      await at.context.close()
    },
  )
})

describe('a visitor of the demo shop who refuses', () => {
  it('looks around, chats, and is nobody on the next page', async () => {
    const context = await browser.newContext()
    await context.addInitScript(WATCH)
    const at = await enter(context, `${shop}/?data-consent=required`, edge)
    await at.launcher.waitFor()
    // The answer of the shop's banner.
    await ask(at, 'consent(false)')
    await at.page.mouse.wheel(0, 600)
    await ask(at, "trackEvent('seen', { shelf: 'loved' })")
    await chat(at)
    await say(at, 'How long does shipping take?', /days/i)
    expect([observed(at), await stored(at)]).toEqual([[], []])
    await at.page.goto(`${shop}/contact?data-consent=required`)
    await at.launcher.waitFor()
    expect(await at.dialog.count()).toBe(0)
    await ask(at, 'consent(false)')
    await at.launcher.click()
    await at.composer.waitFor()
    expect(await at.log.getByText('How long does shipping take?').count()).toBe(0)
    await say(at, 'Where are you?', /./)
    expect([observed(at), await stored(at), at.errors]).toEqual([[], [], []])
    // To Caty, two visitors: the browser kept nothing by which it could be known again.
    expect(new Set(await visitors()).size).toBe(2)
    await context.close()
  })
})

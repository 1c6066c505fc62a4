/**
 * What the widget stores and sends before a visitor agrees and after they refuse. The page records every write to
 * storage, every opened database, every cookie and every call to the edge.
 */
import type { BrowserContextOptions } from 'playwright-core'
import { beforeEach, describe, expect, inject, it } from 'vitest'
import { browser } from '../support/browser.ts'
import { hostUrl } from '../support/host-page.ts'
import { ask, enter, holds, openChat, ready, say, type Visit } from '../support/page.ts'
import { bodies, configureSandbox, resetSandbox } from '../support/sandbox.ts'

const { edge, shop, host } = inject('stack')

beforeEach(resetSandbox)

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
/** A visit to a page whose owner turns every kind of observation on. */
async function visitWith(attributes: string, signals = '', options: BrowserContextOptions = {}): Promise<Visit> {
  const proactive = { enabled: true, rules: [{ id: 'click', conditions: { clickCount: 1 }, message_type: 'click' }] }
  await configureSandbox({ config: { behavior: { greeting: { show_on_load: false }, proactive } } })
  const context = await browser.newContext(options)
  await context.addInitScript(WATCH + signals)
  const tag = `<script async src="${edge}/widget.js" data-widget-id="c${widgets++}" ${attributes}></script>`
  const html = `<!doctype html><html lang="en"><title>Host</title><body><script>window.CatyAI = { behavior: { proactiveDelay: 0 } }</script><button id="b">Click</button>${tag}</body></html>`
  const at = await enter(context, hostUrl(host, html), edge)
  await at.launcher.waitFor()
  await ready(at)
  return at
}
const stored = (at: Visit): Promise<unknown> => at.page.evaluate('window.stored')
const observed = (at: Visit) => at.calls.filter((call) => OBSERVED.test(call))
const apiCalls = (at: Visit) => at.calls.filter((call) => call.includes('/api/'))
/** Does what the widget observes: scrolls, clicks and moves. */
async function behave(at: Visit): Promise<void> {
  await at.page.click('#b')
  await at.page.click('#b')
  await ask(at, "trackEvent('seen', { page: 1 })")
}
/** The visitors that Caty opened a session for. */
const visitors = async () => (await bodies('/api/widget/session')).map((body) => body.visitor_id)
async function chat(at: Visit): Promise<void> {
  await openChat(at)
  await say(at, 'When are you open?', /Monday|open/i)
}

describe('without any word on consent', () => {
  it('behaviour is observed in memory only, and nothing is stored before the visitor uses the chat', async () => {
    const at = await visitWith('')
    await holds(at.page, 'window.CatyWidget.getMetrics()')
    // The bubble disappears after a while, so the test watches for it from the start.
    await Promise.all([at.page.locator('caty-widget [part="bubble-popup"]').waitFor(), behave(at)])
    await expect.poll(() => observed(at).length).toBeGreaterThan(2)
    expect(await stored(at)).toEqual([])
    expect((await at.context.cookies()).length).toBe(0)
    await chat(at)
    await expect.poll(async () => String(await stored(at))).toContain('database caty-keyless')
  })
})

describe('data-consent="required"', () => {
  it('sends and stores nothing until consent is given', async () => {
    const at = await visitWith('data-consent="required"')
    await behave(at)
    await expect.poll(() => at.calls.filter((call) => !call.includes('/chunks/'))).toEqual(FIRST_CALLS)
    expect(at.calls.filter((call) => /rules|observe/.test(call))).toEqual([])
    expect(await stored(at)).toEqual([])
    await ask(at, 'consent(true)')
    await holds(at.page, 'window.CatyWidget.getMetrics()')
    await at.page.click('#b')
    await expect.poll(() => observed(at).length).toBeGreaterThan(1)
    await expect.poll(async () => String(await stored(at))).toContain('visits')
  })

  it('takes the first message as consent, but not the opening of the chat', async () => {
    const at = await visitWith('data-consent="required"')
    await openChat(at)
    await expect.poll(() => apiCalls(at).length).toBe(1)
    expect([observed(at), await stored(at)]).toEqual([[], []])
    await say(at, 'When are you open?', /Monday|open/i)
    await expect.poll(async () => String(await stored(at))).toContain('chat')
    await expect.poll(() => observed(at).length).toBeGreaterThan(0)
  })

  it('leaves a working chat and an empty storage after a refusal', async () => {
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
  })
})

describe('data-consent="granted"', () => {
  it('counts visits until consent is withdrawn', async () => {
    const at = await visitWith('data-consent="granted"')
    await holds(at.page, 'window.CatyWidget.getMetrics()')
    await expect.poll(() => at.page.evaluate('Object.keys(localStorage).join()')).toMatch(/visits/)
    await expect.poll(() => observed(at)).toEqual(['POST /api/widget/view'])
    await ask(at, 'consent(false)')
    await expect.poll(() => at.page.evaluate('Object.keys(localStorage).join()')).not.toMatch(/visits/)
    await behave(at)
    await expect.poll(() => ask(at, 'getMetrics()')).toBeNull()
    await chat(at)
    expect(observed(at)).toEqual(['POST /api/widget/view'])
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
    'stops all observation, whatever the owner set (%s), and the chat works',
    async (attributes) => {
      const at = await visitWith(attributes, `;${signal}`)
      await behave(at)
      await expect.poll(() => ask(at, 'getMetrics()')).toBeNull()
      expect([observed(at), apiCalls(at), await stored(at)]).toEqual([[], [], []])
      await chat(at)
      expect(observed(at)).toEqual([])
    },
  )
})

describe('a visitor of the demo shop who refuses', () => {
  it('can look around and chat, and is a new visitor on the next page', async () => {
    const context = await browser.newContext()
    await context.addInitScript(WATCH)
    const at = await enter(context, `${shop}/?data-consent=required`, edge)
    await at.launcher.waitFor()
    // The visitor's answer to the shop's banner.
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
    await openChat(at)
    expect(await at.log.getByText('How long does shipping take?').count()).toBe(0)
    await say(at, 'Where are you?', /./)
    expect([observed(at), await stored(at), at.errors]).toEqual([[], [], []])
    // Caty sees two visitors: the browser kept nothing that would identify the first one again.
    expect(new Set(await visitors()).size).toBe(2)
  })
})

/** The widget loads panel and language before the visitor clicks, unless the visitor's connection is slow or metered. */
import { expect, inject, it } from 'vitest'
import { browser } from '../support/browser.ts'
import { hostPage } from '../support/host-page.ts'
import { enter, openChat, ready, type Visit } from '../support/page.ts'

const { edge, host, shop } = inject('stack')

const chunks = (at: Visit) =>
  at.calls.filter((call) => call.includes('/chunks/')).map((call) => /chunks\/\w+\/(.+)\.js$/.exec(call)?.[1])

it('loads panel and language once the page is idle, and not again when the chat opens', async () => {
  const at = await enter(await browser.newContext(), shop, edge)
  await ready(at)
  await expect.poll(() => chunks(at).sort()).toEqual(['en', 'panel'])
  expect(at.calls.indexOf('POST /token')).toBeLessThan(at.calls.findIndex((call) => call.endsWith('/panel.js')))
  // No helper element stays in the page.
  await expect.poll(() => at.page.locator('link[rel=modulepreload]').count()).toBe(0)
  await openChat(at)
  expect(chunks(at).filter((name) => name === 'panel' || name === 'en')).toHaveLength(2)
  expect(at.errors).toEqual([])
})

it.each([
  ['with Save-Data', { saveData: true }],
  ['on a 2G line', { effectiveType: 'slow-2g' }],
])('loads nothing ahead %s', async (_, network) => {
  const context = await browser.newContext()
  await context.addInitScript((value) => Object.defineProperty(navigator, 'connection', { value }), network)
  const at = await enter(context, shop, edge)
  await ready(at)
  await afterIdle(at)
  expect(chunks(at)).toEqual([])
})

it.each(['intent', 'manual'])('loads nothing ahead with data-load="%s"', async (load) => {
  const at = await hostPage(
    browser,
    host,
    edge,
    `<!doctype html><title>Host</title><body><h1>Host</h1><script async src="${edge}/widget.js" data-load="${load}"></script></body>`,
  )
  await at.page.waitForFunction('window.CatyWidget?.version')
  await afterIdle(at)
  expect(at.calls).toEqual(['GET /widget.js'])
})

/** Waits for several idle periods: after the load event, after the token, and after what these start. */
const afterIdle = (at: Visit) =>
  at.page.evaluate(async () => {
    for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => requestIdleCallback(resolve))
  })

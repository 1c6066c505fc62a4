/** The main story in a real browser: a visitor opens the chat, asks, reloads and goes on. */
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { launchBrowser } from '../../tools/browser.ts'
import { enter, say, type Visit, visit } from '../support/page.ts'

const { edge, shop, sandbox } = inject('stack')
let browser: Browser

beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser.close())

const reset = () => fetch(`${sandbox}/__sandbox/reset`, { method: 'POST' })
const fault = (faults: object) =>
  fetch(`${sandbox}/__sandbox/faults`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(faults),
  })
const received = async (): Promise<{ method: string; path: string; body: string }[]> =>
  (await (await fetch(`${sandbox}/__sandbox/requests`)).json()).requests

async function open(at: Visit): Promise<void> {
  await at.launcher.click()
  await at.composer.waitFor()
}

describe('a first chat', () => {
  it('is answered, and goes on after a reload', async () => {
    await reset()
    const at = await visit(browser, shop, edge)
    await open(at)
    expect(await at.launcher.getAttribute('aria-expanded')).toBe('true')
    await say(at, 'When are you open?', /Monday|open/i)
    await at.page.reload()
    // It was open, so it opens again by itself.
    await at.composer.waitFor()
    await at.log.getByText('When are you open?').waitFor()
    await say(at, 'Thanks, and how long does shipping take?', /days/i)
    const sessions = (await received()).filter((call) => call.path === '/api/widget/session')
    expect(sessions).toHaveLength(1)
    expect(at.errors).toEqual([])
    await at.context.close()
  })

  it('needs one call before the visitor shows interest, and stores nothing', async () => {
    const at = await visit(browser, shop, edge)
    await at.launcher.waitFor()
    expect(at.calls).toEqual(['GET /widget.js', 'POST /token'])
    const stored = await at.page.evaluate(async () => ({
      local: localStorage.length,
      session: sessionStorage.length,
      cookies: document.cookie,
      databases: (await indexedDB.databases()).length,
    }))
    expect(stored).toEqual({ local: 0, session: 0, cookies: '', databases: 0 })
    await at.context.close()
  })

  it('closes by Escape and gives the focus back', async () => {
    const at = await visit(browser, shop, edge)
    await open(at)
    await at.page.keyboard.press('Escape')
    await at.dialog.waitFor({ state: 'hidden' })
    expect(await at.launcher.getAttribute('aria-expanded')).toBe('false')
    expect(await at.launcher.evaluate((button) => button.matches(':focus'))).toBe(true)
    await at.context.close()
  })

  it('opens a new session without a second bubble when Caty forgot the old one', async () => {
    await reset()
    const at = await visit(browser, shop, edge)
    await open(at)
    await say(at, 'Hello there', /./)
    await fetch(`${sandbox}/__sandbox/reset`, { method: 'POST' })
    await say(at, 'What are your opening hours?', /Monday|open/i)
    expect(await at.log.getByText('What are your opening hours?', { exact: true }).count()).toBe(1)
    await at.context.close()
  })

  it('keeps a message that could not be sent, and sends it on a click', async () => {
    await reset()
    const at = await visit(browser, shop, edge)
    await open(at)
    await fault({ path: '/api/widget/chat/message', status: 500, times: 1 })
    await at.composer.fill('Do you have a blue mug?')
    await at.composer.press('Enter')
    const retry = at.dialog.getByRole('button', { name: /retry|again/i })
    await retry.waitFor()
    await retry.click()
    await retry.waitFor({ state: 'hidden' })
    expect(await at.log.getByText('Do you have a blue mug?', { exact: true }).count()).toBe(1)
    await at.context.close()
  })

  it('is one conversation on the next page of the shop', async () => {
    await reset()
    const at = await visit(browser, shop, edge)
    await open(at)
    await say(at, 'When are you open?', /Monday|open/i)
    const next = await enter(at.context, `${shop}/contact`, edge)
    await open(next)
    await next.log.getByText('When are you open?').waitFor()
    await at.context.close()
  })

  it('shows the launcher while Caty is down, says what is wrong, and keeps the text', async () => {
    await reset()
    await fault({ path: '/api/widget/*', status: 503, times: 1000 })
    const at = await visit(browser, shop, edge)
    await open(at)
    await at.composer.fill('Is anybody there?')
    await at.composer.press('Enter')
    await at.dialog.getByText('The chat cannot be reached right now.').waitFor()
    expect(await at.log.getByText('Is anybody there?', { exact: true }).count()).toBe(1)
    await reset()
    await at.dialog.getByRole('button', { name: 'Retry' }).click()
    await at.dialog.getByText('The chat cannot be reached right now.').waitFor({ state: 'detached' })
    await at.context.close()
  })

  it('goes on when the token has expired, with one renewal and no word to the visitor', async () => {
    await reset()
    const at = await visit(browser, shop, edge)
    await open(at)
    await say(at, 'When are you open?', /Monday|open/i)
    const before = at.calls.filter((call) => call === 'POST /token').length
    await at.page.clock.setFixedTime(Date.now() + 400_000)
    await say(at, 'How long does shipping take?', /working days/)
    expect(at.calls.filter((call) => call === 'POST /token').length).toBeGreaterThan(before)
    expect(await at.dialog.getByRole('button', { name: 'Retry' }).count()).toBe(0)
    await at.context.close()
  })
})

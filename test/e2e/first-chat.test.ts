/** The main story in a real browser: a visitor opens the chat, asks, reloads and continues. */
import { beforeEach, describe, expect, inject, it } from 'vitest'
import { browser } from '../support/browser.ts'
import { enter, openChat, ready, say, visit } from '../support/page.ts'
import { planFaults, received, resetSandbox } from '../support/sandbox.ts'

const { edge, shop } = inject('stack')

beforeEach(resetSandbox)

describe('a first chat', () => {
  it('is answered and continues after a reload', async () => {
    const at = await openChat(await visit(browser, shop, edge))
    await expect.poll(() => at.launcher.getAttribute('aria-expanded')).toBe('true')
    await say(at, 'When are you open?', /Monday|open/i)
    await at.page.reload()
    // The chat was open, so it opens by itself.
    await at.composer.waitFor()
    await at.log.getByText('When are you open?').waitFor()
    await say(at, 'Thanks, and how long does shipping take?', /days/i)
    expect((await received()).filter(({ path }) => path === '/api/widget/session')).toHaveLength(1)
    expect(at.errors).toEqual([])
  })

  it('makes one call and stores nothing before the visitor uses the chat', async () => {
    const at = await visit(browser, shop, edge)
    await at.launcher.waitFor()
    await ready(at)
    // load-ahead.test.ts covers the chunks that load ahead.
    expect(at.calls.filter((call) => !call.includes('/chunks/'))).toEqual(['GET /widget.js', 'POST /token'])
    const stored = await at.page.evaluate(async () => ({
      local: localStorage.length,
      session: sessionStorage.length,
      cookies: document.cookie,
      databases: (await indexedDB.databases()).length,
    }))
    expect(stored).toEqual({ local: 0, session: 0, cookies: '', databases: 0 })
  })

  it('closes with Escape and returns the focus', async () => {
    const at = await openChat(await visit(browser, shop, edge))
    // The key goes to the focused element, and the panel takes the focus a moment after it appears.
    await expect.poll(() => at.composer.evaluate((field) => field.matches(':focus'))).toBe(true)
    await at.page.keyboard.press('Escape')
    await at.dialog.waitFor({ state: 'hidden' })
    await expect.poll(() => at.launcher.getAttribute('aria-expanded')).toBe('false')
    await expect.poll(() => at.launcher.evaluate((button) => button.matches(':focus'))).toBe(true)
  })

  it('opens a new session, without repeating the message, when Caty forgot the old one', async () => {
    const at = await openChat(await visit(browser, shop, edge))
    await say(at, 'Hello there', /./)
    await resetSandbox()
    await say(at, 'What are your opening hours?', /Monday|open/i)
    expect(await at.log.getByText('What are your opening hours?', { exact: true }).count()).toBe(1)
  })

  it('keeps a message that could not be sent, and sends it on a click', async () => {
    const at = await openChat(await visit(browser, shop, edge))
    await planFaults({ path: '/api/widget/chat/message', status: 500, times: 1 })
    await at.composer.fill('Do you have a blue mug?')
    await at.composer.press('Enter')
    const retry = at.dialog.getByRole('button', { name: /retry|again/i })
    await retry.waitFor()
    await retry.click()
    await retry.waitFor({ state: 'hidden' })
    expect(await at.log.getByText('Do you have a blue mug?', { exact: true }).count()).toBe(1)
  })

  it('continues on the next page of the shop', async () => {
    const at = await openChat(await visit(browser, shop, edge))
    await say(at, 'When are you open?', /Monday|open/i)
    const next = await enter(at.context, `${shop}/contact`, edge)
    await openChat(next)
    await next.log.getByText('When are you open?').waitFor()
  })

  it('shows the launcher while Caty is down, says what is wrong, and keeps the typed text', async () => {
    await planFaults({ path: '/api/widget/*', status: 503, times: 1000 })
    const at = await openChat(await visit(browser, shop, edge))
    await at.composer.fill('Is anybody there?')
    await at.composer.press('Enter')
    await at.dialog.getByText('The chat cannot be reached right now.').waitFor()
    expect(await at.log.getByText('Is anybody there?', { exact: true }).count()).toBe(1)
    await resetSandbox()
    await at.dialog.getByRole('button', { name: 'Retry' }).click()
    await at.dialog.getByText('The chat cannot be reached right now.').waitFor({ state: 'detached' })
  })

  it('renews an expired token once, without the visitor noticing', async () => {
    const at = await openChat(await visit(browser, shop, edge))
    await say(at, 'When are you open?', /Monday|open/i)
    const before = at.calls.filter((call) => call === 'POST /token').length
    await at.page.clock.setFixedTime(Date.now() + 400_000)
    await say(at, 'How long does shipping take?', /working days/)
    expect(at.calls.filter((call) => call === 'POST /token').length).toBeGreaterThan(before)
    expect(await at.dialog.getByRole('button', { name: 'Retry' }).count()).toBe(0)
  })
})

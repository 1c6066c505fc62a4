/** A page of the demo shop with the widget, and a record of everything it did. */
import { env } from 'node:process'
import type { Browser, BrowserContext, BrowserContextOptions, Locator, Page } from 'playwright-core'
import { expect } from 'vitest'

export type Visit = {
  context: BrowserContext
  page: Page
  launcher: Locator
  dialog: Locator
  composer: Locator
  log: Locator
  /** Console lines of kind `error` and uncaught exceptions. */
  errors: string[]
  /** Every console line. */
  lines: string[]
  /** Requests to the edge in order, as `METHOD /path`. */
  calls: string[]
}

/** Opens a page in a new browser profile. `edge` is the origin whose calls are recorded. */
export async function visit(
  browser: Browser,
  url: string,
  edge: string,
  options: BrowserContextOptions = {},
): Promise<Visit> {
  const context = await browser.newContext(options)
  return enter(context, url, edge)
}

/** Opens a page in an existing profile: the same visitor, another tab. */
export async function enter(context: BrowserContext, url: string, edge: string): Promise<Visit> {
  const page = await context.newPage()
  const errors: string[] = []
  const lines: string[] = []
  const calls: string[] = []
  page.on('console', (message) => {
    lines.push(message.text())
    if (message.type() === 'error') errors.push(message.text())
  })
  page.on('pageerror', (error) => errors.push(String(error)))
  page.on('request', (request) => {
    const { origin, pathname } = new URL(request.url())
    if (origin === edge) calls.push(`${request.method()} ${pathname}`)
  })
  await slowDown(context, page)
  await page.goto(url)
  const widget = page.locator('caty-widget')
  return {
    context,
    page,
    launcher: widget.locator('button[aria-haspopup="dialog"]'),
    dialog: widget.locator('[role="dialog"]'),
    composer: widget.locator('textarea'),
    log: widget.locator('[role="log"]'),
    errors,
    lines,
    calls,
  }
}

/**
 * `SLOWDOWN=6 npm run test:e2e` makes the processor six times slower for every page. A test that checks something
 * before waiting for it fails there every time; without the slowdown only now and then.
 */
export async function slowDown(context: BrowserContext, page: Page): Promise<void> {
  if (env.SLOWDOWN === undefined) return
  const session = await context.newCDPSession(page)
  await session.send('Emulation.setCPUThrottlingRate', { rate: Number(env.SLOWDOWN) })
}

/** Opens the chat by its launcher, and waits until the composer is ready. */
export async function openChat(visit: Visit): Promise<Visit> {
  await visit.launcher.click()
  await visit.composer.waitFor()
  return visit
}

/** The result of this expression on `CatyWidget` in the page's own scripts. */
export const ask = (visit: Visit, expression: string): Promise<unknown> =>
  visit.page.evaluate(`Promise.resolve(window.CatyWidget.${expression})`)

/**
 * Waits until an expression is true in the page. `waitForFunction` evaluates a string again for each check. A policy
 * without `unsafe-eval` allows that only for the first check, so a slow page would make it fail.
 */
export const holds = (page: Page, expression: string) =>
  expect.poll(() => page.evaluate(`Boolean(${expression})`)).toBe(true)

/** Waits until the widget has its configuration. */
export const ready = (visit: Visit) => holds(visit.page, 'window.CatyWidget?.getState?.().ready')

/** Holds replies until the test releases them. */
export async function holdReplies({ page }: Visit): Promise<() => void> {
  let release = () => {}
  const released = new Promise<void>((resolve) => {
    release = resolve
  })
  await page.route('**/api/widget/message', async (route) => {
    await released
    // The test may have ended, and the page with it.
    await route.continue().catch(() => undefined)
  })
  return release
}

/** Records the status lines of the widget from now on, because some disappear before a test can read them. */
export async function listenToStatus({ page }: Visit): Promise<() => Promise<string>> {
  await page.evaluate(() => {
    const root = document.querySelector('caty-widget')?.shadowRoot
    if (!root) throw new Error('no widget')
    const said = new Set<string>()
    Object.assign(window, { said })
    new MutationObserver(() => {
      for (const line of root.querySelectorAll('[role="status"]')) said.add(line.textContent)
    }).observe(root, { subtree: true, childList: true, characterData: true })
  })
  return () => page.evaluate(() => [...Reflect.get(window, 'said')].join('\n'))
}

/**
 * Types a message into the open chat and waits for the reply. Only a new bubble of the assistant counts, because the
 * visitor's own words often match the pattern too.
 */
export async function say(visit: Visit, text: string, answer: RegExp): Promise<void> {
  const replies = visit.log.locator('[part~="assistant"]')
  // After a reload, earlier replies come with the panel; they must be there before they are counted.
  await visit.composer.waitFor()
  const before = await replies.count()
  await visit.composer.fill(text)
  await visit.composer.press('Enter')
  await replies.nth(before).filter({ hasText: answer }).waitFor()
}

/** The example dashboard in a browser, and visitors whose words appear in it. */
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { inject } from 'vitest'
import { openChat, say, slowDown, visit } from './page.ts'
import { configureSandbox, resetSandbox } from './sandbox.ts'

const { edge, shop, auth, dashboard } = inject('stack')
export const ACCOUNT = { email: 'owner@example.com', password: 'pottery-demo' }

/** Resets the stand-ins: no visitors, no signed-in user, and Caty's limits raised. */
export async function freshTenant(): Promise<void> {
  await resetSandbox()
  await fetch(`${auth}/__auth/reset`, { method: 'POST' })
  await configureSandbox({ limits: { perMinute: 10_000, messagesPerMinute: 10_000, adminPerMinute: 10_000 } })
}

export type Opened = { page: Page; errors: string[]; close: () => Promise<void> }

export async function open(browser: Browser, options: BrowserContextOptions = {}): Promise<Opened> {
  const context = await browser.newContext(options)
  const page = await context.newPage()
  const errors: string[] = []
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()))
  page.on('pageerror', (error) => errors.push(String(error)))
  await slowDown(context, page)
  await page.goto(dashboard)
  return { page, errors, close: () => context.close() }
}

export async function signIn(page: Page, { email, password } = ACCOUNT): Promise<void> {
  await page.getByLabel('E-mail').fill(email)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
}

export async function signedIn(browser: Browser, options: BrowserContextOptions = {}): Promise<Opened> {
  const opened = await open(browser, options)
  await signIn(opened.page)
  await opened.page.getByRole('heading', { level: 1, name: 'Leads' }).waitFor()
  return opened
}

/** A visitor who sends a message in the real widget. */
export async function chat(browser: Browser, ...texts: readonly (readonly [string, RegExp])[]): Promise<void> {
  const at = await openChat(await visit(browser, shop, edge))
  for (const [text, answer] of texts) await say(at, text, answer)
  await at.context.close()
}
/** A message with the visitor's address, and the reply to it. */
export const leave = (name: string): readonly [string, RegExp] => [
  `My name is ${name}, ${name.toLowerCase()}@example.org`,
  /We write to/,
]

/** An owner's day with the example dashboard, the real supabase-js and the edge, by mouse and by keyboard. */
import type { Page } from 'playwright-core'
import { beforeEach, describe, expect, inject, it } from 'vitest'
import { browser } from '../support/browser.ts'
import { ACCOUNT, chat, freshTenant, leave, open, signedIn, signIn } from '../support/dashboard.ts'
import { openChat, say, visit } from '../support/page.ts'
import { received } from '../support/sandbox.ts'

const { edge, shop, dashboard, auth } = inject('stack')
/** The edge's answers that the dashboard reads. */
const CORS = { 'Access-Control-Allow-Origin': dashboard }

beforeEach(freshTenant)

describe('signing in', () => {
  it('reports a wrong password and keeps what was typed', async () => {
    const { page } = await open(browser)
    await signIn(page, { ...ACCOUNT, password: 'wrong' })
    await page
      .getByRole('alert')
      .getByText(/Invalid login credentials/)
      .waitFor()
    await expect.poll(() => page.getByLabel('E-mail').inputValue()).toBe(ACCOUNT.email)
  })

  it('lasts through a reload and ends with signing out', async () => {
    const { page } = await signedIn(browser)
    await page.reload()
    await page.getByText(ACCOUNT.email).waitFor()
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByRole('button', { name: 'Sign in' }).waitFor()
  })

  it('renews the session before its hour ends, and the dashboard continues', async () => {
    const context = await browser.newContext()
    const page = await context.newPage()
    await page.clock.install()
    await page.goto(dashboard)
    await signIn(page)
    await page.getByRole('heading', { name: 'Leads' }).waitFor()
    const first = await token(page)
    const renewed = page.waitForResponse((response) => response.url().includes('grant_type=refresh_token'))
    await page.clock.fastForward('59:00')
    expect((await renewed).status()).toBe(200)
    await page.waitForFunction((before) => !JSON.stringify({ ...localStorage }).includes(before), first)
    await chat(browser, leave('Ada'))
    await page.getByRole('button', { name: 'Refresh' }).click()
    await page.getByRole('heading', { name: 'Ada' }).waitFor()
    const last = (await received('/api/admin/leads')).at(-1)
    expect(last?.headers.authorization).not.toBe(`Bearer ${first}`)
    expect(last?.headers).not.toHaveProperty('x-api-key')
  })

  it('renews a session that the edge refuses once, and repeats the call', async () => {
    const { page } = await signedIn(browser)
    let spoiled = false
    await page.route(`${edge}/api/admin/analytics`, (route) => {
      const headers = { ...route.request().headers() }
      if (!spoiled && headers.authorization) headers.authorization += 'x'
      spoiled ||= headers.authorization !== undefined
      return route.continue({ headers })
    })
    const renewed = page.waitForResponse((response) => response.url().includes('grant_type=refresh_token'))
    await page.getByRole('link', { name: 'Analytics' }).click()
    expect((await renewed).status()).toBe(200)
    await page.getByText('What visitors come for').or(page.getByText('The last two weeks')).first().waitFor()
  })

  it('says that a session expired, but says nothing after signing out', async () => {
    const { page } = await signedIn(browser)
    const expired = page.getByText('Your session has expired.')
    await page.route(`${auth}/auth/v1/token?grant_type=refresh_token*`, (route) =>
      route.fulfill({
        status: 400,
        headers: CORS,
        json: { error_code: 'refresh_token_not_found', msg: 'Invalid Refresh Token' },
      }),
    )
    await page.route(`${edge}/api/admin/analytics`, (route) =>
      route.request().method() === 'GET' ? route.fulfill({ status: 401, headers: CORS, json: {} }) : route.continue(),
    )
    await page.getByRole('link', { name: 'Analytics' }).click()
    await expired.waitFor()
    await page.unrouteAll()
    await page.reload()
    await expired.waitFor()
    await signIn(page)
    await page.getByRole('heading', { level: 1, name: 'Analytics' }).waitFor()
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByRole('button', { name: 'Sign in' }).waitFor()
    expect(await expired.count()).toBe(0)
  })
})

/** The access token that supabase-js stores. */
async function token(page: Page): Promise<string> {
  const stored = await page.evaluate(() => Object.values({ ...localStorage }).join('\n'))
  return /"access_token":"([^"]+)"/.exec(stored)?.[1] ?? ''
}

describe('an owner', () => {
  it('sees the lead of a visitor who left an address in the widget, and edits it', async () => {
    await chat(browser, ['Do you have a blue mug?', /mug/i], leave('Ada'))
    const { page, errors } = await signedIn(browser)
    const lead = page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: 'Ada' }) })
    await lead.getByRole('link', { name: 'ada@example.org' }).waitFor()
    await lead.getByText('Edit').click()
    await lead.getByLabel('State').selectOption('qualified')
    await lead.getByLabel('Notes').fill('Wants a blue mug.')
    await lead.getByLabel('Tags').fill('mug, blue')
    await lead.getByRole('button', { name: 'Save' }).click()
    await lead.getByRole('status').getByText('Saved.').waitFor()
    await page.reload()
    await lead.getByText('Wants a blue mug.').first().waitFor()
    await expect.poll(() => lead.locator('.badge').textContent()).toBe('Qualified')
    await expect.poll(() => lead.locator('.tag').allTextContents()).toEqual(['mug', 'blue'])
    await page.getByLabel('State').first().selectOption('new')
    await page.getByText('No leads here yet').waitFor()
    expect(errors).toEqual([])
  })

  it('sees who filled in a form of the widget while the list is open', async () => {
    const { page } = await signedIn(browser)
    await page.getByText('No leads here yet').waitFor()
    const at = await openChat(await visit(browser, shop, edge))
    await say(at, 'I need a quote for a restaurant', /offer/)
    await at.dialog.getByRole('button', { name: 'Ask for an offer' }).click()
    const form = at.dialog.getByRole('form')
    await form.getByLabel('Name').fill('Grace Hopper')
    await form.getByLabel('E-mail').fill('grace@example.org')
    await form.getByLabel('Phone').fill('+49 30 1234567')
    await form.getByLabel('What do you need?').fill('Forty plates.')
    await form.getByRole('button', { name: 'Send' }).click()
    await form.waitFor({ state: 'detached' })
    await at.context.close()
    await page.getByRole('button', { name: 'Refresh' }).click()
    const lead = page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: 'Grace Hopper' }) })
    await lead.getByText('+49 30 1234567').waitFor()
    await page.getByRole('status').getByText('1 lead', { exact: true }).waitFor()
  })

  it('reads conversations, filtered by state and by day', async () => {
    await chat(browser, ['When are you open?', /open/i])
    const { page } = await signedIn(browser)
    await page.getByRole('link', { name: 'Conversations' }).click()
    await page.getByText('What was said').click()
    await page.getByText('When are you open?').waitFor()
    await page.getByLabel('State').selectOption('ended')
    await page.getByText('No conversations here yet').waitFor()
    await page.getByLabel('State').selectOption('active')
    await page.getByText('What was said').waitFor()
    await page.getByLabel('To', { exact: true }).fill('2026-01-01')
    await page.getByText('No conversations here yet').waitFor()
  })

  it('uploads a five-megabyte document with visible progress; a program renamed to .txt is refused', async () => {
    const { page } = await signedIn(browser)
    await page.getByRole('link', { name: 'Knowledge' }).click()
    await page.evaluate(() => {
      const seen: number[] = []
      Object.assign(window, { seen })
      new MutationObserver(() => {
        const value = document.querySelector('progress')?.value
        if (value !== undefined) seen.push(value)
      }).observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true })
    })
    await page.getByRole('option', { name: 'Tern' }).waitFor({ state: 'attached' })
    const add = async (name: string, buffer: Buffer) => {
      await page.getByLabel('File').setInputFiles({ name, mimeType: 'application/octet-stream', buffer })
      await page.getByRole('button', { name: 'Add' }).click()
    }
    await page.getByLabel('Category').fill('Care')
    await add('glazes.md', Buffer.alloc(5 * 1024 * 1024, 'Glazes are glass. '))
    await page.getByText('glazes.md was added.').waitFor()
    const row = page.getByRole('listitem').filter({ hasText: 'glazes.md' })
    await row.getByText('5.0 MB').waitFor()
    await row.getByText('Care').waitFor()
    const seen: number[] = await page.evaluate(() => Reflect.get(window, 'seen'))
    expect(seen.length).toBeGreaterThan(1)
    expect(seen).toEqual([...seen].sort((a, b) => a - b))
    await add('prices.pdf', Buffer.from('MZ\x90\x00 this is a program'))
    await page.getByText(/Not added: The file must be one of pdf, docx, txt, md/).waitFor()
    await row.getByRole('button', { name: 'Remove' }).click()
    await row.getByRole('button', { name: 'Really remove?' }).click()
    await page.getByText('Nothing taught yet').waitFor()
    const [sent, ...more] = await received('/api/admin/knowledge/upload')
    expect([more.length, sent?.bytes]).toEqual([0, expect.any(Number)])
    expect(sent?.bytes).toBeGreaterThan(5 * 1024 * 1024)
  })

  it('reads the analytics and sets who is notified', async () => {
    await chat(browser, leave('Grace'))
    const { page } = await signedIn(browser)
    await page.getByRole('link', { name: 'Analytics' }).click()
    await page.getByRole('img', { name: /^The last two weeks, Conversations and Leads a day\./ }).waitFor()
    await page.getByRole('img', { name: 'What visitors come for. Purchase intent: 1.' }).waitFor()
    await expect
      .poll(() => page.locator('.tile dd').allTextContents())
      .toEqual(['1', '1', '100 %', expect.stringMatching(/ s$/)])
    await page.getByRole('link', { name: 'Notifications' }).click()
    await page.getByLabel('Send an e-mail').check()
    await page.getByLabel('Addresses').fill('nobody')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Not saved: “nobody” in Addresses must be an e-mail address.').waitFor()
    await expect.poll(() => page.getByLabel('Addresses').inputValue()).toBe('nobody')
    await page.getByLabel('Addresses').fill('owner@example.com\nshop@example.com')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Saved.', { exact: true }).waitFor()
    await page.reload()
    await expect.poll(() => page.getByLabel('Addresses').inputValue()).toBe('owner@example.com\nshop@example.com')
    await expect.poll(() => page.getByLabel('Send an e-mail').isChecked()).toBe(true)
  })

  it('can do everything with the keyboard alone, with the focus always visible', async () => {
    await chat(browser, leave('Ada'))
    const { page } = await signedIn(browser)
    await page.getByRole('heading', { name: 'Ada' }).waitFor()
    const focused = () => page.evaluate(() => document.activeElement?.textContent?.trim())
    await page.locator('body').focus()
    await page.keyboard.press('Tab')
    await expect.poll(focused).toBe('Skip to the content')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Tab')
    await expect.poll(focused).toBe('Conversations')
    await page.keyboard.press('Enter')
    const heading = () =>
      page.evaluate(() => document.activeElement?.matches('h1') && document.activeElement.textContent)
    await expect.poll(heading).toBe('Conversations')
    await expect.poll(() => page.title()).toBe('Conversations · Dashboard')
    await expect.poll(() => page.getByRole('link', { name: 'Conversations' }).getAttribute('aria-current')).toBe('page')
    await page.goBack()
    // The heading of this view, not of the one before: a new view takes the focus.
    await expect.poll(heading).toBe('Leads')
    await page.getByText('Edit').focus()
    await page.keyboard.press('Enter')
    await page.keyboard.press('Tab')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Tab')
    await page.keyboard.type('Call on Monday')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.getByText('Saved.').waitFor()
    await page.locator('.notes').getByText('Call on Monday').waitFor()
    await expect.poll(() => page.locator('.badge').textContent()).toBe('Contacted')
  })
})

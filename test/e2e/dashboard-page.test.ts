/** The example dashboard as a page: readable by everybody, strict about itself, and without the key. */
import AxeSource from 'axe-core'
import { beforeEach, describe, expect, inject, it } from 'vitest'
import { browser } from '../support/browser.ts'
import { chat, freshTenant, leave, open, signIn } from '../support/dashboard.ts'

const { dashboard, key } = inject('stack')

beforeEach(freshTenant)

describe('the page', () => {
  it('has no accessibility violation in any view, light, dark and narrow', async () => {
    await chat(browser, leave('Ada'))
    for (const options of [{}, { colorScheme: 'dark' }, { viewport: { width: 360, height: 720 } }] as const) {
      const { page, close } = await open(browser, { ...options, bypassCSP: true })
      const check = async (what: string) => {
        await page.evaluate(AxeSource.source)
        const found = await page.evaluate(async () => {
          const { violations } = await Reflect.get(window, 'axe').run(document)
          return violations.map((one: { id: string; nodes: { html: string }[] }) => [one.id, one.nodes[0]?.html])
        })
        expect([what, found]).toEqual([what, []])
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)
        expect([what, 'wider than the window', overflow]).toEqual([what, 'wider than the window', false])
      }
      await page.getByLabel('E-mail').waitFor()
      await check('Sign in')
      await signIn(page)
      await page.getByText('Edit').click()
      await check('Leads')
      for (const view of ['Conversations', 'Knowledge', 'Analytics', 'Notifications']) {
        await page.getByRole('link', { name: view }).click()
        await page.getByRole('heading', { level: 1, name: view }).waitFor()
        if (view === 'Conversations') await page.getByText('What was said').click()
        await page.getByText('Loading …').waitFor({ state: 'detached' })
        await check(view)
      }
      await close()
    }
  })

  it('keeps its own strict policy and Trusted Types, and never sees the key', async () => {
    const context = await browser.newContext()
    const page = await context.newPage()
    const seen: string[] = []
    page.on('console', (message) => seen.push(message.text()))
    page.on('response', async (response) => seen.push(await response.text().catch(() => '')))
    const policy = (await fetch(dashboard)).headers.get('content-security-policy') ?? ''
    expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'")
    expect(policy).toContain("require-trusted-types-for 'script'; trusted-types 'none'")
    expect(policy).not.toContain('unsafe-')
    await page.addInitScript(() => {
      const violations: string[] = []
      Object.assign(window, { violations })
      document.addEventListener('securitypolicyviolation', (event) => violations.push(event.violatedDirective))
    })
    await chat(browser, leave('Ada'))
    await page.goto(dashboard)
    await signIn(page)
    for (const view of ['Conversations', 'Knowledge', 'Analytics', 'Notifications', 'Leads']) {
      await page.getByRole('link', { name: view }).click()
      await page.getByRole('heading', { level: 1, name: view }).waitFor()
      await page.getByText('Loading …').waitFor({ state: 'detached' })
    }
    expect(await page.evaluate(() => Reflect.get(window, 'violations'))).toEqual([])
    expect(seen.join('\n')).not.toContain(key.slice(5, 13))
  })
})

/** The example dashboard as a page: accessible, under a strict policy, and without the key. */
import AxeSource from 'axe-core'
import { beforeEach, describe, expect, inject, it } from 'vitest'
import { browser } from '../support/browser.ts'
import { chat, freshTenant, leave, open, signIn } from '../support/dashboard.ts'

const { dashboard, key } = inject('stack')

beforeEach(freshTenant)

describe('the dashboard page', () => {
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

  it("fits a phone's width, even with very long visitor names", async () => {
    const long = 'Donaudampfschifffahrtsgesellschaftskapitaen'.repeat(3)
    const lead = { lead_id: 'l1', name: long, email: `${long}@example.org`, phone: '+49 30 1234567', company: long }
    const said = { role: 'visitor', content: `https://shop.example/${long}` }
    const answers: Record<string, object> = {
      leads: {
        leads: [{ ...lead, intent: 'purchase_intent', status: 'qualified', notes: long, tags: [long.slice(0, 50)] }],
      },
      conversations: {
        conversations: [{ session_id: 's1', visitor: lead, messages: [said], intent: long.slice(0, 90) }],
      },
      knowledge: { documents: [{ id: 'd1', name: `${long}.pdf`, category: long.slice(0, 90), size: 5e6 }] },
      widgets: { widgets: [{ widget_id: 'w1', name: long }] },
    }
    const { page } = await open(browser, { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true })
    for (const [name, answer] of Object.entries(answers))
      await page.route(new RegExp(`/api/admin/${name}(\\?|$)`), (route) =>
        route.request().method() === 'GET'
          ? route.fulfill({ headers: { 'Access-Control-Allow-Origin': dashboard }, json: { success: true, ...answer } })
          : route.continue(),
      )
    const width = () => page.evaluate(() => document.documentElement.scrollWidth)
    await page.getByLabel('E-mail').waitFor()
    expect(await width()).toBe(390)
    await signIn(page)
    await page.getByText('Edit').click()
    await expect.poll(width).toBe(390)
    for (const [view, shown] of [
      ['Conversations', 'What was said'],
      ['Knowledge', `${long}.pdf`],
      ['Analytics', 'The last two weeks'],
      ['Notifications', 'Addresses'],
    ] as const) {
      await page.getByRole('link', { name: view }).click()
      await page.getByText(shown).first().waitFor()
      if (view === 'Conversations') await page.getByText(shown).click()
      expect([view, await width()]).toEqual([view, 390])
    }
  })

  it('keeps its own strict policy and Trusted Types, and never receives the key', async () => {
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

/** A webhook from end to end: from the visitor's widget through Caty and the edge to the receiver's page. */
import { randomBytes } from 'node:crypto'
import AxeSource from 'axe-core'
import type { Page } from 'playwright-core'
import { Webhook } from 'standardwebhooks'
import { expect, inject, it } from 'vitest'
import { browser } from '../support/browser.ts'
import { openChat, say, slowDown, visit } from '../support/page.ts'

const { edge, shop, receiver } = inject('stack')

async function openReceiver(): Promise<{ page: Page; errors: string[] }> {
  const context = await browser.newContext()
  const page = await context.newPage()
  const errors: string[] = []
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()))
  page.on('pageerror', (error) => errors.push(String(error)))
  await slowDown(context, page)
  await page.goto(receiver)
  await page.getByText(/^Listening\./).waitFor()
  return { page, errors }
}

const cardOf = (page: Page, event: string, text: string) =>
  page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: event }), hasText: text })

it("a lead from the widget appears on the receiver's open page, verified", async () => {
  const { page, errors } = await openReceiver()
  // The name contains letters only.
  const name = `Ada${[...randomBytes(8)].map((byte) => String.fromCharCode(97 + (byte % 26))).join('')}`
  const at = await openChat(await visit(browser, shop, edge))
  await say(at, `My name is ${name}, ${name.toLowerCase()}@example.org`, /We write to/)
  const lead = cardOf(page, 'lead.captured', `${name.toLowerCase()}@example.org`)
  await lead.waitFor()
  await lead.getByText('verified').waitFor()
  expect(await lead.textContent()).toContain(name)
  await cardOf(page, 'message.received', `My name is ${name}`).waitFor()
  // A page that is opened later shows the same.
  const later = await openReceiver()
  await cardOf(later.page, 'lead.captured', name).waitFor()
  expect([errors, later.errors, at.errors]).toEqual([[], [], []])
})

it("the page shows a visitor's words as text, and ignores events with a wrong signature", async () => {
  const { page, errors } = await openReceiver()
  const at = await openChat(await visit(browser, shop, edge))
  const payload = `<img src=x onerror=document.title='gone'> ${randomBytes(4).toString('hex')}`
  await say(at, payload, /./)
  await cardOf(page, 'message.received', payload).waitFor()
  expect(await page.locator('main img').count()).toBe(0)

  const body = JSON.stringify({ event: 'lead.captured', data: { name: 'Forged' } })
  const now = new Date()
  const forged = await fetch(`${receiver}/hooks`, {
    method: 'POST',
    headers: {
      'webhook-id': 'msg_forged',
      'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
      'webhook-signature': new Webhook(`whsec_${randomBytes(32).toString('base64')}`).sign('msg_forged', now, body),
    },
    body,
  })
  expect(forged.status).toBe(401)
  await page.getByText(/\b\d+ refused\./).waitFor()
  expect(await page.getByText('Forged').count()).toBe(0)
  expect(await page.title()).toBe('Webhooks as they come')

  // Without the page's policy, which would block axe too, in both colour schemes.
  for (const colorScheme of ['light', 'dark'] as const) {
    const context = await browser.newContext({ bypassCSP: true, colorScheme, reducedMotion: 'reduce' })
    const checked = await context.newPage()
    await slowDown(context, checked)
    await checked.goto(receiver)
    await cardOf(checked, 'message.received', payload).waitFor()
    await checked.evaluate(AxeSource.source)
    const violations = await checked.evaluate('axe.run().then(({ violations }) => violations.map(({ id }) => id))')
    expect(violations).toEqual([])
  }
  expect(errors).toEqual([])
})

/** Stories beside plain talk: a lead by intent, an appointment, a carousel to the product's page, a file, a person. */
import AxeSource from 'axe-core'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest'
import { launchBrowser } from '../../tools/browser.ts'
import { hostUrl } from '../support/host-page.ts'
import { enter, say, type Visit, visit } from '../support/page.ts'

const { edge, shop, sandbox, host } = inject('stack')
let browser: Browser

beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser.close())
beforeEach(() => control('reset', {}))

const control = (name: string, body: object) =>
  fetch(`${sandbox}/__sandbox/${name}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  })
type Call = { method: string; path: string; body: string }
const received = async (path: string): Promise<Call[]> => {
  const { requests }: { requests: Call[] } = await (await fetch(`${sandbox}/__sandbox/requests`)).json()
  return requests.filter((call) => call.path.startsWith(path))
}
const bodies = async (path: string): Promise<Record<string, unknown>[]> =>
  (await received(path)).filter(({ method }) => method === 'POST').map(({ body }) => JSON.parse(body))

async function open(at: Visit): Promise<Visit> {
  await at.launcher.click()
  await at.composer.waitFor()
  return at
}
/** Writes down what the page hears from the widget. */
const listen = (at: Visit, ...events: string[]) =>
  at.page.evaluate((names) => {
    const heard: unknown[] = []
    Reflect.set(window, 'heard', heard)
    const widget = Reflect.get(window, 'CatyWidget')
    for (const name of names) widget.on(name, (detail: unknown) => heard.push([name, detail]))
  }, events)
const heard = (at: Visit): Promise<[string, Record<string, unknown>][]> => at.page.evaluate('window.heard')

/** Everything axe knows about WCAG 2.2 A and AA within the widget, once nothing moves any more. */
async function violations(at: Visit): Promise<unknown> {
  await at.page.evaluate(AxeSource.source)
  return at.page.evaluate(async () => {
    const moving = document.querySelector('caty-widget')?.shadowRoot?.getAnimations() ?? []
    await Promise.allSettled(
      moving.filter((each) => each.effect?.getComputedTiming().iterations !== Infinity).map((each) => each.finished),
    )
    const results = await Reflect.get(window, 'axe').run('caty-widget', {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    })
    return results.violations.map((each: { id: string; nodes: { html: string }[] }) => [
      each.id,
      each.nodes.map(({ html }) => html),
    ])
  })
}
const chunks = (at: Visit) =>
  at.calls.filter((call) => call.includes('/chunks/')).map((call) => /chunks\/\w+\/(.+)\.js$/.exec(call)?.[1])
const reports = async () => (await (await fetch(`${shop}/__shop/violations`)).json()).violations

let widgets = 0
/** A page of our own with a widget of this configuration. */
async function page(config: object, attributes = ''): Promise<Visit> {
  await control('config', { config })
  const html = `<!doctype html><html lang="en"><title>Host</title><body><h1>Host</h1><script async src="${edge}/widget.js" data-widget-id="g${widgets++}" ${attributes}></script></body></html>`
  return open(await enter(await browser.newContext(), hostUrl(host, html), edge))
}

describe('a lead by intent', () => {
  it('is asked for once, keeps what was typed when it fails, and arrives with the page knowing', async () => {
    const before = await reports()
    const at = await open(await visit(browser, shop, edge))
    await listen(at, 'lead', 'form_submitted', 'products')
    await say(at, 'Do you have a blue mug?', /Harbour mug/)
    const form = at.dialog.locator('form[part=form]')
    await form.waitFor()
    // It has opened by itself: whoever is typing goes on typing.
    expect(await at.composer.first().evaluate((field) => field.matches(':focus'))).toBe(true)
    expect(await violations(at)).toEqual([])

    await form.getByLabel('Name').fill('Ada')
    await form.getByRole('button', { name: 'Send' }).click()
    await form.getByText('Please fill this in.').waitFor()
    await form.getByLabel('E-mail').fill('ada@example')
    await form.getByRole('button', { name: 'Send' }).click()
    await form.getByText('name@example.com').waitFor()
    expect(await received('/api/widget/lead')).toEqual([])
    expect(await violations(at)).toEqual([])

    await form.getByLabel('E-mail').fill('ada@example.com')
    await control('faults', { path: '/api/widget/lead', status: 500, times: 1 })
    await form.getByRole('button', { name: 'Send' }).click()
    await form.getByRole('alert').waitFor()
    expect(await form.getByLabel('Name').inputValue()).toBe('Ada')
    await form.getByRole('button', { name: 'Send' }).click()
    await at.log.getByText('Thank you! We will be in touch.').waitFor()
    expect((await bodies('/api/widget/lead')).at(-1)).toMatchObject({ name: 'Ada', email: 'ada@example.com' })
    const events = await heard(at)
    expect(events.map(([name]) => name)).toEqual(['products', 'form_submitted', 'lead'])
    expect(events[2]?.[1]).toEqual({ name: 'Ada', email: 'ada@example.com' })

    await at.page.reload()
    await at.composer.first().waitFor()
    await say(at, 'And a green bowl?', /show you/)
    await at.log.locator('[part=product]').first().waitFor()
    expect(await form.count()).toBe(0)
    // One error line each: the planned failure.
    expect(at.errors.filter((line) => !line.includes('502'))).toEqual([])
    expect(await reports()).toBe(before)
    await at.context.close()
  })

  it('loads forms and cards when they are needed, and not before', async () => {
    const at = await open(await visit(browser, shop, edge))
    await say(at, 'When are you open?', /Monday/)
    expect(chunks(at).filter((name) => /guide|forms|products|more/.test(name ?? ''))).toEqual([])
    await say(at, 'Do you have a blue mug?', /Harbour mug/)
    await at.log.locator('[part=product]').first().waitFor()
    await at.dialog.locator('form[part=form]').waitFor()
    expect(
      chunks(at)
        .filter((name) => /guide|forms|products|more|schedule|handoff|files/.test(name ?? ''))
        .sort(),
    ).toEqual(['forms', 'guide', 'more/en', 'products'])
    await at.context.close()
  })
})

describe('an appointment', () => {
  it("offers the visitor's own days and the shop's own times, by the keyboard alone", async () => {
    // Where it is another day than in UTC just now, the visitor's day counts.
    const timezoneId = new Date().getUTCHours() >= 10 ? 'Pacific/Kiritimati' : 'Pacific/Pago_Pago'
    const local = new Intl.DateTimeFormat('sv', { timeZone: timezoneId }).format(new Date())
    expect(local).not.toBe(new Date().toISOString().slice(0, 10))
    const at = await open(await visit(browser, shop, edge, { timezoneId }))
    await listen(at, 'scheduled', 'form_submitted')
    await say(at, 'Can I book a visit?', /Which day suits you/)
    await at.dialog.getByRole('button', { name: 'Choose a time' }).click()
    const form = at.dialog.locator('form[part=form]')
    const name = form.getByLabel('Name')
    await name.waitFor()
    // It was asked for, so it has the focus.
    expect(await name.evaluate((field) => field.matches(':focus'))).toBe(true)
    await at.page.keyboard.type('Ada')
    await at.page.keyboard.press('Tab')
    await at.page.keyboard.type('+353 1 555 0142')

    const days = form.locator('input[name=date]')
    expect(await days.count()).toBe(7)
    expect(await days.first().inputValue()).toBe(local)
    const values = await days.evaluateAll((inputs) => inputs.map((input) => Reflect.get(input, 'value')))
    const sunday = values.findIndex((day) => new Date(`${day}T12:00:00Z`).getUTCDay() === 0)
    await at.page.keyboard.press('Tab')
    await at.page.keyboard.press('Space')
    for (let day = 0; day < sunday; day++) await at.page.keyboard.press('ArrowRight')
    await form.getByText('No free times on this day.').waitFor()
    await at.page.keyboard.press(sunday < 6 ? 'ArrowRight' : 'ArrowLeft')
    const times = form.locator('input[name=time]')
    await times.first().waitFor({ state: 'attached' })
    expect(await times.evaluateAll((inputs) => inputs.map((input) => Reflect.get(input, 'value')))).toContain('14:30')
    expect(await violations(at)).toEqual([])
    await at.page.keyboard.press('Tab')
    await at.page.keyboard.press('Space')
    await at.page.keyboard.press('ArrowRight')
    await at.page.keyboard.press('Enter')
    await at.log.getByText('You are booked for').waitFor()
    const [sent] = await bodies('/api/widget/schedule')
    const date = values[sunday < 6 ? sunday + 1 : sunday - 1]
    expect(sent).toMatchObject({ name: 'Ada', phone: '+353 1 555 0142', date, time: '11:00' })
    expect((await heard(at)).map(([event]) => event)).toEqual(['scheduled', 'form_submitted'])
    await at.context.close()
  })

  it('invents no times when they cannot be loaded, and asks again on a click', async () => {
    const at = await open(await visit(browser, shop, edge))
    await say(at, 'Can I book a visit?', /Which day suits you/)
    const form = at.dialog.locator('form[part=form]')
    await form.waitFor()
    await control('faults', { path: '/api/widget/schedule/slots', status: 500, times: 2 })
    await form
      .locator('input[name=date]')
      .nth(new Date().getDay() === 6 ? 0 : 1)
      .locator('..')
      .click()
    await form.getByText('The free times could not be loaded.').waitFor()
    expect(await form.locator('input[name=time]').count()).toBe(0)
    await control('reset', {})
    await form.getByRole('button', { name: 'Try again' }).click()
    await form
      .getByText(/10:00|No free times/)
      .first()
      .waitFor()
    // The first Escape closes the form, the second one the chat.
    await form.getByLabel('Name').press('Escape')
    await form.waitFor({ state: 'detached' })
    expect(await at.dialog.isVisible()).toBe(true)
    await at.page.keyboard.press('Escape')
    await at.dialog.waitFor({ state: 'hidden' })
    await at.context.close()
  })
})

describe('a carousel', () => {
  it("leads to the product's page, where the conversation goes on", async () => {
    const at = await open(await visit(browser, shop, edge))
    await say(at, 'Show me your mugs', /show you/)
    const cards = at.log.locator('[part=product]')
    await cards.first().waitFor()
    const row = at.log.getByRole('list', { name: 'Products' })
    const scrolled = () => row.evaluate((list) => list.scrollLeft)
    expect(await scrolled()).toBe(0)
    await at.log.getByRole('button', { name: 'Next' }).click()
    await expect.poll(scrolled).toBeGreaterThan(100)
    // By the keyboard: the row takes the focus and the arrow keys.
    await row.focus()
    const [here] = [await scrolled()]
    await at.page.keyboard.press('ArrowLeft')
    await expect.poll(scrolled).toBeLessThan(here)

    await at.page.evaluate(() => addEventListener('caty:productView', () => sessionStorage.setItem('seen', '1')))
    await at.log.getByRole('link', { name: 'View: Harbour mug' }).click()
    await at.page.waitForURL('**/product/mug-harbour')
    expect(await at.page.evaluate(() => sessionStorage.getItem('seen'))).toBe('1')
    await at.composer.first().waitFor()
    await at.log.getByText('Show me your mugs').waitFor()
    await cards.first().waitFor()
    await say(at, 'How long does shipping take?', /working days/)
    expect((await received('/api/widget/session')).length).toBe(1)
    expect(at.errors).toEqual([])
    await at.context.close()
  })

  it('stands in every tab of the visitor', async () => {
    const at = await open(await visit(browser, shop, edge))
    const other = await open(await enter(at.context, `${shop}/contact`, edge))
    await at.page.bringToFront()
    await say(at, 'Show me your mugs', /show you/)
    await at.log.locator('[part=product]').first().waitFor()
    await other.page.bringToFront()
    await other.log.locator('[part=product]').first().waitFor()
    await at.context.close()
  })

  it('orders by a message', async () => {
    const at = await open(await visit(browser, shop, edge))
    await say(at, 'Show me your mugs', /show you/)
    await at.log.getByRole('button', { name: 'Buy: Harbour mug' }).click()
    await at.log.getByText('I would like to order: Harbour mug').waitFor()
    await at.context.close()
  })
})

describe('a file', () => {
  const PNG = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex')

  it('is refused before it is sent when it is of the wrong kind, and arrives when it is right', async () => {
    const at = await page({ capabilities: { file_upload: true } })
    const chosen = at.dialog.locator('input[type=file]')
    await chosen.setInputFiles({ name: 'tool.exe', mimeType: 'application/octet-stream', buffer: PNG })
    await at.dialog.getByText('This kind of file cannot be sent.').waitFor()
    expect(await violations(at)).toEqual([])
    expect(await received('/api/widget/upload')).toEqual([])
    await chosen.setInputFiles({ name: 'broken mug.png', mimeType: 'image/png', buffer: PNG })
    await at.log.getByText('Thank you, I have received broken mug.png.').waitFor()
    expect(await at.log.getByText('📎 broken mug.png').count()).toBe(1)
    expect(await received('/api/widget/upload')).toHaveLength(1)
    await at.context.close()
  })

  it('that only looks right is refused by the edge, and the visitor is told', async () => {
    const at = await page({ capabilities: { file_upload: true } })
    const chosen = at.dialog.locator('input[type=file]')
    await chosen.setInputFiles({ name: 'fake.png', mimeType: 'image/png', buffer: Buffer.from('MZ program') })
    await at.dialog.getByText('This kind of file cannot be sent.').waitFor()
    expect(await received('/api/widget/upload')).toEqual([])
    await at.context.close()
  })
})

describe('a person', () => {
  it('is asked to join', async () => {
    const at = await open(await visit(browser, shop, edge))
    await say(at, 'I want to talk to a person', /Of course/)
    await at.dialog.getByRole('button', { name: 'Talk to a person' }).first().click()
    await at.log.getByText('A person will join within a few minutes.').waitFor()
    expect(await violations(at)).toEqual([])
    const [asked] = await bodies('/api/widget/handoff/request')
    expect(asked).toMatchObject({ reason: 'user_request' })
    await at.context.close()
  })

  it("is not disturbed outside of the hours, which stand in the owner's config", async () => {
    const at = await page({
      availability: { timezone: 'Europe/Bucharest', hours: {} },
      offline_message: 'Our team is asleep.',
      auto_config: {
        forms: [],
        buttons: [{ active: true, display_context: ['welcome'], label: { en: 'Human, please' }, action: 'handoff' }],
      },
    })
    await at.dialog.getByRole('button', { name: 'Human, please' }).click()
    await at.log.getByText('Our team is asleep.').waitFor()
    expect(await received('/api/widget/handoff/request')).toEqual([])
    await at.dialog.getByRole('button', { name: 'Write to us' }).click()
    await at.dialog.locator('form[part=form]').getByLabel('Your question').waitFor()
    await at.context.close()
  })
})

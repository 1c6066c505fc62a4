/** Forms: a lead form that opens by intent, and an appointment. */
import { beforeEach, describe, expect, inject, it } from 'vitest'
import { violations } from '../support/axe.ts'
import { browser } from '../support/browser.ts'
import { chunks, heard, listen } from '../support/guide-stories.ts'
import { ask, enter, openChat, say, visit } from '../support/page.ts'
import { bodies, planFaults, received, resetSandbox } from '../support/sandbox.ts'

const { edge, shop } = inject('stack')

beforeEach(resetSandbox)

const reports = async () => (await (await fetch(`${shop}/__shop/violations`)).json()).violations

describe('a form whose chunk fails to load', () => {
  it('is reported in the chat, to the page and on the console, and opens on a second attempt', async () => {
    const context = await browser.newContext()
    const forms = /\/chunks\/\w+\/forms\.js/
    await context.route(forms, (route) => route.abort())
    const at = await openChat(await enter(context, shop, edge))
    await say(at, 'Your newsletter?', /Leave us your name/)
    await at.dialog.getByRole('button', { name: 'Contact form' }).click()
    const retry = at.dialog.getByRole('button', { name: 'Retry' })
    await retry.waitFor()
    expect(await ask(at, 'getUnavailableReason()')).toBe('chunk_blocked')
    expect(at.lines.filter((line) => line.includes('chunk_blocked'))).toHaveLength(1)
    await context.unroute(forms)
    await retry.click()
    await at.dialog.locator('form[part=form]').waitFor()
  })
})

describe('a lead form that opens by intent', () => {
  it('opens once, keeps the typed values after a failure, and tells the page once it is sent', async () => {
    const reported = await reports()
    const at = await openChat(await visit(browser, shop, edge))
    await listen(at, 'lead', 'form_submitted', 'products')
    await say(at, 'I would like to buy a blue mug', /Harbour mug/)
    const form = at.dialog.locator('form[part=form]')
    await form.waitFor()
    // The form opened by itself, so the focus stays where the visitor types.
    await expect.poll(() => at.composer.first().evaluate((field) => field.matches(':focus'))).toBe(true)
    expect(await violations(at.page)).toEqual([])

    await form.getByLabel('Name').fill('Ada')
    await form.getByRole('button', { name: 'Send' }).click()
    await form.getByText('Please fill this in.').waitFor()
    await expect.poll(() => form.getByLabel('E-mail').evaluate((field) => field.matches(':focus'))).toBe(true)
    await form.getByLabel('E-mail').fill('ada@example')
    await form.getByRole('button', { name: 'Send' }).click()
    await form.getByText('name@example.com').waitFor()
    expect(await received('/api/widget/lead')).toEqual([])
    expect(await violations(at.page)).toEqual([])

    await form.getByLabel('E-mail').fill('ada@example.com')
    await planFaults({ path: '/api/widget/lead', status: 500 })
    await form.getByRole('button', { name: 'Send' }).click()
    await form.getByRole('alert').waitFor()
    expect(await form.getByLabel('Name').inputValue()).toBe('Ada')
    await form.getByRole('button', { name: 'Send' }).click()
    await at.log.getByText('Thank you! We will be in touch.').waitFor()
    expect((await bodies('/api/widget/lead')).at(-1)).toMatchObject({ name: 'Ada', email: 'ada@example.com' })
    const events = await heard(at)
    expect(events.map(([name]) => name)).toEqual(['products', 'form_submitted', 'lead'])
    expect(events[2]?.[1]).toEqual({ name: 'Ada', email: 'ada@example.com' })

    const before = chunks(at).length
    await at.page.reload()
    await at.composer.first().waitFor()
    await say(at, 'And buy a green bowl?', /show you/)
    // The cards of the second reply; the cards of the first come with the page.
    await at.log.getByRole('list', { name: 'Products' }).nth(1).waitFor()
    expect(chunks(at).slice(before)).toContain('products')
    expect(chunks(at).slice(before)).not.toContain('forms')
    expect(await form.count()).toBe(0)
    // One error line for each planned failure.
    expect(at.errors.filter((line) => !line.includes('502'))).toEqual([])
    expect(await reports()).toBe(reported)
  })

  it('loads forms and cards only when they are needed', async () => {
    const at = await openChat(await visit(browser, shop, edge))
    await say(at, 'When are you open?', /Monday/)
    expect(chunks(at).filter((name) => /guide|forms|products|more/.test(name ?? ''))).toEqual([])
    await say(at, 'I would like to buy a blue mug', /Harbour mug/)
    await at.log.locator('[part=product]').first().waitFor()
    await at.dialog.locator('form[part=form]').waitFor()
    expect(
      chunks(at)
        .filter((name) => /guide|forms|products|more|schedule|handoff|files/.test(name ?? ''))
        .sort(),
    ).toEqual(['forms', 'guide', 'more/en', 'products'])
  })
})

describe('an appointment', () => {
  it("offers days in the visitor's time zone and the shop's slots, by keyboard alone", async () => {
    // In this time zone the day now differs from UTC; the visitor's day counts.
    const now = new Date()
    const timezoneId = now.getUTCHours() >= 10 ? 'Pacific/Kiritimati' : 'Pacific/Pago_Pago'
    const local = new Intl.DateTimeFormat('sv', { timeZone: timezoneId }).format(now)
    expect(local).not.toBe(now.toISOString().slice(0, 10))
    const at = await openChat(await visit(browser, shop, edge, { timezoneId }))
    await listen(at, 'scheduled', 'form_submitted')
    await say(at, 'Can I book a visit?', /Which day suits you/)
    await at.dialog.getByRole('button', { name: 'Choose a time' }).click()
    const form = at.dialog.locator('form[part=form]')
    const name = form.getByLabel('Name')
    await name.waitFor()
    // The visitor asked for the form, so it has the focus.
    await expect.poll(() => name.evaluate((field) => field.matches(':focus'))).toBe(true)
    await at.page.keyboard.type('Ada')
    await at.page.keyboard.press('Tab')
    await at.page.keyboard.type('+353 1 555 0142')

    const days = form.locator('input[name=date]')
    await expect.poll(() => days.count()).toBe(7)
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
    expect(await violations(at.page)).toEqual([])
    await at.page.keyboard.press('Tab')
    await at.page.keyboard.press('Space')
    await at.page.keyboard.press('ArrowRight')
    await at.page.keyboard.press('Enter')
    await at.log.getByText('You are booked for').waitFor()
    const [sent] = await bodies('/api/widget/schedule')
    const date = values[sunday < 6 ? sunday + 1 : sunday - 1]
    expect(sent).toMatchObject({ name: 'Ada', phone: '+353 1 555 0142', date, time: '11:00' })
    expect((await heard(at)).map(([event]) => event)).toEqual(['scheduled', 'form_submitted'])
  })

  it('shows no slots when they fail to load, and asks again on a click', async () => {
    const at = await openChat(await visit(browser, shop, edge))
    await say(at, 'Can I book a visit?', /Which day suits you/)
    const form = at.dialog.locator('form[part=form]')
    await form.waitFor()
    await planFaults({ path: '/api/widget/schedule/slots', status: 500, times: 2 })
    await form
      .locator('input[name=date]')
      .nth(new Date().getDay() === 6 ? 0 : 1)
      .locator('..')
      .click()
    await form.getByText('The free times could not be loaded.').waitFor()
    expect(await form.locator('input[name=time]').count()).toBe(0)
    await resetSandbox()
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
  })
})

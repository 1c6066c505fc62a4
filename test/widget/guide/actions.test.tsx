/** What each kind of suggested action does, beside links and plain messages. */
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { begin, loaded } from './harness.tsx'
import { strings } from './strings.ts'

const titles: Record<string, string> = {
  lead: strings.leadTitle,
  contact: strings.contactTitle,
  quote: strings.quoteTitle,
  newsletter: strings.newsletterTitle,
  feedback: strings.feedbackTitle,
  schedule: strings.scheduleTitle,
}

beforeEach(() => vi.spyOn(console, 'warn').mockImplementation(() => undefined))

describe('actions', () => {
  it.each([
    ['form', {}, 'lead'],
    ['contact_me', {}, 'lead'],
    ['leave_contact', {}, 'lead'],
    ['schedule', {}, 'schedule'],
    ['contact_form', {}, 'contact'],
    ['open_form', { form_type: 'booking' }, 'schedule'],
    ['open_form', { form_type: 'quote' }, 'quote'],
    ['open_form', { form_type: 'newsletter' }, 'newsletter'],
    ['open_form', { form_type: 'review' }, 'feedback'],
    ['open_form', { form_type: 'contact' }, 'contact'],
    ['open_form', { form_type: 'lead_capture' }, 'lead'],
  ])('%s with %j opens the form %s and gives it the focus', async (action, payload, kind) => {
    const at = begin()
    await at.act({ action, payload })
    expect(at.find('.form-title')?.textContent).toBe(titles[kind])
    expect(at.root.activeElement).toBe(at.find('form input'))
  })

  it('form asks for the fields of its payload, otherwise for those of the configuration', async () => {
    const at = begin({ capabilities: { lead_capture_fields: ['name', 'phone'] } })
    const names = () => [...at.place.querySelectorAll('form [name]')].map((field) => field.getAttribute('name'))
    await at.act({ action: 'form', payload: { fields: ['email', 'company'] } })
    expect(names()).toEqual(['email', 'company'])
    at.button(strings.cancel)?.click()
    await at.act({ action: 'form' })
    expect(names()).toEqual(['name', 'phone'])
  })

  it.each([
    ['an unknown kind', { action: 'teleport' }, 'Label'],
    ['one with a message', { action: 'send_form_message', payload: { message: 'Hello' } }, 'Hello'],
    ['order', { action: 'order', value: 'Mug' }, 'I would like to order: Mug'],
    ['buy', { action: 'buy', payload: { items: [{ name: 'Bowl' }] } }, 'I would like to order: Bowl'],
  ])('%s sends text', async (_, action, text) => {
    const at = begin()
    await at.act(action)
    expect(at.seen.messages).toEqual([text])
  })

  it("order uses the visitor's language", async () => {
    const at = begin({}, 'de')
    await at.act({ action: 'order', value: 'Tasse' })
    expect(at.seen.messages).toEqual(['Ich möchte bestellen: Tasse'])
  })

  it('handoff asks for a person, and shows other ways to reach one', async () => {
    const at = begin({ business: { phone: '+353 1 555 0142' } })
    await at.act({ action: 'handoff' })
    expect(at.seen.calls).toEqual([['/api/widget/handoff/request', { session_id: 'handle', reason: 'user_request' }]])
    expect(at.button(strings.call)?.getAttribute('href')).toBe('tel:+35315550142')
    at.button(strings.writeUs)?.click()
    await loaded()
    expect(at.find('.form-title')?.textContent).toBe(strings.contactTitle)
  })

  it('an offered time opens the appointment form with that time chosen', async () => {
    const at = begin()
    const slots = [{ label: '10:00' }, { label: '11:00' }]
    await at.answer({ actions: [{ label: 'Pick', action: 'slot_picker', payload: { date: '2030-01-02', slots } }] })
    at.button('11:00')?.click()
    await loaded()
    expect(at.find<HTMLInputElement>('input[name=date]:checked')?.value).toBe('2030-01-02')
    expect(at.find<HTMLInputElement>('input[name=time]:checked')?.value).toBe('11:00')
  })
})

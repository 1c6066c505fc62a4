/** Every form: its fields, its validation, what it sends, and that nothing the visitor typed is lost. */
import { describe, expect, it } from 'vitest'
import type { CallFault } from '../../../widget/client/errors.ts'
import { open } from './form-page.tsx'
import { settled, strings } from './strings.ts'

describe('what each form sends', () => {
  it('a lead, by the call for leads, and the page gets the events', async () => {
    const form = open({ fields: ['name', 'email', 'company', 'team_size'] })
    form.type('name', ' Ada ')
    form.type('email', 'ada@example.com')
    form.type('team_size', '12')
    await form.submit()
    const body = { name: 'Ada', email: 'ada@example.com', custom_fields: { team_size: '12' } }
    expect(form.seen.sent).toEqual([{ path: '/api/widget/lead', body }])
    expect(form.seen.events).toEqual([
      ['form_submitted', { form_type: 'lead', ...body }],
      ['lead', body],
      ['lead_captured', body],
    ])
    expect(form.seen.thanks).toEqual([strings.thanks])
  })

  it('an offer, with the product', async () => {
    const form = open({ kind: 'offer', product: { id: '7', name: 'Tour', price: 20, image_url: '/t.svg' } })
    expect(form.place.textContent).toContain('Tour')
    form.type('name', 'Ada')
    form.type('email', 'ada@example.com')
    await form.submit()
    expect(form.seen.sent[0]?.body).toMatchObject({
      lead_type: 'offer_request',
      requested_product: { id: '7', name: 'Tour', price: 20, image: '/t.svg' },
    })
  })

  it.each([
    ['contact', 'contact', { name: 'A', email: 'a@b.cd', message: 'Hi' }],
    ['quote', 'quote_request', { name: 'A', email: 'a@b.cd', phone: '+1 555 0100', description: 'Ten mugs' }],
    ['newsletter', 'newsletter', { email: 'a@b.cd' }],
  ] as const)('%s, as the form %s', async (kind, form_type, fields) => {
    const form = open({ kind })
    for (const [name, text] of Object.entries(fields)) form.type(name, text)
    await form.submit()
    expect(form.seen.sent).toEqual([{ path: '/api/widget/form', body: { form_type, ...fields } }])
    expect(form.seen.events.map(([event]) => event)).toEqual(['form_submitted', 'lead', 'lead_captured'])
  })

  it('feedback by stars, which are named radio buttons, and is no lead', async () => {
    const form = open({ kind: 'feedback' })
    const stars = [...form.place.querySelectorAll<HTMLInputElement>('input[type=radio]')]
    expect(stars.map((star) => star.getAttribute('aria-label'))).toEqual([1, 2, 3, 4, 5].map((n) => `${n} of 5 stars`))
    stars[3]?.click()
    form.type('comment', 'Nice')
    await form.submit()
    expect(form.seen.sent[0]?.body).toEqual({ form_type: 'feedback', rating: 4, comment: 'Nice' })
    expect(form.seen.events.map(([event]) => event)).toEqual(['form_submitted'])
    expect(form.seen.thanks).toEqual([strings.thanksFeedback])
  })
})

describe('the fields of a form', () => {
  it('all have labels, and browsers can fill in what they know', () => {
    const form = open({ kind: 'quote' })
    for (const field of form.place.querySelectorAll<HTMLElement>('[name]'))
      expect(form.find(`label[for="${field.id}"]`)?.textContent, field.id).toBeTruthy()
    const hints = [...form.place.querySelectorAll('input')].map((field) => field.getAttribute('autocomplete'))
    expect(hints).toEqual(['name', 'email', 'tel'])
  })

  it("are the owner's, also a field that only the owner knows", () => {
    const form = open({ fields: ['name', 'phone', 'team_size', 'constructor'] })
    expect(form.names()).toEqual(['name', 'phone', 'team_size', 'constructor'])
    expect(form.find('label[for=caty-team_size]')?.textContent).toContain('Team size')
  })

  it('one of address and phone number is enough, none is not', async () => {
    const form = open({ fields: ['name', 'phone', 'email'] })
    form.type('name', 'Ada')
    await form.submit()
    expect(form.problem('phone')).toBe(strings.reach)
    form.type('phone', '(0171) 555 01 00')
    await form.submit()
    expect(form.seen.sent[0]?.body).toEqual({ name: 'Ada', phone: '0171 555 01 00' })
  })
})

describe('problems are reported', () => {
  it('at the field, before anything is sent, until the value is right', async () => {
    const form = open({ kind: 'contact' })
    form.type('email', 'nobody')
    form.type('phone', 'call me')
    await form.submit()
    expect(form.seen.sent).toEqual([])
    expect(['name', 'email', 'phone', 'message'].map(form.problem)).toEqual([
      strings.required,
      strings.badEmail,
      strings.badPhone,
      strings.required,
    ])
    const name = form.find('[name=name]')
    expect(name?.getAttribute('aria-invalid')).toBe('true')
    expect(name?.getAttribute('aria-describedby')).toBe('caty-name-e')
    form.type('name', 'Ada')
    await settled()
    expect(form.problem('name')).toBe('')
  })

  it('when the visitor leaves a field with a wrong value, and for a missing value when the form is sent', async () => {
    const form = open({})
    for (const name of ['name', 'email']) form.find(`[name=${name}]`)?.dispatchEvent(new Event('blur'))
    form.type('email', 'nobody')
    form.find('[name=email]')?.dispatchEvent(new Event('blur'))
    await settled()
    expect([form.problem('name'), form.problem('email')]).toEqual(['', strings.badEmail])
  })

  it.each([
    ['+49 (0)171 555', true],
    ['٠١٢٣٤٥٦', true],
    ['+90１２３４５', true],
    ['०१२३४५', true],
    ['12', false],
    ['+', false],
    ['1; drop', false],
  ])('phone number %j is valid: %s', async (phone, counts) => {
    const form = open({ fields: ['phone'] })
    form.type('phone', phone)
    await form.submit()
    expect(form.seen.sent.length).toBe(counts ? 1 : 0)
    // What is sent passes the edge's schema.
    if (counts) expect(form.seen.sent[0]?.body.phone).toMatch(/^[+\d][\d\s()./-]{3,}$/)
  })

  it("the edge's complaint is shown at its field", async () => {
    const form = open({}, [{ kind: 'refused', status: 400, code: 'validation_error', field: 'email', detail: 'x' }])
    form.type('name', 'Ada')
    form.type('email', 'ada@example.com')
    await form.submit()
    expect(form.problem('email')).toBe(strings.badEmail)
    expect(form.seen.thanks).toEqual([])
  })

  it.each<[string, CallFault, string]>([
    ['offline', { kind: 'offline' }, `${strings.offline} ${strings.formFailed}`],
    ['no answer', { kind: 'timeout' }, `${strings.timeout} ${strings.formFailed}`],
    ['too busy', { kind: 'busy', retryAfter: 5 }, strings.formFailed],
    [
      'refused by Caty',
      { kind: 'refused', status: 400, code: 'validation_error', detail: 'No.' },
      `${strings.refused} No.`,
    ],
    ['Caty down', { kind: 'refused', status: 502, code: 'upstream_error' }, strings.formFailed],
    ['closed', { kind: 'refused', status: 503, code: 'maintenance' }, strings.maintenance],
  ])('%s: in a sentence, with all values kept, and the form can be sent again', async (_, fault, sentence) => {
    const form = open({}, [fault])
    form.type('name', 'Ada')
    form.type('email', 'ada@example.com')
    await form.submit()
    expect(form.find('[role=alert]')?.textContent).toBe(sentence)
    expect(form.find<HTMLInputElement>('[name=name]')?.value).toBe('Ada')
    expect([form.seen.thanks, form.seen.events]).toEqual([[], []])
    await form.submit()
    expect(form.seen.thanks).toEqual([strings.thanks])
  })
})

it('shows that it is sending, and ignores a second click', async () => {
  let finish = () => {}
  let calls = 0
  const form = open({}, [], {
    post: () => {
      calls += 1
      return new Promise((resolve) => {
        finish = () => resolve(JSON.parse('{}'))
      })
    },
  })
  form.type('name', 'Ada')
  form.type('email', 'ada@example.com')
  await form.submit()
  await form.submit()
  expect(form.find('button[type=submit]')?.textContent).toBe(strings.sending)
  expect(form.find('form')?.getAttribute('aria-busy')).toBe('true')
  expect(calls).toBe(1)
  finish()
  await settled()
  expect(form.seen.thanks).toEqual([strings.thanks])
})

it('Escape closes the form, not the chat', () => {
  const form = open({})
  let reached = false
  form.place.addEventListener('keydown', () => {
    reached = true
  })
  form.find('[name=name]')?.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }))
  expect([form.seen.closed, reached]).toEqual([1, false])
})

it('a form that the visitor asked for takes the focus, one that opened by itself does not', () => {
  const asked = open({ byVisitor: true })
  expect(document.activeElement).toBe(asked.find('[name=name]'))
  open({ byVisitor: false })
  expect(document.activeElement).toBe(document.body)
})

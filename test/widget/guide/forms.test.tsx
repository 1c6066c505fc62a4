/** Every form: what it asks, what it complains about, what it sends, and that nothing typed is lost. */
import { h, render } from 'preact'
import { describe, expect, it } from 'vitest'
import { CallError, type CallFault } from '../../../widget/client/errors.ts'
import { Form } from '../../../widget/forms/form.tsx'
import type { AskedForm, FormProps } from '../../../widget/guide/part.ts'
import { Schedule } from '../../../widget/schedule/index.tsx'
import { said, settled } from './words.ts'

type Sent = { path: string; body: Record<string, unknown> }

/** A form on the page, and everything it was seen to do. `fails` is how the calls end, in their order. */
function open(asked: Partial<AskedForm>, fails: (CallFault | undefined)[] = [], more: Partial<FormProps> = {}) {
  const place = document.createElement('div')
  document.body.replaceChildren(place)
  const seen = { sent: [] as Sent[], events: [] as [string, unknown][], thanks: [] as string[], closed: 0 }
  const values = {}
  const props: FormProps = {
    asked: { kind: 'lead', byVisitor: false, ...asked },
    said,
    values,
    async post(path, body) {
      seen.sent.push({ path, body })
      const fault = fails.shift()
      if (fault) throw new CallError(fault)
      return JSON.parse('{}')
    },
    slots: async () => ({ slots: [] }),
    emit: (event, detail) => seen.events.push([event, detail]),
    done: (thanks) => seen.thanks.push(thanks),
    close: () => {
      seen.closed += 1
    },
    ...more,
  }
  render(<Form {...props} />, place)
  const find = <E extends HTMLElement>(selector: string) => place.querySelector<E>(selector)
  return {
    place,
    seen,
    find,
    values,
    names: () => [...place.querySelectorAll('[name]')].map((field) => field.getAttribute('name')),
    problem: (name: string) => find(`#caty-${name}-e`)?.textContent ?? '',
    type(name: string, text: string) {
      const field = find<HTMLInputElement>(`[name=${name}]`)
      if (!field) throw new Error(`no field ${name}`)
      field.value = text
      field.dispatchEvent(new Event('input', { bubbles: true }))
    },
    async submit() {
      find('form')?.dispatchEvent(new Event('submit', { bubbles: true, cancelable: true }))
      await settled()
      await settled()
    },
  }
}

describe('what each form sends', () => {
  it('a lead, to the call for leads, and the page hears of it', async () => {
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
    expect(form.seen.thanks).toEqual([said.thanks])
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

  it('feedback by stars, which are radio buttons with names, and no lead', async () => {
    const form = open({ kind: 'feedback' })
    const stars = [...form.place.querySelectorAll<HTMLInputElement>('input[type=radio]')]
    expect(stars.map((star) => star.getAttribute('aria-label'))).toEqual([1, 2, 3, 4, 5].map((n) => `${n} of 5 stars`))
    stars[3]?.click()
    form.type('comment', 'Nice')
    await form.submit()
    expect(form.seen.sent[0]?.body).toEqual({ form_type: 'feedback', rating: 4, comment: 'Nice' })
    expect(form.seen.events.map(([event]) => event)).toEqual(['form_submitted'])
    expect(form.seen.thanks).toEqual([said.thanksFeedback])
  })
})

describe('what a form asks', () => {
  it('every field has a label, and browsers can fill in what they know', () => {
    const form = open({ kind: 'quote' })
    for (const field of form.place.querySelectorAll<HTMLElement>('[name]'))
      expect(form.find(`label[for="${field.id}"]`)?.textContent, field.id).toBeTruthy()
    const hints = [...form.place.querySelectorAll('input')].map((field) => field.getAttribute('autocomplete'))
    expect(hints).toEqual(['name', 'email', 'tel'])
  })

  it("the owner's fields, and a question of his own by its name", () => {
    const form = open({ fields: ['name', 'phone', 'team_size', 'constructor'] })
    expect(form.names()).toEqual(['name', 'phone', 'team_size', 'constructor'])
    expect(form.find('label[for=caty-team_size]')?.textContent).toContain('Team size')
  })

  it('one of two ways to be reached is enough, none is not', async () => {
    const form = open({ fields: ['name', 'phone', 'email'] })
    form.type('name', 'Ada')
    await form.submit()
    expect(form.problem('phone')).toBe(said.reach)
    form.type('phone', '(0171) 555 01 00')
    await form.submit()
    expect(form.seen.sent[0]?.body).toEqual({ name: 'Ada', phone: '0171 555 01 00' })
  })
})

describe('what is wrong is said', () => {
  it('at the field, before anything is sent, and until it is mended', async () => {
    const form = open({ kind: 'contact' })
    form.type('email', 'nobody')
    form.type('phone', 'call me')
    await form.submit()
    expect(form.seen.sent).toEqual([])
    expect(['name', 'email', 'phone', 'message'].map(form.problem)).toEqual([
      said.required,
      said.badEmail,
      said.badPhone,
      said.required,
    ])
    const name = form.find('[name=name]')
    expect(name?.getAttribute('aria-invalid')).toBe('true')
    expect(name?.getAttribute('aria-describedby')).toBe('caty-name-e')
    form.type('name', 'Ada')
    await settled()
    expect(form.problem('name')).toBe('')
  })

  it('a wrong address when the field is left, a missing one only when the form is sent', async () => {
    const form = open({})
    for (const name of ['name', 'email']) form.find(`[name=${name}]`)?.dispatchEvent(new Event('blur'))
    form.type('email', 'nobody')
    form.find('[name=email]')?.dispatchEvent(new Event('blur'))
    await settled()
    expect([form.problem('name'), form.problem('email')]).toEqual(['', said.badEmail])
  })

  it.each([
    ['+49 (0)171 555', true],
    ['٠١٢٣٤٥٦', true],
    ['+90１２３４５', true],
    ['०१२३४५', true],
    ['12', false],
    ['+', false],
    ['1; drop', false],
  ])('the number %j counts: %s', async (phone, counts) => {
    const form = open({ fields: ['phone'] })
    form.type('phone', phone)
    await form.submit()
    expect(form.seen.sent.length).toBe(counts ? 1 : 0)
    // What goes out is what the edge's schema takes.
    if (counts) expect(form.seen.sent[0]?.body.phone).toMatch(/^[+\d][\d\s()./-]{3,}$/)
  })

  it("the server's complaint stands at the field it is about", async () => {
    const form = open({}, [{ kind: 'refused', status: 400, code: 'validation_error', field: 'email', detail: 'x' }])
    form.type('name', 'Ada')
    form.type('email', 'ada@example.com')
    await form.submit()
    expect(form.problem('email')).toBe(said.badEmail)
    expect(form.seen.thanks).toEqual([])
  })

  it.each<[string, CallFault, string]>([
    ['offline', { kind: 'offline' }, `${said.offline} ${said.formFailed}`],
    ['no answer', { kind: 'timeout' }, `${said.timeout} ${said.formFailed}`],
    ['too busy', { kind: 'busy', retryAfter: 5 }, said.formFailed],
    [
      'refused by Caty',
      { kind: 'refused', status: 400, code: 'validation_error', detail: 'No.' },
      `${said.refused} No.`,
    ],
    ['Caty down', { kind: 'refused', status: 502, code: 'upstream_error' }, said.formFailed],
    ['closed', { kind: 'refused', status: 503, code: 'maintenance' }, said.maintenance],
  ])('%s: in a sentence, with everything still there, and it can be sent again', async (_, fault, sentence) => {
    const form = open({}, [fault])
    form.type('name', 'Ada')
    form.type('email', 'ada@example.com')
    await form.submit()
    expect(form.find('[role=alert]')?.textContent).toBe(sentence)
    expect(form.find<HTMLInputElement>('[name=name]')?.value).toBe('Ada')
    expect([form.seen.thanks, form.seen.events]).toEqual([[], []])
    await form.submit()
    expect(form.seen.thanks).toEqual([said.thanks])
  })
})

it('says that it is sending, and a second click sends nothing', async () => {
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
  expect(form.find('button[type=submit]')?.textContent).toBe(said.sending)
  expect(form.find('form')?.getAttribute('aria-busy')).toBe('true')
  expect(calls).toBe(1)
  finish()
  await settled()
  expect(form.seen.thanks).toEqual([said.thanks])
})

it('Escape closes the form and not the chat behind it', () => {
  const form = open({})
  let reached = false
  form.place.addEventListener('keydown', () => {
    reached = true
  })
  form.find('[name=name]')?.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }))
  expect([form.seen.closed, reached]).toEqual([1, false])
})

it('a form that was asked for takes the focus, one that opened by itself does not', () => {
  const asked = open({ byVisitor: true })
  expect(document.activeElement).toBe(asked.find('[name=name]'))
  open({ byVisitor: false })
  expect(document.activeElement).toBe(document.body)
})

describe('an appointment', () => {
  const book = async (slots: FormProps['slots'], asked: Partial<AskedForm> = {}) => {
    const form = open({ kind: 'schedule', ...asked }, [], { Schedule, slots })
    form.type('name', 'Ada')
    form.type('phone', '+1 555 0100')
    const radios = (name: string) => [...form.place.querySelectorAll<HTMLInputElement>(`input[name=${name}]`)]
    return {
      form,
      radios,
      async choose(name: string, at: number) {
        radios(name)[at]?.click()
        await settled()
        await settled()
      },
    }
  }

  it('offers seven days, and the times of the day from the server', async () => {
    const asked: string[] = []
    const { form, radios, choose } = await book(async (day) => {
      asked.push(day)
      return { calendar_connected: true, slots: [{ label: '10:00' }, { label: '11:30' }] }
    })
    expect(radios('date')).toHaveLength(7)
    await choose('date', 2)
    expect(asked).toEqual([radios('date')[2]?.value])
    expect(form.place.textContent).toContain(said.synced)
    await choose('time', 1)
    await form.submit()
    const body = { name: 'Ada', phone: '+1 555 0100', date: asked[0], time: '11:30' }
    expect(form.seen.sent).toEqual([{ path: '/api/widget/schedule', body }])
    expect(form.seen.events[0]).toEqual(['scheduled', body])
    expect(form.seen.thanks[0]).toContain('11:30')
  })

  it('invents no times: says that there are none, and that none could be loaded, with a way to try again', async () => {
    const answers = [
      () => Promise.resolve({ slots: [] }),
      () => Promise.reject(new Error('down')),
      () => Promise.resolve({ slots: [{ label: '9:00' }] }),
    ]
    const { form, radios, choose } = await book(() => answers.shift()?.() ?? Promise.reject(new Error('no more')))
    await choose('date', 0)
    expect(form.place.textContent).toContain(said.noTimes)
    await choose('date', 1)
    expect(form.place.textContent).toContain(said.timesFailed)
    expect(radios('time')).toHaveLength(0)
    await form.submit()
    expect(form.seen.sent).toEqual([])
    form.find<HTMLButtonElement>('.li')?.click()
    await settled()
    await settled()
    expect(radios('time').map(({ value }) => value)).toEqual(['9:00'])
  })

  it('asks for the time again when another day is chosen', async () => {
    const { form, radios, choose } = await book(async () => ({ slots: [{ label: '10:00' }] }))
    await choose('date', 0)
    await choose('time', 0)
    await choose('date', 1)
    expect(radios('time').map(({ checked }) => checked)).toEqual([false])
    await form.submit()
    expect(form.problem('time')).toBe(said.required)
    expect(form.seen.sent).toEqual([])
  })

  it('shows the times of the day that was chosen last, whichever answer comes first', async () => {
    const waiting: (() => void)[] = []
    const { radios, choose } = await book(
      (day) => new Promise((resolve) => waiting.push(() => resolve({ slots: [{ label: day }] }))),
    )
    await choose('date', 0)
    await choose('date', 1)
    waiting[1]?.()
    waiting[0]?.()
    await settled()
    await settled()
    expect(radios('time').map(({ value }) => value)).toEqual([radios('date')[1]?.value])
  })

  it('comes with the day and the time that were chosen in the conversation', async () => {
    const { form, radios } = await book(async () => ({ slots: [] }), {
      day: '2030-02-03',
      time: '14:00',
      slots: [{ label: '13:00' }, { label: '14:00' }],
    })
    await settled()
    expect(radios('date').find(({ checked }) => checked)?.value).toBe('2030-02-03')
    expect(radios('time').find(({ checked }) => checked)?.value).toBe('14:00')
    await form.submit()
    expect(form.seen.sent[0]?.body).toMatchObject({ date: '2030-02-03', time: '14:00' })
  })
})

/** Which form opens by itself, and when none does. */
import { describe, expect, it } from 'vitest'
import type { MessageAnswer, WidgetConfig } from '../../../edge/contract/edge.ts'
import { formFor, formKindOf } from '../../../widget/chunks/guide/form-rules.ts'

const answer = (intent?: string, content = 'Fine.', more: Partial<MessageAnswer> = {}): MessageAnswer => ({
  success: true,
  response: { content, suggested_actions: [] },
  metadata: { intent },
  ...more,
})
type Change = { config?: WidgetConfig; messages?: number; shown?: string[] }
const form = (reply: MessageAnswer, { config = {}, messages = 1, shown = [] }: Change = {}) =>
  formFor({ answer: reply, config, messages, isNew: (kind) => !shown.includes(kind) })

describe('by intent', () => {
  it.each([
    ['schedule_request', 'schedule'],
    ['booking_request', 'schedule'],
    ['appointment_request', 'schedule'],
    ['schedule', 'schedule'],
    ['booking', 'schedule'],
    ['appointment', 'schedule'],
    ['programare', 'schedule'],
    ['price_inquiry', 'quote'],
    ['pricing_inquiry', 'quote'],
    ['quote_request', 'quote'],
    ['pricing_question', 'quote'],
    ['human_request', 'contact'],
    ['support_request', 'contact'],
    ['contact_request', 'contact'],
    ['affirmative_interest', 'lead'],
    ['ready_to_buy', 'lead'],
    ['purchase_intent', 'lead'],
    ['product_inquiry', 'lead'],
    ['browsing', undefined],
    ['information_seeking', undefined],
    ['complaint', undefined],
    [undefined, undefined],
  ])('%s opens %s', (intent, kind) => {
    expect(form(answer(intent))).toBe(kind)
  })

  it('opens each kind once', () => {
    expect(form(answer('booking'), { shown: ['schedule'] })).toBeUndefined()
  })

  it('does not ask for an address that the visitor has just given in the conversation', () => {
    expect(form(answer('ready_to_buy', 'Noted.', { lead_captured: true }))).toBeUndefined()
  })
})

describe('by the text of the reply', () => {
  it.each([
    'Please fill in the form below.',
    'Completați formularul, vă rugăm.',
    'Rellene el formulario, por favor.',
    'Veuillez remplir le formulaire.',
    'Füllen Sie bitte das Formular aus.',
    'Bitte das Formular ausfüllen.',
    'Compili il modulo qui sotto.',
    'Preencha o formulário.',
    'Vul het formulier in.',
    'Заполните форму, пожалуйста.',
    'フォームに入力してください。',
    '请填写表格。',
    '양식을 작성해 주세요.',
    'يرجى تعبئة النموذج.',
    'कृपया फ़ॉर्म भरें।',
  ])('%s', (text) => {
    expect(form(answer('browsing', text))).toBe('lead')
  })

  it.each(['Here is some information for you.', 'The platform is full of ideas.', 'Fill me in with more information.'])(
    'but not by %j',
    (text) => {
      expect(form(answer('browsing', text))).toBeUndefined()
    },
  )
})

describe("by the owner's rules", () => {
  const rule = (form_type: string, display_rules: object, more: object = {}) => ({ form_type, display_rules, ...more })

  it("an intent of the owner opens the owner's form", () => {
    const config = { auto_config: { forms: [rule('feedback', { show_on_intent: ['goodbye'] })] } }
    expect(form(answer('goodbye'), { config })).toBe('feedback')
    expect(form(answer('browsing'), { config })).toBeUndefined()
  })

  it('a number of messages is a minimum, and needs no intent', () => {
    const config = { auto_config: { forms: [rule('newsletter', { show_after_messages: 3 })] } }
    expect([1, 2, 3, 4].map((messages) => form(answer(), { config, messages }))).toEqual([
      undefined,
      undefined,
      'newsletter',
      'newsletter',
    ])
  })

  it('the lower priority number comes first, then the next one', () => {
    const config = {
      auto_config: {
        forms: [
          rule('contact', { show_after_messages: 1 }, { priority: 5 }),
          rule('quote_request', { show_after_messages: 1 }, { priority: 2 }),
        ],
      },
    }
    expect(form(answer(), { config })).toBe('quote')
    expect(form(answer(), { config, shown: ['quote'] })).toBe('contact')
  })

  it('a form that the owner disabled stays closed, whatever the intent', () => {
    const config = { auto_config: { forms: [rule('booking', { show_after_messages: 1 }, { active: false })] } }
    expect(form(answer('booking_request'), { config })).toBeUndefined()
    expect(form(answer('quote_request'), { config })).toBe('quote')
  })

  it('the lead form opens after the first message if the owner wants leads and has no forms', () => {
    const capabilities = { capture_leads: true }
    expect(form(answer(), { config: { capabilities } })).toBe('lead')
    const forms = [rule('contact', { show_after_messages: 9 })]
    expect(form(answer(), { config: { capabilities, auto_config: { forms } } })).toBeUndefined()
  })
})

it.each([
  ['booking', 'schedule'],
  ['schedule', 'schedule'],
  ['quote_request', 'quote'],
  ['quote', 'quote'],
  ['contact', 'contact'],
  ['newsletter', 'newsletter'],
  ['feedback', 'feedback'],
  ['review', 'feedback'],
  ['lead_capture', 'lead'],
  [undefined, 'lead'],
])('form type %s opens the form %s', (type, kind) => {
  expect(formKindOf(type)).toBe(kind)
})

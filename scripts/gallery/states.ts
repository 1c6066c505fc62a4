/** Every state that a visitor can see, and how to reach it: the answers of the stand-in and the steps of the visitor. */

/** `press` is a selector, because texts differ by language; `fill` types into the field of that name. */
export type Step =
  | { open: true }
  | { send: string }
  | { click: string }
  | { type: string }
  | { press: string }
  | { fill: string; text: string }
export type Reply = { status?: number; retryAfter?: number; body?: object; never?: true }
export type State = {
  name: string
  /** A selector of an element that must exist before the state is reached. */
  shows: string
  config?: object
  /** Attributes of the tag. */
  tag?: string
  /** Answers by path. A list is answered in order, and its last answer is repeated. */
  answers?: Record<string, Reply | Reply[]>
  steps: readonly Step[]
}

const MESSAGE = '/api/widget/message'
const said = (content: string, more: object = {}) => ({
  body: { success: true, response: { content, suggested_actions: [] }, metadata: {}, ...more },
})
const offering = (content: string, ...suggested_actions: object[]) => ({
  body: { success: true, response: { content, suggested_actions }, metadata: {} },
})
const ask: Step[] = [{ open: true }, { send: 'Do you have a blue mug?' }]

export const STATES: readonly State[] = [
  { name: 'launcher', shows: 'button', steps: [] },
  { name: 'greeting', shows: '[role=log]', steps: [{ open: true }] },
  { name: 'typing', shows: '.typing', answers: { [MESSAGE]: { never: true } }, steps: ask },
  {
    name: 'reply',
    shows: 'blockquote',
    answers: {
      [MESSAGE]: said(
        'Yes: the **Harbour mug** is blue, see [its page](/mug) or call +353 1 555 0142.\n\n- holds 300 ml\n- dishwasher safe\n\n> Each one is a little different.',
      ),
    },
    steps: ask,
  },
  {
    name: 'table and code',
    shows: 'table',
    answers: {
      [MESSAGE]: said(
        '# Mugs\n\n| Mug | Price |\n|---|--:|\n| Harbour | €24 |\n| Kelp | €26 |\n\n1. Choose\n2. Pay\n\n```\nORDER 1042\n```\n\nand `inline` too.',
      ),
    },
    steps: ask,
  },
  {
    name: 'suggestions',
    shows: '[part~=action]',
    answers: {
      [MESSAGE]: offering(
        'What would you like to know?',
        { label: 'Opening hours', action: 'message' },
        { label: 'Shipping', action: 'message' },
        { label: 'See the shelf', action: 'link', url: '/mugs' },
      ),
    },
    steps: ask,
  },
  {
    name: 'not sent',
    shows: '.notice',
    answers: { [MESSAGE]: { status: 502, body: { success: false, code: 'UPSTREAM_ERROR', error: 'x' } } },
    steps: ask,
  },
  {
    name: 'busy',
    shows: '.notice',
    answers: { [MESSAGE]: { status: 429, retryAfter: 40, body: { success: false, code: 'RATE_LIMITED', error: 'x' } } },
    steps: ask,
  },
  {
    name: 'maintenance',
    shows: '.notice',
    answers: { [MESSAGE]: { status: 503, retryAfter: 120, body: { success: false, code: 'MAINTENANCE', error: 'x' } } },
    steps: ask,
  },
  { name: 'a long message', shows: 'textarea', steps: [{ open: true }, { type: 'A long story. '.repeat(270) }] },
  {
    name: 'contact form',
    shows: '[part=form]',
    answers: {
      [MESSAGE]: offering('Leave us a line.', {
        label: 'Form',
        action: 'form',
        payload: { fields: ['name', 'email', 'phone', 'company'] },
      }),
    },
    steps: [...ask, { click: 'Form' }],
  },
  {
    name: 'form with complaints',
    shows: '[part=form] [aria-invalid=true]',
    answers: { [MESSAGE]: offering('Leave us a line.', { label: 'Form', action: 'form' }) },
    steps: [
      ...ask,
      { click: 'Form' },
      { fill: 'email', text: 'ada@example' },
      { press: 'form[part=form] [type=submit]' },
    ],
  },
  {
    name: 'form that did not arrive',
    shows: '[part=form] [role=alert]',
    answers: {
      [MESSAGE]: offering('Leave us a line.', { label: 'Form', action: 'form' }),
      '/api/widget/lead': { status: 502, body: { success: false, code: 'UPSTREAM_ERROR', error: 'x' } },
    },
    steps: [
      ...ask,
      { click: 'Form' },
      { fill: 'name', text: 'Ada' },
      { fill: 'email', text: 'ada@example.com' },
      { press: 'form[part=form] [type=submit]' },
      { press: '[role=alert]' },
    ],
  },
  {
    name: 'appointment',
    shows: '[part=form]',
    answers: {
      [MESSAGE]: offering('When suits you?', { label: 'Book', action: 'schedule' }),
      '/api/widget/schedule/slots': {
        body: {
          success: true,
          calendar_connected: true,
          slots: [{ label: '10:00' }, { label: '11:30' }, { label: '15:00' }],
        },
      },
    },
    steps: [
      ...ask,
      { click: 'Book' },
      { press: 'label:nth-child(2) input[name=date]' },
      { press: 'label:nth-child(2) input[name=time]' },
    ],
  },
  {
    name: 'feedback',
    shows: '.stars',
    answers: {
      [MESSAGE]: offering('How was it?', { label: 'Rate', action: 'open_form', payload: { form_type: 'feedback' } }),
    },
    steps: [...ask, { click: 'Rate' }],
  },
  {
    name: 'products',
    shows: '[part=product]',
    answers: {
      [MESSAGE]: said('These two:', {
        products: [
          {
            id: 'm1',
            name: 'Harbour mug',
            description: 'Blue stoneware, 300 ml',
            price: 24,
            currency: 'EUR',
            url: '/mug',
            rating: 4.8,
            badges: ['Bestseller'],
          },
          {
            id: 'm2',
            name: 'Kelp mug with a name that runs over the line',
            price: 21,
            original_price: 26,
            currency: 'EUR',
            url: '/kelp',
            in_stock: false,
          },
          { id: 's1', name: 'A day at the wheel', price: 'from 60 €', offer_type: 'service' },
        ],
      }),
    },
    steps: ask,
  },
  {
    name: 'a person',
    shows: '[part=handoff]',
    config: { capabilities: { handoff_human: true } },
    answers: { [MESSAGE]: offering('Shall somebody call you?', { label: 'Talk to a person', action: 'handoff' }) },
    steps: [...ask, { click: 'Talk to a person' }],
  },
  {
    name: 'nobody there',
    shows: '[part=handoff]',
    config: {
      handoff: { availability: { timezone: 'Europe/Dublin', hours: { monday: { start: '09:00', end: '18:00' } } } },
    },
    answers: { [MESSAGE]: offering('Shall somebody call you?', { label: 'Talk to a person', action: 'handoff' }) },
    steps: [...ask, { click: 'Talk to a person' }],
  },
  {
    name: 'times to choose from',
    shows: '[part~=assistant]',
    answers: {
      [MESSAGE]: offering('Tomorrow we have:', {
        label: 'Times',
        action: 'slot_picker',
        payload: { date: '2026-11-25', slots: [{ label: '10:00' }, { label: '11:30' }, { label: '15:00' }] },
      }),
    },
    steps: ask,
  },
  { name: 'files', shows: '[part=attach]', config: { capabilities: { file_upload: true } }, steps: [{ open: true }] },
  {
    name: 'welcome buttons',
    shows: '[part~=action]',
    config: {
      auto_config: {
        buttons: ['Opening hours', 'Prices', 'Book a visit'].map((label) => ({
          active: true,
          display_context: ['welcome'],
          label,
          action: 'send_message',
        })),
      },
    },
    steps: [{ open: true }],
  },
  { name: 'sidebar', shows: '[role=log]', tag: 'data-layout="sidebar"', steps: [{ open: true }] },
]

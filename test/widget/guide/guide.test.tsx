/** The guide as the panel uses it: what loads when, what is drawn where, and what every kind of action does. */
import { h, render } from 'preact'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { MessageAnswer, SuggestedAction, WidgetConfig } from '../../../edge/contract/edge.ts'
import { guide } from '../../../widget/guide/index.tsx'
import type { Core, Link } from '../../../widget/launcher/core.ts'
import english from '../../../widget/locales/en.ts'
import { Conversation, type Entry } from '../../../widget/panel/conversation.ts'
import type { Guide, PanelHost } from '../../../widget/panel/host.ts'
import { Actions } from '../../../widget/reply/actions.tsx'
import { said, settled } from './words.ts'

const chunks: Record<string, () => Promise<unknown>> = {
  forms: () => import('../../../widget/forms/index.ts'),
  schedule: () => import('../../../widget/schedule/index.tsx'),
  products: () => import('../../../widget/products/index.tsx'),
  handoff: () => import('../../../widget/handoff/index.tsx'),
  files: () => import('../../../widget/files/index.tsx'),
  'more/en': () => import('../../../widget/locales/more/en.ts'),
  'more/de': () => import('../../../widget/locales/more/de.ts'),
}
// Loaded once before, so that the tests wait for promises and not for a disk.
await Promise.all(Object.values(chunks).map((load) => load()))

const memory = () => {
  const kept = new Map<string, unknown>()
  return {
    get: (name: string) => kept.get(name) ?? null,
    set: (name: string, value: unknown) => void kept.set(name, value),
  }
}

function begin(
  config: WidgetConfig = {},
  language = 'en',
  wishes: Record<string, unknown> = {},
  before: (conversation: Conversation) => void = () => undefined,
) {
  const element = document.createElement('div')
  document.body.replaceChildren(element)
  const root = element.attachShadow({ mode: 'open' })
  const place = document.createElement('div')
  root.append(place)
  const seen = {
    loaded: [] as string[],
    messages: [] as string[],
    calls: [] as [string, unknown][],
    events: [] as [string, unknown][],
    broken: new Set<string>(),
  }
  const link: Partial<Link> = {
    session: async () => 'handle',
    current: () => 'handle',
    lost: () => undefined,
    async call(path, body) {
      seen.calls.push([path, body])
      return JSON.parse('{"slots":[]}')
    },
  }
  const core: Partial<Core> = {
    config,
    root,
    wishes,
    emit: (event, detail) => void seen.events.push([event, detail]),
    async load(name) {
      seen.loaded.push(name)
      if (seen.broken.has(name)) throw new Error('blocked')
      return Object(await chunks[name]?.())
    },
    panel: async () => Object({ sendMessage: async (text: string) => void seen.messages.push(text) }),
  }
  const whole = <T,>(part: Partial<T>): T => Object(part)
  const conversation = new Conversation({
    link: whole(link),
    store: memory(),
    outbox: {
      add: async () => false,
      update: async () => undefined,
      get: async () => undefined,
      drop: async () => undefined,
      all: async () => [],
      clear: async () => undefined,
    },
    alone: (run) => run(),
    emit: (event, detail) => void seen.events.push([event, detail]),
    language: () => language,
    context: () => whole({}),
    changed: () => host.draw(),
    answered: () => undefined,
    now: Date.now,
  })
  const host: PanelHost = {
    core: whole(core),
    link: whole(link),
    conversation,
    slots: {},
    tab: memory(),
    style: () => undefined,
    strings: () => ({ ...english, code: language }),
    draw() {
      const { slots } = host
      render(
        <div role="dialog">
          {slots.head?.()}
          <div role="log">
            {conversation.entries.map((entry) => (
              <div key={entry.id}>
                {entry.text}
                {slots.entry?.(entry)}
              </div>
            ))}
            {slots.end?.()}
          </div>
          {slots.tools?.()}
          <textarea />
        </div>,
        place,
      )
    },
  }
  before(conversation)
  const ours: Guide = guide(host, ({ actions }) => (
    <Actions {...{ core: host.core, strings: host.strings(), actions, act: (chosen) => ours.act(chosen) }} />
  ))
  let count = 0
  return {
    root,
    place,
    seen,
    host,
    conversation,
    ours,
    find: <E extends HTMLElement>(selector: string) => place.querySelector<E>(selector),
    button: (text: string) =>
      [...place.querySelectorAll<HTMLElement>('button,a')].find((one) => one.textContent === text),
    async act(action: Partial<SuggestedAction>) {
      ours.act({ label: 'Label', ...action })
      await loaded()
    },
    /** The visitor says something, and this is the answer. */
    async answer(change: {
      text?: string
      actions?: SuggestedAction[]
      intent?: string
      more?: Partial<MessageAnswer>
    }) {
      const { text = 'Fine.', actions = [], intent, more } = change
      count += 1
      conversation.entries.push({ id: `q${count}`, role: 'user', text: 'Hi', at: 0 })
      const entry: Entry = { id: `a${count}`, role: 'assistant', text, at: 0, actions, products: more?.products }
      const answer: MessageAnswer = {
        success: true,
        response: { content: text, suggested_actions: actions },
        metadata: { intent },
        ...more,
      }
      ours.answered(answer, entry)
      conversation.entries.push(entry)
      host.draw()
      await loaded()
      return entry
    },
  }
}
const loaded = async () => {
  for (let turn = 0; turn < 8; turn++) await settled()
}
const titles: Record<string, string> = {
  lead: said.leadTitle,
  contact: said.contactTitle,
  quote: said.quoteTitle,
  newsletter: said.newsletterTitle,
  feedback: said.feedbackTitle,
  schedule: said.scheduleTitle,
}

beforeEach(() => vi.spyOn(console, 'warn').mockImplementation(() => undefined))

describe('nothing loads before it is needed', () => {
  it('a plain answer loads nothing', async () => {
    const at = begin()
    await at.answer({})
    expect(at.seen.loaded).toEqual([])
  })

  it('an intent loads the form and its words, and nothing else', async () => {
    const at = begin()
    await at.answer({ intent: 'contact_request' })
    expect(at.seen.loaded.sort()).toEqual(['forms', 'more/en'])
    expect(at.find('.ft')?.textContent).toBe(said.contactTitle)
  })

  it('products load their cards', async () => {
    const at = begin()
    await at.answer({ more: { products: [{ name: 'Mug' }] } })
    expect(at.seen.loaded.sort()).toEqual(['more/en', 'products'])
    expect(at.find('.pn')?.textContent).toBe('Mug')
    expect(at.seen.events).toContainEqual(['products', { products: [{ name: 'Mug' }] }])
  })

  it('cards of an earlier page are there again', async () => {
    const entry: Entry = { id: '1', role: 'assistant', text: 'Look', at: 0, products: [{ name: 'Mug' }] }
    const at = begin({}, 'en', {}, (conversation) => conversation.entries.push(entry))
    await loaded()
    expect(at.find('.pn')?.textContent).toBe('Mug')
    expect(at.seen.events).toEqual([])
  })

  it('says when a part cannot load, and tries again on a click', async () => {
    const at = begin()
    at.seen.broken.add('forms')
    await at.act({ action: 'schedule' })
    expect(at.place.textContent).toContain(said.chunkFailed)
    at.seen.broken.clear()
    at.button(said.retry)?.click()
    await loaded()
    expect(at.find('.ft')?.textContent).toBe(said.scheduleTitle)
  })
})

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
    expect(at.find('.ft')?.textContent).toBe(titles[kind])
    expect(at.root.activeElement).toBe(at.find('form input'))
  })

  it('form asks for the fields of its payload, else for those of the config', async () => {
    const at = begin({ capabilities: { lead_capture_fields: ['name', 'phone'] } })
    const names = () => [...at.place.querySelectorAll('form [name]')].map((field) => field.getAttribute('name'))
    await at.act({ action: 'form', payload: { fields: ['email', 'company'] } })
    expect(names()).toEqual(['email', 'company'])
    at.button(said.cancel)?.click()
    await at.act({ action: 'form' })
    expect(names()).toEqual(['name', 'phone'])
  })

  it.each([
    ['a kind that nobody knows', { action: 'teleport' }, 'Label'],
    ['one with a message', { action: 'send_form_message', payload: { message: 'Hello' } }, 'Hello'],
    ['order', { action: 'order', value: 'Mug' }, 'I would like to order: Mug'],
    ['buy', { action: 'buy', payload: { items: [{ name: 'Bowl' }] } }, 'I would like to order: Bowl'],
  ])('%s sends text', async (_, action, text) => {
    const at = begin()
    await at.act(action)
    expect(at.seen.messages).toEqual([text])
  })

  it("order speaks the visitor's language", async () => {
    const at = begin({}, 'de')
    await at.act({ action: 'order', value: 'Tasse' })
    expect(at.seen.messages).toEqual(['Ich möchte bestellen: Tasse'])
  })

  it('handoff asks for a person, and shows the other ways', async () => {
    const at = begin({ business: { phone: '+353 1 555 0142' } })
    await at.act({ action: 'handoff' })
    expect(at.seen.calls).toEqual([['/api/widget/handoff/request', { session_id: 'handle', reason: 'user_request' }]])
    expect(at.button(said.call)?.getAttribute('href')).toBe('tel:+35315550142')
    at.button(said.writeUs)?.click()
    await loaded()
    expect(at.find('.ft')?.textContent).toBe(said.contactTitle)
  })

  it('a time that was offered opens the appointment with it chosen', async () => {
    const at = begin()
    const slots = [{ label: '10:00' }, { label: '11:00' }]
    await at.answer({ actions: [{ label: 'Pick', action: 'slot_picker', payload: { date: '2030-01-02', slots } }] })
    at.button('11:00')?.click()
    await loaded()
    expect(at.find<HTMLInputElement>('input[name=date]:checked')?.value).toBe('2030-01-02')
    expect(at.find<HTMLInputElement>('input[name=time]:checked')?.value).toBe('11:00')
  })
})

describe('forms that open by themselves', () => {
  it('leave the focus alone, and come once', async () => {
    const at = begin()
    at.find('textarea')?.focus()
    await at.answer({ intent: 'purchase_intent' })
    expect(at.root.activeElement).toBe(at.find('textarea'))
    at.button(said.cancel)?.click()
    await loaded()
    expect(at.find('form')).toBeNull()
    await at.answer({ intent: 'purchase_intent' })
    expect(at.find('form')).toBeNull()
  })

  it('come once also when another one took their place', async () => {
    const at = begin()
    await at.answer({ intent: 'purchase_intent' })
    await at.act({ action: 'contact_form' })
    at.button(said.cancel)?.click()
    await at.answer({ intent: 'purchase_intent' })
    expect(at.find('form')).toBeNull()
  })

  it('take the focus when they are asked for after all', async () => {
    const at = begin()
    await at.answer({ intent: 'booking_request' })
    at.find('textarea')?.focus()
    await at.act({ action: 'schedule' })
    expect(at.root.activeElement).toBe(at.find('form input'))
  })

  it('never take the place of one that is being filled in', async () => {
    const at = begin()
    await at.act({ action: 'open_form', payload: { form_type: 'contact' } })
    await at.answer({ intent: 'booking_request' })
    expect(at.find('.ft')?.textContent).toBe(said.contactTitle)
  })

  it('say thanks in the conversation when they have arrived, and give the focus back', async () => {
    const at = begin()
    await at.act({ action: 'form' })
    for (const [name, text] of [
      ['name', 'Ada'],
      ['email', 'ada@example.com'],
    ]) {
      const field = at.find<HTMLInputElement>(`[name=${name}]`)
      if (!field) throw new Error('no field')
      field.value = text ?? ''
      field.dispatchEvent(new Event('input', { bubbles: true }))
    }
    at.find('form')?.dispatchEvent(new Event('submit', { bubbles: true, cancelable: true }))
    await loaded()
    expect(at.seen.calls[0]).toEqual([
      '/api/widget/lead',
      { session_id: 'handle', name: 'Ada', email: 'ada@example.com' },
    ])
    expect(at.conversation.entries.at(-1)?.text).toBe(said.thanks)
    expect(at.find('form')).toBeNull()
    expect(at.root.activeElement).toBe(at.find('textarea'))
    // Who he is, he need not write again.
    await at.act({ action: 'contact_form' })
    expect(at.find<HTMLInputElement>('[name=name]')?.value).toBe('Ada')
  })

  it('keep what was typed when they are closed', async () => {
    const at = begin()
    await at.act({ action: 'contact_form' })
    const field = at.find<HTMLTextAreaElement>('[name=message]')
    if (!field) throw new Error('no field')
    field.value = 'A long question'
    field.dispatchEvent(new Event('input', { bubbles: true }))
    at.find('form')?.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }))
    await loaded()
    await at.act({ action: 'contact_form' })
    expect(at.find<HTMLTextAreaElement>('[name=message]')?.value).toBe('A long question')
  })

  it('the next person at the machine sees nothing of it', async () => {
    const at = begin()
    await at.act({ action: 'form' })
    const field = at.find<HTMLInputElement>('[name=name]')
    if (!field) throw new Error('no field')
    field.value = 'Ada'
    field.dispatchEvent(new Event('input', { bubbles: true }))
    at.conversation.clear()
    await loaded()
    expect(at.find('form')).toBeNull()
    await at.act({ action: 'form' })
    expect(at.find<HTMLInputElement>('[name=name]')?.value).toBe('')
  })
})

describe('what the config adds', () => {
  const button = (label: string | Record<string, string>, more = {}) => ({
    label,
    display_context: ['welcome'],
    ...more,
  })
  const auto_config = {
    buttons: [
      button({ en: 'Mugs', de: 'Tassen' }),
      button('Book', { action: 'schedule' }),
      button('Off', { active: false }),
      button('Elsewhere', { display_context: ['checkout'] }),
      button({ fr: 'Seulement' }),
      button('Four'),
      button('Five'),
    ],
  }
  const shown = (at: ReturnType<typeof begin>) =>
    [...at.place.querySelectorAll('[part=action]')].map((one) => one.textContent)

  it('up to four buttons under the greeting, in the language of the visitor', () => {
    expect(shown(begin({ auto_config }))).toEqual(['Mugs', 'Book', 'Seulement', 'Four'])
    expect(shown(begin({ auto_config }, 'de'))[0]).toBe('Tassen')
  })

  it('which do what they say, and go when somebody has written', async () => {
    const at = begin({ auto_config })
    at.button('Mugs')?.click()
    at.button('Book')?.click()
    await loaded()
    expect(at.seen.messages).toEqual(['Mugs'])
    expect(at.find('.ft')?.textContent).toBe(said.scheduleTitle)
    await at.answer({})
    expect(shown(at)).toEqual([])
  })

  it('a button for files only where they are allowed', async () => {
    expect(begin().find('.at')).toBeNull()
    const at = begin({ capabilities: { file_upload: true } })
    await loaded()
    expect(at.find('[part=attach]')?.getAttribute('aria-label')).toBe(said.attach)
  })

  it('what the page overrules counts from then on', async () => {
    const at = begin()
    at.host.core.config = { capabilities: { file_upload: true, handoff_human: true } }
    at.host.draw()
    await loaded()
    expect(at.find('[part=attach]')).not.toBeNull()
    expect(at.find('[part=handoff-button]')).not.toBeNull()
    at.host.core.config = {}
    at.host.draw()
    expect(at.find('[part=attach]')).toBeNull()
  })

  it('a button for a person only where there is one', async () => {
    const at = begin({ capabilities: { handoff_human: true } })
    await loaded()
    at.host.draw()
    at.find('[part=handoff-button]')?.click()
    await loaded()
    expect(at.seen.calls[0]?.[0]).toBe('/api/widget/handoff/request')
  })

  it("sentences of the owner's own", async () => {
    const at = begin({}, 'en', { strings: { leadTitle: 'Tell us who you are' } })
    await at.act({ action: 'form' })
    expect(at.find('.ft')?.textContent).toBe('Tell us who you are')
  })
})

/** The guide in a panel of the tests: it draws the slots, loads the chunks and records the calls. */
import { h, render } from 'preact'
import type { MessageAnswer, SuggestedAction, WidgetConfig } from '../../../edge/contract/edge.ts'
import type { EdgeConnection } from '../../../widget/chunk-api/connection.ts'
import type { Core } from '../../../widget/chunk-api/core.ts'
import type { Emit } from '../../../widget/chunk-api/events.ts'
import type { Language } from '../../../widget/chunk-api/strings.ts'
import { createGuide } from '../../../widget/chunks/guide/index.tsx'
import { Actions } from '../../../widget/chunks/reply/actions.tsx'
import english from '../../../widget/locales/en.ts'
import { Conversation } from '../../../widget/panel/conversation.ts'
import type { Entry } from '../../../widget/panel/entry.ts'
import type { PanelHost, ReplyHandler } from '../../../widget/panel/slots.ts'
import { settled } from './strings.ts'

const chunks: Record<string, () => Promise<unknown>> = {
  forms: () => import('../../../widget/chunks/forms/index.ts'),
  schedule: () => import('../../../widget/chunks/schedule/index.tsx'),
  products: () => import('../../../widget/chunks/products/index.tsx'),
  handoff: () => import('../../../widget/chunks/handoff/index.tsx'),
  files: () => import('../../../widget/chunks/files/index.tsx'),
  'more/en': () => import('../../../widget/locales/more/en.ts'),
  'more/de': () => import('../../../widget/locales/more/de.ts'),
}
// Loaded before the tests, so that they wait for promises and not for a disk.
await Promise.all(Object.values(chunks).map((load) => load()))

const memory = () => {
  const kept = new Map<string, unknown>()
  return {
    get: (name: string) => kept.get(name) ?? null,
    set: (name: string, value: unknown) => void kept.set(name, value),
  }
}

export function begin(
  config: WidgetConfig = {},
  language: Language = 'en',
  rawOptions: Record<string, unknown> = {},
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
  const connection: Partial<EdgeConnection> = {
    session: async () => 'handle',
    currentSession: () => 'handle',
    dropSession: () => undefined,
    async call(path, body) {
      seen.calls.push([path, body])
      return JSON.parse('{"slots":[]}')
    },
  }
  const emit: Emit = (event, ...[detail]) => void seen.events.push([event, detail])
  const core: Partial<Core> = {
    config,
    root,
    rawOptions,
    addStyles: () => undefined,
    emit,
    async load(name) {
      seen.loaded.push(name)
      if (seen.broken.has(name)) throw new Error('blocked')
      return Object(await chunks[name]?.())
    },
    panel: async () => Object({ sendMessage: async (text: string) => void seen.messages.push(text) }),
  }
  const whole = <T,>(part: Partial<T>): T => Object(part)
  const conversation = new Conversation({
    connection: whole(connection),
    store: memory(),
    outbox: {
      add: async () => false,
      update: async () => undefined,
      get: async () => undefined,
      remove: async () => undefined,
      all: async () => [],
      clear: async () => undefined,
    },
    exclusively: (run) => run(),
    emit,
    language: () => language,
    context: () => whole({}),
    onChange: () => host.draw(),
    prepareReply: () => undefined,
    now: Date.now,
  })
  const host: PanelHost = {
    core: whole(core),
    connection: whole(connection),
    conversation,
    slots: {},
    cutText: '',
    tabStore: memory(),
    strings: () => ({ ...english, code: language }),
    send: () => undefined,
    draw() {
      const { slots } = host
      render(
        <div role="dialog">
          {slots.header?.()}
          <div role="log">
            {conversation.entries.map((entry) => (
              <div key={entry.id}>
                {entry.text}
                {slots.attachments?.(entry)}
              </div>
            ))}
            {slots.logEnd?.()}
          </div>
          {slots.composerTools?.()}
          <textarea />
        </div>,
        place,
      )
    },
  }
  before(conversation)
  const guide: ReplyHandler = createGuide(host, ({ actions }) => (
    <Actions
      {...{ core: host.core, strings: host.strings(), actions, runAction: (chosen) => guide.runAction(chosen) }}
    />
  ))
  let count = 0
  return {
    root,
    place,
    seen,
    host,
    conversation,
    guide,
    find: <E extends HTMLElement>(selector: string) => place.querySelector<E>(selector),
    button: (text: string) =>
      [...place.querySelectorAll<HTMLElement>('button,a')].find((one) => one.textContent === text),
    async act(action: Partial<SuggestedAction>) {
      guide.runAction({ label: 'Label', ...action })
      await loaded()
    },
    /** The visitor sends a message, and this is the answer. */
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
      guide.prepareReply(answer, entry)
      conversation.entries.push(entry)
      host.draw()
      await loaded()
      return entry
    },
  }
}
export const loaded = async () => {
  for (let turn = 0; turn < 8; turn++) await settled()
}

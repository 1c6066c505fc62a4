/**
 * One browser profile of one visitor: tabs that open, reload and close, with what they share (storage, database,
 * locks, the channel) and what they do not. Each tab runs the widget's own code; a closed tab receives nothing.
 */

import type { Core } from '../../../widget/chunk-api/core.ts'
import { type Channel, join } from '../../../widget/chunks/tabs/index.ts'
import { connect } from '../../../widget/client/index.ts'
import type { Outbox } from '../../../widget/client/outbox.ts'
import type { Store } from '../../../widget/client/storage.ts'
import { exchange } from '../../../widget/launcher/first-token.ts'
import { defaults } from '../../../widget/launcher/options.ts'
import strings from '../../../widget/locales/en.ts'
import { Conversation } from '../../../widget/panel/conversation.ts'
import type { Entry } from '../../../widget/panel/entry.ts'
import type { PanelHost } from '../../../widget/panel/slots.ts'
import type { Clock } from './clock.ts'
import type { EdgeModel } from './edge.ts'

export type Tab = { id: number; alive: boolean; conversation: Conversation; channel: Channel; said: string[] }

/** For a closed tab, which never gets an answer. */
const never = () => new Promise<never>(() => undefined)

export class Profile {
  readonly tabs: Tab[] = []
  /** `cut` fails every request; a browser that knows reports the outage by `navigator.onLine` and its end by an event. */
  network: 'up' | 'cut' | 'known to be cut' = 'up'
  readonly #clock: Clock
  readonly #edge: EdgeModel
  readonly #local = new Map<string, string>()
  readonly #database = new Map<string, Entry>()
  readonly #locks = new Map<string, { tab: Tab; run: () => void }[]>()
  #ids = 0

  constructor(clock: Clock, edge: EdgeModel) {
    this.#clock = clock
    this.#edge = edge
  }

  open(): Tab {
    const id = ++this.#ids
    const core = coreOf(`https://edge.test/${id}`)
    const connection = connect(core)
    const channel: Channel = { postMessage: (message) => this.#broadcast(tab, message), onmessage: null }
    const host: PanelHost = {
      core,
      connection,
      slots: {},
      cutText: '',
      tabStore: this.#store(),
      strings: () => strings,
      draw: () => undefined,
      send: () => undefined,
      get conversation() {
        return tab.conversation
      },
    }
    const tab: Tab = {
      id,
      alive: true,
      said: [],
      channel,
      conversation: new Conversation({
        connection,
        store: this.#store(),
        outbox: this.#outbox(() => tab),
        exclusively: (run) => this.#exclusively('send', tab, run),
        emit: () => undefined,
        language: () => 'en',
        context: () => ({ page_url: `https://shop.test/${id}` }),
        onChange: () => undefined,
        prepareReply: () => undefined,
        now: () => this.#clock.now,
      }),
    }
    connection.tabs.exclusively = (run) => this.#exclusively('renew', tab, run)
    this.tabs.push(tab)
    // As in the panel: a message from another tab loads the tabs chunk.
    channel.onmessage = () => {
      channel.onmessage = null
      this.#clock.set(() => tab.alive && join(host, channel), 30)
    }
    channel.postMessage({})
    return tab
  }

  close(tab: Tab): void {
    tab.alive = false
    this.tabs.splice(this.tabs.indexOf(tab), 1)
    tab.conversation.destroy()
    for (const [name, queue] of this.#locks) {
      const held = queue[0]?.tab === tab
      this.#locks.set(
        name,
        queue.filter((waiting) => waiting.tab !== tab),
      )
      if (held) this.#locks.get(name)?.[0]?.run()
    }
  }

  /** Restores the network. A browser that knew about the outage fires an event, which the panel listens to. */
  mend(): void {
    const told = this.network === 'known to be cut'
    this.network = 'up'
    if (told) for (const tab of this.tabs) tab.conversation.resume()
  }

  /** `fetch` for all tabs; the address identifies the calling tab. */
  async fetch(url: string, init: RequestInit): Promise<Response> {
    const [, id, path = ''] = /^https:\/\/edge\.test\/(\d+)(\/.*)$/.exec(url) ?? []
    const gone = () => !this.tabs.some((tab) => tab.id === Number(id))
    const down = () => this.network !== 'up'
    await this.#after(20)
    if (gone()) return never()
    if (down()) throw new TypeError('Failed to fetch')
    const answer = await this.#edge.answer(path, new Headers(init.headers), String(init.body))
    await this.#after(20)
    if (gone()) return never()
    if (down()) throw new TypeError('Failed to fetch')
    return answer
  }

  #after(ms: number): Promise<void> {
    return new Promise((resolve) => this.#clock.set(resolve, ms))
  }

  #broadcast(from: Tab, message: object): void {
    const data: unknown = JSON.parse(JSON.stringify(message))
    for (const tab of this.tabs.filter((other) => other !== from))
      this.#clock.set(() => tab.alive && tab.channel.onmessage?.(new MessageEvent('message', { data })), 5)
  }

  #exclusively<T>(name: string, tab: Tab, run: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const queue = this.#locks.get(name) ?? []
      const begin = () =>
        void run()
          .then(resolve, reject)
          .finally(() => {
            if (!tab.alive) return
            const now = this.#locks.get(name) ?? []
            now.shift()
            now[0]?.run()
          })
      queue.push({ tab, run: begin })
      this.#locks.set(name, queue)
      if (queue.length === 1) begin()
    })
  }

  #store(): Store {
    return {
      get: (name) => JSON.parse(this.#local.get(name) ?? 'null'),
      set: (name, value) => {
        if (value === undefined) this.#local.delete(name)
        else this.#local.set(name, JSON.stringify(value))
      },
    }
  }

  /** A transaction that has begun is completed, even if its tab is closed. */
  #outbox(owner: () => Tab): Outbox<Entry> {
    const rows = this.#database
    const copy = (entry: Entry): Entry => structuredClone(entry)
    const later = <T>(value: T): Promise<T> =>
      new Promise((resolve) => this.#clock.set(() => owner().alive && resolve(value), 3))
    return {
      add(entry) {
        rows.set(entry.id, copy(entry))
        return later(true)
      },
      update(id, change) {
        const known = rows.get(id)
        if (known) rows.set(id, copy({ ...known, ...change }))
        return later(undefined)
      },
      get(id) {
        const known = rows.get(id)
        return later(known && copy(known))
      },
      remove: (id) => later(rows.delete(id)),
      all: () => later([...rows.values()].map(copy)),
      clear: () => later(rows.clear()),
    }
  }
}

const coreOf = (edge: string): Core => {
  const button = document.createElement('button')
  return {
    exchange,
    options: () => defaults(edge),
    configure: () => undefined,
    rawOptions: {},
    config: {},
    bearerToken: undefined,
    context: () => ({}),
    language: () => 'en',
    root: document.createElement('div').attachShadow({ mode: 'open' }),
    addStyles: () => undefined,
    button,
    on: () => undefined,
    off: () => undefined,
    emit: () => undefined,
    unread: 0,
    open: async () => undefined,
    close: () => undefined,
    isOpen: true,
    fail: () => undefined,
    load: never,
    hasSentMessage: true,
    panel: never,
    connection: never,
  }
}

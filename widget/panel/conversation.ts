/**
 * The conversation: what was said, the outbox of what waits to be sent, and the session it belongs to. Knows nothing of
 * the screen; whoever draws it listens to `changed`.
 */
import type { MessageAnswer, Product, Slot, SuggestedAction } from '../../edge/contract/edge.ts'
import type { PageContext } from '../../edge/contract/page-context.ts'
import { CallError, type CallFault } from '../client/errors.ts'
import type { Store } from '../client/storage.ts'
import type { Emit, Link } from '../launcher/core.ts'

export type Entry = {
  id: string
  role: 'user' | 'assistant'
  text: string
  at: number
  /** Only of messages of the visitor that did not get through yet. */
  state?: 'sending' | 'waiting' | 'failed'
  fault?: CallFault
  /** What was sent: a retry under the same idempotency key must be the same to the letter. */
  body?: object
  actions?: SuggestedAction[] | undefined
  products?: Product[] | undefined
  /** Times to choose from. */
  picker?: { day: string | undefined; slots: Slot[] }
}

type Kept = { entries: Entry[]; session?: string | undefined; at: number }

const TRANSCRIPT_MS = 24 * 3600_000
const SESSION_IDLE_MS = 30 * 60_000
/** Entries kept in storage; older ones stay on the screen until the page goes. */
const KEEP_ENTRIES = 100

export type ConversationOptions = {
  link: Link
  store: Store
  emit: Emit
  language: () => string
  context: () => PageContext
  changed: () => void
  /** Before a reply is shown; its entry may be changed. */
  answered: (answer: MessageAnswer, entry: Entry) => Promise<unknown> | undefined
  now: () => number
}

export class Conversation {
  entries: Entry[] = []
  /** Runs a sending while no other tab does; set by the tabs chunk. */
  alone = <T>(run: () => Promise<T>): Promise<T> => run()
  #at = 0
  #sending = false
  readonly #promised = new Map<Entry, { resolve: (answer: MessageAnswer) => void; reject: (error: unknown) => void }>()
  readonly #options: ConversationOptions

  constructor(options: ConversationOptions) {
    this.#options = options
    const kept = readKept(options.store.get('chat'))
    if (!kept || options.now() - kept.at > TRANSCRIPT_MS) return
    this.#at = kept.at
    this.entries = kept.entries
    if (kept.session && options.now() - kept.at < SESSION_IDLE_MS) options.link.resume(kept.session)
  }

  get waiting(): boolean {
    return this.entries.some((entry) => entry.state === 'sending')
  }

  /** Adds the bubble at once; resolves with the reply, rejects with a `CallError`. */
  send(text: string): Promise<MessageAnswer> {
    const entry: Entry = { id: randomId(), role: 'user', text, at: this.#options.now(), state: 'sending' }
    for (const other of this.entries) delete other.actions
    this.entries.push(entry)
    this.#options.emit('message', { role: 'user', content: text })
    return new Promise((resolve, reject) => {
      this.#promised.set(entry, { resolve, reject })
      this.retry()
    })
  }

  /** Sends everything that did not get through, in its order, under the same idempotency keys. */
  retry(): void {
    for (const entry of this.entries) if (entry.state) entry.state = 'sending'
    this.changed()
    this.#pump()
  }

  /** A message of the assistant. */
  say(text: string, actions?: SuggestedAction[]): void {
    this.#add(this.#reply({ id: randomId(), text, actions }))
    this.changed()
  }

  clear(): void {
    this.entries = []
    this.forgetStored()
    this.#options.changed()
  }

  /** The conversation goes on in memory only. */
  forgetStored(): void {
    this.#options.store.set('chat', undefined)
  }

  /** Keeps and draws what there is now. */
  changed(): void {
    this.#at = this.#options.now()
    // Nothing is kept before the visitor has chatted.
    if (this.entries.length)
      this.#options.store.set('chat', {
        entries: this.entries.slice(-KEEP_ENTRIES),
        session: this.#options.link.current(),
        at: this.#at,
      } satisfies Kept)
    this.#options.changed()
  }

  /** One after the other: a reply must not overtake the question before it, nor a later message an earlier one. */
  async #pump(): Promise<void> {
    if (this.#sending) return
    this.#sending = true
    for (let entry = this.#next(); entry; entry = this.#next()) {
      const now = entry
      await this.alone(() => this.#deliver(now))
    }
    this.#sending = false
  }

  #next(): Entry | undefined {
    return this.entries.find(({ state }) => state === 'sending')
  }

  async #deliver(entry: Entry): Promise<void> {
    // While this tab waited for its turn, another may have got the answer.
    if (!entry.state) return
    try {
      const answer = await this.#post(entry).catch((error) => {
        if (!(error instanceof CallError && error.fault.kind === 'session')) throw error
        this.#options.link.lost()
        delete entry.body
        return this.#post(entry)
      })
      delete entry.state
      delete entry.fault
      delete entry.body
      const { content, suggested_actions: actions } = answer.response
      // Whichever tab gets the answer gives it the same name.
      const reply = this.#reply({ id: `${entry.id}r`, text: content, actions, products: answer.products })
      await this.#options.answered(answer, reply)
      this.#add(reply)
      if (answer.lead_captured) {
        this.#options.emit('lead', answer.lead_data)
        this.#options.emit('lead_captured', answer.lead_data)
      }
      this.#promised.get(entry)?.resolve(answer)
    } catch (error) {
      this.#blocked(error)
    } finally {
      this.changed()
    }
  }

  /** What did not get through holds back what comes after it. */
  #blocked(error: unknown): void {
    const fault: CallFault = error instanceof CallError ? error.fault : { kind: 'refused', status: 0, code: 'internal' }
    const busy = fault.kind === 'busy'
    for (const entry of this.entries) {
      if (entry.state !== 'sending') continue
      entry.fault = fault
      entry.state = busy ? 'waiting' : 'failed'
      this.#promised.get(entry)?.reject(error)
    }
    if (busy)
      setTimeout(() => this.entries.some(({ state }) => state === 'waiting') && this.retry(), fault.retryAfter * 1000)
  }

  #reply(entry: Omit<Entry, 'role' | 'at'>): Entry {
    return { role: 'assistant', at: this.#options.now(), ...entry }
  }

  #add(entry: Entry): void {
    if (this.entries.some(({ id }) => id === entry.id)) return
    this.entries.push(entry)
    this.#options.emit('message', { role: 'assistant', content: entry.text })
  }

  async #post(entry: Entry): Promise<MessageAnswer> {
    entry.body ??= {
      session_id: await this.#options.link.session(),
      message: entry.text,
      language: this.#options.language(),
      context: this.#options.context(),
    }
    return this.#options.link.call('/api/widget/message', entry.body, { key: entry.id })
  }
}

const randomId = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('')

/** What storage gave back may be of an older version, or of somebody else's making. */
function readKept(value: unknown): Kept | undefined {
  const { entries, session, at }: Partial<Kept> = Object(value)
  if (!Array.isArray(entries) || typeof at !== 'number') return undefined
  return {
    entries: entries.filter((entry) => typeof entry?.text === 'string'),
    session: typeof session === 'string' ? session : undefined,
    at,
  }
}

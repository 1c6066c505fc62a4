/**
 * The conversation: its messages, those that wait to be sent, and the session they belong to. It knows nothing of the
 * screen; `onChange` redraws it. A message of the visitor stays in the outbox until it is known to have arrived; delivered
 * messages and replies make the transcript.
 */
import type { MessageAnswer, SuggestedAction } from '../../edge/contract/edge.ts'
import type { PageContext } from '../../edge/contract/page-context.ts'
import type { EdgeConnection } from '../chunk-api/connection.ts'
import type { Emit } from '../chunk-api/events.ts'
import type { Outbox } from '../client/outbox.ts'
import type { Store } from '../client/storage.ts'
import { Delivery } from './delivery.ts'
import { type Entry, mergeEntries, randomId } from './entry.ts'
import { readTranscript, saveTranscript } from './transcript.ts'

const TRANSCRIPT_MS = 24 * 3600_000
const SESSION_IDLE_MS = 30 * 60_000

export type ConversationOptions = {
  connection: EdgeConnection
  store: Store
  outbox: Outbox<Entry>
  /** Runs a delivery while no other tab runs one. */
  exclusively: (run: () => Promise<void>) => Promise<void>
  emit: Emit
  language: () => string
  context: () => PageContext
  onChange: () => void
  /** Called before a reply is shown; may change its entry. The reply waits for the promise. */
  prepareReply: (answer: MessageAnswer, entry: Entry) => Promise<unknown> | undefined
  now: () => number
}

export class Conversation {
  entries: Entry[] = []
  /** Tells the visitor's other tabs of a change; set by the tabs chunk. */
  broadcast: () => void = () => undefined
  #retryTimer: ReturnType<typeof setTimeout> | undefined
  readonly #delivery: Delivery
  readonly #options: ConversationOptions

  constructor(options: ConversationOptions) {
    this.#options = options
    const { connection, now, outbox, store } = options
    const { entries, session } = readTranscript(store)
    const age = now() - (entries.at(-1)?.at ?? 0)
    if (age < TRANSCRIPT_MS) this.entries = entries
    if (session && age < SESSION_IDLE_MS) connection.resumeSession(session)
    // Nothing may overtake the messages that an earlier page left in the outbox.
    const restored = outbox.all().then((left) => {
      this.receive(left.filter(({ at }) => now() - at < TRANSCRIPT_MS))
      this.resume()
    })
    this.#delivery = new Delivery(this, options, restored)
  }

  /** Whether a message is being sent. */
  get waiting(): boolean {
    return this.entries.some((entry) => entry.state === 'sending')
  }

  /** Adds the message at once. Resolves with the reply; rejects with `CallError` when the message has to wait or failed. */
  send(text: string): Promise<MessageAnswer> {
    const { emit, connection, now, outbox } = this.#options
    const entry: Entry = { id: randomId(), role: 'user', text, at: now(), state: 'sending' }
    if (entry.at - (this.entries.at(-1)?.at ?? entry.at) > SESSION_IDLE_MS) connection.dropSession()
    for (const other of this.entries) delete other.actions
    this.entries.push(entry)
    const stored = outbox.add(entry)
    emit('message', { role: 'user', content: text })
    const answer = this.#delivery.expect(entry, stored)
    this.#resend(() => true)
    return answer
  }

  /**
   * Sends every message that did not arrive, in order, because the visitor asks for it. A message that may have arrived long
   * ago gets a new idempotency key: the edge would refuse it under its old one.
   */
  retry(): void {
    for (const entry of this.entries) {
      if (entry.state !== 'failed' || !this.#delivery.couldArriveTwice(entry)) continue
      const { id } = entry
      const change = { idempotencyKey: randomId(), maybeSentAt: undefined }
      Object.assign(entry, change)
      this.#options.outbox.update(id, change)
    }
    this.#resend(() => true)
  }

  /** Sends the waiting messages: the network is back, or the time to wait is over. */
  resume(): void {
    this.#resend(({ state }) => state === 'waiting')
  }

  /** Adds a message of the assistant that no question asked for. */
  addReply(text: string, actions?: SuggestedAction[]): void {
    this.add({ id: randomId(), role: 'assistant', text, at: this.#options.now(), actions })
    this.changed()
  }

  /** Takes over messages of another tab, or of an earlier page's outbox. */
  receive(theirs: readonly Entry[]): void {
    this.entries = mergeEntries(this.entries, theirs)
    this.#options.onChange()
    this.#scheduleRetry()
    // Every tab tries to send what is on its way. The first one does, the others find it gone.
    void this.#delivery.run()
  }

  clear(): void {
    this.#delivery.cancel()
    this.entries = []
    this.forgetStored()
    this.changed()
  }

  /** Goes on in memory only. */
  forgetStored(): void {
    this.#options.store.set('chat', undefined)
    this.#options.outbox.clear()
  }

  /** Stores, draws and broadcasts the conversation as it is now. */
  changed(): void {
    const { store, connection, onChange } = this.#options
    saveTranscript(store, this.entries, connection.currentSession())
    this.#scheduleRetry()
    onChange()
    this.broadcast()
  }

  destroy(): void {
    clearTimeout(this.#retryTimer)
  }

  #scheduleRetry(): void {
    clearTimeout(this.#retryTimer)
    const { retryAt } = this.entries.find(({ state }) => state === 'waiting') ?? {}
    if (retryAt) this.#retryTimer = setTimeout(() => this.resume(), Math.max(retryAt - this.#options.now(), 1000))
  }

  #resend(matches: (entry: Entry) => boolean): void {
    const undelivered = this.entries.filter((entry) => entry.state && matches(entry))
    for (const entry of undelivered) {
      entry.state = 'sending'
      this.#options.outbox.update(entry.id, { state: 'sending' })
    }
    if (undelivered.length) this.changed()
    void this.#delivery.run()
  }

  /** Adds a reply, unless another tab has added it already. */
  add(reply: Entry): void {
    if (this.entries.some(({ id }) => id === reply.id)) return
    this.entries.push(reply)
    this.#options.emit('message', { role: 'assistant', content: reply.text })
  }
}

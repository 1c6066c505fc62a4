/** Sends the visitor's messages, one after the other, each once whatever happens to the network and in other tabs. */
import type { MessageAnswer } from '../../edge/contract/edge.ts'
import { CallError, isCallError } from '../client/errors.ts'
import type { Conversation, ConversationOptions } from './conversation.ts'
import { deliveryFailure } from './delivery-failure.ts'
import { type Entry, markDelivered, mergeEntries } from './entry.ts'
import { readTranscript } from './transcript.ts'

/** The edge knows an idempotency key for ten minutes. After nine, a message that may have arrived is sent again by hand only. */
const IDEMPOTENT_MS = 9 * 60_000

type Waiter = { resolve: (answer: MessageAnswer) => void; reject: (error: unknown) => void }

export class Delivery {
  #isRunning = false
  /** Attempts in a row that got no answer. */
  #misses = 0
  /** By the ids of this tab's messages, whether the outbox holds them. */
  readonly #stored = new Map<string, Promise<boolean>>()
  readonly #waiters = new Map<string, Waiter>()
  readonly #conversation: Conversation
  readonly #options: ConversationOptions
  readonly #restored: Promise<void>

  /** Sends nothing before `restored`. */
  constructor(conversation: Conversation, options: ConversationOptions, restored: Promise<void>) {
    this.#conversation = conversation
    this.#options = options
    this.#restored = restored
  }

  /** The answer to a message. Rejects with `CallError` when the message has to wait, failed or was cleared. */
  expect({ id }: Entry, stored: Promise<boolean>): Promise<MessageAnswer> {
    this.#stored.set(id, stored)
    return new Promise((resolve, reject) => this.#waiters.set(id, { resolve, reject }))
  }

  /** Rejects everything that is waited for. */
  cancel(): void {
    const error = new CallError({ kind: 'session' })
    for (const { reject } of this.#waiters.values()) reject(error)
  }

  /** One at a time: no reply may overtake an earlier question, and no message an earlier message. */
  async run(): Promise<void> {
    if (this.#isRunning) return
    this.#isRunning = true
    await this.#restored
    // A tab that was closed may have left a message that it told nobody of.
    this.#conversation.entries = mergeEntries(this.#conversation.entries, await this.#options.outbox.all())
    for (let entry = this.#next(); entry; entry = this.#next()) {
      const current = entry
      await this.#options.exclusively(() => this.#deliver(current))
    }
    this.#isRunning = false
  }

  /** The message may have arrived, and the edge no longer knows the key that would tell. */
  couldArriveTwice({ maybeSentAt }: Entry): boolean {
    return !!maybeSentAt && this.#options.now() - maybeSentAt > IDEMPOTENT_MS
  }

  #next(): Entry | undefined {
    return this.#conversation.entries.find(({ state }) => state === 'sending')
  }

  async #deliver(entry: Entry): Promise<void> {
    const { connection, outbox } = this.#options
    if ((await this.#stored.get(entry.id)) !== false) {
      const stored = await outbox.get(entry.id).catch(() => entry)
      // Another tab sent it while this one waited for its turn.
      if (!stored) return this.#sentElsewhere(entry)
      // Another tab tried it and was told to wait.
      if (entry.state) Object.assign(entry, stored)
    }
    // Cleared meanwhile, or delivered by another tab.
    if (!this.#conversation.entries.includes(entry) || !entry.state) return
    if (entry.state !== 'sending') return this.#conversation.changed()
    const { maybeSentAt } = entry
    if (this.couldArriveTwice(entry)) {
      entry.state = 'failed'
      entry.fault = { kind: 'unsure' }
      return this.#conversation.changed()
    }
    try {
      // Checked before the attempt, so that a message which was never tried is known not to have arrived.
      if (navigator.onLine === false) throw new CallError({ kind: 'offline' })
      const answer = await this.#post(entry).catch((error) => {
        if (!isCallError(error) || error.fault.kind !== 'session') throw error
        connection.dropSession()
        delete entry.body
        return this.#post(entry)
      })
      await this.#answered(entry, answer)
    } catch (error) {
      await this.#failed(entry, error, maybeSentAt)
    }
  }

  async #post(entry: Entry): Promise<MessageAnswer> {
    const { connection, outbox, language, context, now } = this.#options
    const session_id = entry.body ? undefined : await connection.session()
    entry.body ??= { session_id, message: entry.text, language: language(), context: context() }
    entry.maybeSentAt ??= now()
    const { id, body, maybeSentAt } = entry
    await outbox.update(id, { body, maybeSentAt })
    return connection.call('/api/widget/message', body, { key: entry.idempotencyKey ?? id })
  }

  async #answered(entry: Entry, answer: MessageAnswer): Promise<void> {
    const { emit, outbox, prepareReply, now } = this.#options
    this.#misses = 0
    const { content, suggested_actions: actions } = answer.response
    // Every tab gives the reply the same id.
    const reply: Entry = {
      id: `${entry.id}r`,
      role: 'assistant',
      text: content,
      at: now(),
      actions,
      products: answer.products,
    }
    await prepareReply(answer, reply)
    this.#waiters.get(entry.id)?.resolve(answer)
    // Cleared meanwhile.
    if (!this.#conversation.entries.includes(entry)) return
    markDelivered(entry)
    this.#conversation.add(reply)
    this.#conversation.changed()
    // Last, because the transcript must have the message before the outbox forgets it.
    outbox.remove(entry.id)
    if (!answer.lead_captured) return
    emit('lead', answer.lead_data)
    emit('lead_captured', answer.lead_data)
  }

  #sentElsewhere(entry: Entry): void {
    markDelivered(entry)
    this.#conversation.receive(readTranscript(this.#options.store).entries)
    const content = this.#conversation.entries.find(({ id }) => id === `${entry.id}r`)?.text ?? ''
    const response = { content, suggested_actions: [] }
    this.#waiters.get(entry.id)?.resolve({ success: true, response, metadata: {} })
  }

  /** A failed message blocks later ones; one that Caty may have taken does not. */
  async #failed(entry: Entry, error: unknown, maybeSentBefore: number | undefined): Promise<void> {
    const { fault, isLost, isUnsure, waitMs } = deliveryFailure(error, this.#misses)
    if (isLost) this.#misses++
    // A refused attempt did not arrive, unless nobody knows: then 1, long ago, keeps it from being repeated.
    else entry.maybeSentAt = isUnsure ? 1 : maybeSentBefore
    const blocked = isUnsure ? [entry] : this.#conversation.entries.filter(({ state }) => state === 'sending')
    for (const other of blocked) {
      other.fault = fault
      other.state = waitMs ? 'waiting' : 'failed'
      other.retryAt = this.#options.now() + waitMs
      this.#waiters.get(other.id)?.reject(error)
    }
    await Promise.all(
      blocked.map(({ id, state, retryAt, maybeSentAt }) =>
        this.#options.outbox.update(id, { state, fault, retryAt, maybeSentAt }),
      ),
    )
    this.#conversation.changed()
  }
}

/**
 * The conversation: what was said, what waits to be sent, and the session it belongs to. Knows nothing of the screen;
 * whoever draws it listens to `changed`. What the visitor says waits in the outbox until it is known to have arrived;
 * what was said and answered is the transcript.
 */
import type { MessageAnswer, SuggestedAction } from '../../edge/contract/edge.ts'
import type { PageContext } from '../../edge/contract/page-context.ts'
import type { Emit, Link } from '../chunk-api/core.ts'
import { CallError, type CallFault } from '../client/errors.ts'
import type { Outbox } from '../client/outbox.ts'
import type { Store } from '../client/storage.ts'
import { type Entry, merge, randomId, readKept, settle } from './entry.ts'

export type { Entry } from './entry.ts'

const TRANSCRIPT_MS = 24 * 3600_000
const SESSION_IDLE_MS = 30 * 60_000
/** Entries kept in storage; older ones stay on the screen until the page goes. */
const KEEP_ENTRIES = 100
/** The edge knows an idempotency key for ten minutes. After nine, what may have arrived goes out again only by hand. */
const DOUBT_MS = 9 * 60_000
/** Milliseconds to the next try without a network, doubled up to a minute: not every browser tells when it is back. */
const OFFLINE_MS = 5000
const OFFLINE_MAX_MS = 60_000

export type ConversationOptions = {
  link: Link
  store: Store
  outbox: Outbox<Entry>
  /** Runs a sending while no other tab does. */
  alone: (run: () => Promise<void>) => Promise<void>
  emit: Emit
  language: () => string
  context: () => PageContext
  changed: () => void
  /** Before a reply is shown; its entry may be changed. */
  answered: (answer: MessageAnswer, entry: Entry) => Promise<unknown> | undefined
  now: () => number
}

type Promised = { resolve: (answer: MessageAnswer) => void; reject: (error: unknown) => void }

export class Conversation {
  entries: Entry[] = []
  /** Tells the visitor's other tabs; set by the tabs chunk. */
  tell: () => void = () => undefined
  #sending = false
  #misses = 0
  #timer: ReturnType<typeof setTimeout> | undefined
  /** Of the messages of this tab: whether the outbox holds them. */
  readonly #stored = new Map<string, Promise<boolean>>()
  readonly #promised = new Map<string, Promised>()
  /** What an earlier page left is there; nothing said on this one may overtake it. */
  readonly #restored: Promise<void>
  readonly #options: ConversationOptions

  constructor(options: ConversationOptions) {
    this.#options = options
    const { link, now, outbox, store } = options
    const { entries, session } = readKept(store.get('chat'))
    const age = now() - (entries.at(-1)?.at ?? 0)
    if (age < TRANSCRIPT_MS) this.entries = entries
    if (session && age < SESSION_IDLE_MS) link.resume(session)
    this.#restored = outbox.all().then((left) => {
      this.hear(left.filter(({ at }) => now() - at < TRANSCRIPT_MS))
      this.resume()
    })
  }

  get waiting(): boolean {
    return this.entries.some((entry) => entry.state === 'sending')
  }

  /** Adds the bubble at once; resolves with the reply, rejects with a `CallError` when it has to wait or failed. */
  send(text: string): Promise<MessageAnswer> {
    const { emit, link, now, outbox } = this.#options
    const entry: Entry = { id: randomId(), role: 'user', text, at: now(), state: 'sending' }
    if (entry.at - (this.entries.at(-1)?.at ?? entry.at) > SESSION_IDLE_MS) link.lost()
    for (const other of this.entries) delete other.actions
    this.entries.push(entry)
    this.#stored.set(entry.id, outbox.add(entry))
    emit('message', { role: 'user', content: text })
    return new Promise((resolve, reject) => {
      this.#promised.set(entry.id, { resolve, reject })
      this.#revive(() => true)
    })
  }

  /**
   * Sends everything that did not get through, in its order, under the same idempotency keys: the visitor wants it. Also
   * what may have arrived; the edge would not send that again under its old key.
   */
  retry(): void {
    for (const entry of this.entries) {
      if (entry.state !== 'failed' || !this.#inDoubt(entry)) continue
      const { id } = entry
      const again = { key: randomId(), doubt: undefined }
      Object.assign(entry, again)
      this.#options.outbox.update(id, again)
    }
    this.#revive(() => true)
  }

  /** Goes on by itself: the network is back, or the time to wait is over. */
  resume(): void {
    this.#revive(({ state }) => state === 'waiting')
  }

  /** A message of the assistant. */
  say(text: string, actions?: SuggestedAction[]): void {
    this.#add(this.#reply({ id: randomId(), text, actions }))
    this.changed()
  }

  /** What another tab said or heard, or an earlier page left in the outbox. */
  hear(theirs: readonly Entry[]): void {
    this.entries = merge(this.entries, theirs)
    this.#options.changed()
    this.#wait()
    // Whichever tab comes first sends what is on its way; the others find it gone.
    this.#pump()
  }

  clear(): void {
    const error = new CallError({ kind: 'session' })
    for (const { reject } of this.#promised.values()) reject(error)
    this.entries = []
    this.forgetStored()
    this.changed()
  }

  /** The conversation goes on in memory only. */
  forgetStored(): void {
    this.#options.store.set('chat', undefined)
    this.#options.outbox.clear()
  }

  /** Keeps, draws and tells what there is now. */
  changed(): void {
    const { store, link, changed } = this.#options
    const said = this.entries.filter(({ state }) => !state)
    // Nothing is kept before the visitor has chatted. Another tab may have kept more meanwhile.
    if (said.some(({ role }) => role === 'user')) {
      const entries = merge(said, readKept(store.get('chat')).entries).slice(-KEEP_ENTRIES)
      store.set('chat', { entries, session: link.current() })
    }
    this.#wait()
    changed()
    this.tell()
  }

  destroy(): void {
    clearTimeout(this.#timer)
  }

  #wait(): void {
    clearTimeout(this.#timer)
    const { until } = this.entries.find(({ state }) => state === 'waiting') ?? {}
    if (until) this.#timer = setTimeout(() => this.resume(), Math.max(until - this.#options.now(), 1000))
  }

  #revive(which: (entry: Entry) => boolean): void {
    const held = this.entries.filter((entry) => entry.state && which(entry))
    for (const entry of held) {
      entry.state = 'sending'
      this.#options.outbox.update(entry.id, { state: 'sending' })
    }
    if (held.length) this.changed()
    this.#pump()
  }

  /** One after the other: a reply must not overtake the question before it, nor a later message an earlier one. */
  async #pump(): Promise<void> {
    if (this.#sending) return
    this.#sending = true
    await this.#restored
    // A tab that was closed at once may have left something that nobody was told of.
    this.entries = merge(this.entries, await this.#options.outbox.all())
    for (let entry = this.#next(); entry; entry = this.#next()) {
      const now = entry
      await this.#options.alone(() => this.#deliver(now))
    }
    this.#sending = false
  }

  #inDoubt({ doubt }: Entry): boolean {
    return !!doubt && this.#options.now() - doubt > DOUBT_MS
  }

  #next(): Entry | undefined {
    return this.entries.find(({ state }) => state === 'sending')
  }

  async #deliver(entry: Entry): Promise<void> {
    const { link, outbox } = this.#options
    if ((await this.#stored.get(entry.id)) !== false) {
      // While this tab waited for its turn, another may have sent it.
      const kept = await outbox.get(entry.id).catch(() => entry)
      if (!kept) return this.#sentElsewhere(entry)
      // Or has tried it, and was told to wait; it was the first to say so.
      if (entry.state) Object.assign(entry, kept)
    }
    // Cleared meanwhile, or heard that it arrived.
    if (!this.entries.includes(entry) || !entry.state) return
    if (entry.state !== 'sending') return this.changed()
    const before = entry.doubt
    if (this.#inDoubt(entry)) {
      entry.state = 'failed'
      entry.fault = { kind: 'timeout' }
      return this.changed()
    }
    try {
      // Nothing is in doubt that was never tried.
      if (navigator.onLine === false) throw new CallError({ kind: 'offline' })
      const answer = await this.#post(entry).catch((error) => {
        if (error.fault?.kind !== 'session') throw error
        link.lost()
        delete entry.body
        return this.#post(entry)
      })
      await this.#settled(entry, answer)
    } catch (error) {
      await this.#blocked(entry, error, before)
    }
  }

  async #post(entry: Entry): Promise<MessageAnswer> {
    const { link, outbox, language, context, now } = this.#options
    entry.body ??= { session_id: await link.session(), message: entry.text, language: language(), context: context() }
    entry.doubt ??= now()
    const { id, body, doubt } = entry
    await outbox.update(id, { body, doubt })
    return link.call('/api/widget/message', body, { key: entry.key ?? id })
  }

  async #settled(entry: Entry, answer: MessageAnswer): Promise<void> {
    const { emit, outbox, answered } = this.#options
    this.#misses = 0
    const { content, suggested_actions: actions } = answer.response
    // Whichever tab gets the answer gives it the same name.
    const reply = this.#reply({ id: `${entry.id}r`, text: content, actions, products: answer.products })
    await answered(answer, reply)
    this.#promised.get(entry.id)?.resolve(answer)
    // Cleared meanwhile: then nobody wants to know.
    if (!this.entries.includes(entry)) return
    settle(entry)
    this.#add(reply)
    this.changed()
    // Only now: the transcript must have it before the outbox forgets it.
    outbox.drop(entry.id)
    if (!answer.lead_captured) return
    emit('lead', answer.lead_data)
    emit('lead_captured', answer.lead_data)
  }

  #sentElsewhere(entry: Entry): void {
    settle(entry)
    this.hear(readKept(this.#options.store.get('chat')).entries)
    const content = this.entries.find(({ id }) => id === `${entry.id}r`)?.text ?? ''
    const response = { content, suggested_actions: [] }
    this.#promised.get(entry.id)?.resolve({ success: true, response, metadata: {} })
  }

  /** What did not get through holds back what comes after it, and what may have got through does not. */
  async #blocked(entry: Entry, error: unknown, before: number | undefined): Promise<void> {
    // Not by its class: a chunk that throws one has its own.
    const { fault = { kind: 'refused', status: 0, code: 'internal' } }: { fault?: CallFault } = Object(error)
    const lost = fault.kind === 'offline' || fault.kind === 'timeout'
    // A clear refusal leaves no doubt, but one: Caty took the message and did not answer in time.
    const taken = fault.kind === 'refused' && fault.status === 504
    if (!lost) entry.doubt = taken ? 1 : before
    const wait = lost
      ? Math.min(OFFLINE_MS * 2 ** this.#misses++, OFFLINE_MAX_MS)
      : Number(Object(fault).retryAfter ?? 0) * 1000
    const held = taken ? [entry] : this.entries.filter(({ state }) => state === 'sending')
    for (const other of held) {
      other.fault = fault
      other.state = wait ? 'waiting' : 'failed'
      other.until = this.#options.now() + wait
      this.#promised.get(other.id)?.reject(error)
    }
    await Promise.all(
      held.map(({ id, state, until, doubt }) => this.#options.outbox.update(id, { state, fault, until, doubt })),
    )
    this.changed()
  }

  #reply(entry: Omit<Entry, 'role' | 'at'>): Entry {
    return { role: 'assistant', at: this.#options.now(), ...entry }
  }

  #add(entry: Entry): void {
    if (this.entries.some(({ id }) => id === entry.id)) return
    this.entries.push(entry)
    this.#options.emit('message', { role: 'assistant', content: entry.text })
  }
}

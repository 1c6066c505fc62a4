/**
 * The conversation: what was said, what waits to be sent, and the session it belongs to. Knows nothing of the screen;
 * whoever draws it listens to `changed`.
 */
import type { MessageAnswer, SuggestedAction } from '../../edge/contract/edge.ts'
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
  actions?: SuggestedAction[]
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
  changed: () => void
  now: () => number
}

export class Conversation {
  entries: Entry[] = []
  #at = 0
  /** Messages go out one after the other: a reply must not overtake the question before it. */
  #queue: Promise<unknown> = Promise.resolve()
  readonly #options: ConversationOptions

  constructor(options: ConversationOptions) {
    this.#options = options
    const kept = readKept(options.store.get('chat'))
    if (!kept || options.now() - kept.at > TRANSCRIPT_MS) return
    this.#at = kept.at
    // What was on its way when the page went may or may not have arrived: its key makes sending it again safe.
    this.entries = kept.entries.map((entry) => (entry.state ? { ...entry, state: 'failed' } : entry))
    if (options.now() - kept.at < SESSION_IDLE_MS) this.#resume(kept.session)
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
    return this.#enqueue(entry)
  }

  /** Sends a message that failed once more, under the same idempotency key. */
  async retry(entry: Entry): Promise<void> {
    if (entry.state === 'sending') return
    entry.state = 'sending'
    await this.#enqueue(entry).catch(() => 0)
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

  #enqueue(entry: Entry): Promise<MessageAnswer> {
    this.#changed()
    const sent = this.#queue.then(() => this.#deliver(entry))
    this.#queue = sent.catch(() => 0)
    return sent
  }

  async #deliver(entry: Entry): Promise<MessageAnswer> {
    try {
      const answer = await this.#post(entry).catch((error) => {
        if (!(error instanceof CallError && error.fault.kind === 'session')) throw error
        this.#options.link.lost()
        return this.#post(entry)
      })
      delete entry.state
      delete entry.fault
      const { content, suggested_actions: actions } = answer.response
      this.entries.push({ id: randomId(), role: 'assistant', text: content, at: this.#options.now(), actions })
      this.#options.emit('message', { role: 'assistant', content })
      if (answer.lead_captured) this.#options.emit('lead', answer.lead_data)
      return answer
    } catch (error) {
      const fault: CallFault =
        error instanceof CallError ? error.fault : { kind: 'refused', status: 0, code: 'internal' }
      entry.fault = fault
      entry.state = fault.kind === 'busy' ? 'waiting' : 'failed'
      if (fault.kind === 'busy')
        setTimeout(() => entry.state === 'waiting' && this.retry(entry), fault.retryAfter * 1000)
      throw error
    } finally {
      this.#changed()
    }
  }

  async #post(entry: Entry): Promise<MessageAnswer> {
    const session_id = await this.#options.link.session()
    const { href, origin, pathname } = location
    return this.#options.link.call(
      '/api/widget/message',
      {
        session_id,
        message: entry.text,
        language: this.#options.language(),
        context: {
          page_url: (href.startsWith('http') ? origin + pathname : href).slice(0, 2000),
          page_title: document.title.slice(0, 500),
        },
      },
      { key: entry.id },
    )
  }

  #resume(session: string | undefined): void {
    if (session) this.#options.link.resume(session)
  }

  #changed(): void {
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

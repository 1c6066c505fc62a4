/**
 * Sends behaviour to Caty: in batches of ten events or five seconds, and a last batch when the visitor leaves the page. That
 * one has no time to sign anything, so its headers are made when the first event of a batch comes.
 */

import type { EdgeConnection } from '../../chunk-api/connection.ts'
import type { Core } from '../../chunk-api/core.ts'
import { cut } from '../../chunk-api/cut.ts'
import type { EventData, Metrics } from '../../chunk-api/page.ts'
import { isCallError } from '../../client/errors.ts'

export type TrackedEvent = { type: string; data?: EventData | undefined; timestamp: string }
/** Caty's answer to a batch (documented for `/track`). */
export type TrackAnswer = {
  engagement_score?: number | undefined
  proactive?: { should_trigger?: boolean; message?: string; suggested_actions?: [] } | undefined
}

const BATCH = 10
const INTERVAL_MS = 5000
/** Events that are kept while nothing arrives; the oldest go first. */
const MAX_KEPT = 50
/** The edge accepts a proof for a minute. */
const SIGNED_MS = 45_000
const PATH = '/api/widget/track'

type Connection = Pick<EdgeConnection, 'call' | 'session' | 'headers' | 'dropSession'>
/** What the tracker needs of the core. */
type TrackerCore = {
  connection: () => Promise<Connection>
  options: () => Pick<ReturnType<Core['options']>, 'edge'>
  context: Core['context']
}
type SignedHeaders = { headers: Record<string, string>; session: string; at: number }

export class Tracker {
  readonly #core: TrackerCore
  readonly #metrics: () => Metrics
  readonly #onAnswer: (answer: TrackAnswer) => void
  readonly #now: () => number
  #events: TrackedEvent[] = []
  #timer: ReturnType<typeof setTimeout> | undefined
  #isSigning = false
  #signed: SignedHeaders | undefined
  #isStopped = false

  constructor(core: TrackerCore, metrics: () => Metrics, onAnswer: (answer: TrackAnswer) => void, now: () => number) {
    this.#core = core
    this.#metrics = metrics
    this.#onAnswer = onAnswer
    this.#now = now
  }

  add(type: string, data?: EventData): void {
    if (this.#isStopped) return
    this.#events.push({ type: cut(type, 60), data, timestamp: new Date(this.#now()).toISOString() })
    if (this.#events.length >= BATCH) void this.flush()
    else if (document.hidden) this.leave()
    else {
      this.#timer ??= setTimeout(() => void this.flush(), INTERVAL_MS)
      void this.#sign()
    }
  }

  /** Sends the events there are. Never rejects. */
  async flush(): Promise<void> {
    const events = this.#take()
    if (events.length === 0) return
    try {
      const connection = await this.#core.connection()
      this.#onAnswer(await this.#send(connection, events))
    } catch (error) {
      // Without a network, or while the edge is busy, the events go out with the next batch. A refusal is final.
      if (isCallError(error) && /offline|timeout|busy/.test(error.fault.kind))
        this.#events = [...events, ...this.#events].slice(-MAX_KEPT)
    }
  }

  /** Sends the events while the page closes, without waiting for anything. */
  leave(): void {
    const signed = this.#signed
    if (!signed || this.#now() - signed.at > SIGNED_MS) return void this.flush()
    const events = this.#take()
    if (events.length === 0) return
    this.#signed = undefined
    fetch(this.#core.options().edge + PATH, {
      method: 'POST',
      keepalive: true,
      headers: { ...signed.headers, 'Content-Type': 'application/json' },
      body: JSON.stringify(this.#body(signed.session, events)),
    }).catch(() => 0)
    // The visitor may come back, or click once more before they are gone.
    void this.#sign()
  }

  stop(): void {
    this.#isStopped = true
    this.#take()
  }

  #take(): TrackedEvent[] {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const events = this.#events
    this.#events = []
    return events
  }

  async #send(connection: Connection, events: TrackedEvent[]): Promise<TrackAnswer> {
    const post = async () =>
      connection.call<TrackAnswer>(PATH, this.#body(await connection.session(), events), { keepalive: true })
    return post().catch((error) => {
      if (!isCallError(error) || error.fault.kind !== 'session') throw error
      connection.dropSession()
      return post()
    })
  }

  /** Makes the headers of the last batch ahead. They serve one call, because a proof counts once. */
  async #sign(): Promise<void> {
    if (this.#isSigning || (this.#signed && this.#now() - this.#signed.at < SIGNED_MS)) return
    this.#isSigning = true
    try {
      const connection = await this.#core.connection()
      const session = await connection.session()
      this.#signed = { headers: await connection.headers('POST', PATH), session, at: this.#now() }
    } catch {
      // The last batch is then sent like the others, and may be lost with its page.
    } finally {
      this.#isSigning = false
    }
  }

  #body(session_id: string, events: readonly TrackedEvent[]): object {
    const { page_url: url, page_title: title } = this.#core.context()
    return { session_id, events, page: { url, title }, metrics: this.#metrics() }
  }
}

/**
 * Behaviour on its way to Caty: batches of ten events or five seconds, and a last one when the page is left. That one
 * has no time to sign anything, so the headers of each batch are made when its first event comes.
 */

import type { Core, Link, Metrics } from '../../chunk-api/core.ts'
import { CallError } from '../../client/errors.ts'

type Scalar = string | number | boolean | null
export type EventData = Scalar | Record<string, Scalar>
export type TrackedEvent = { type: string; data?: EventData | undefined; timestamp: string }
/** What Caty thinks of what it heard (documented for `/track`). */
export type Tracked = {
  engagement_score?: number | undefined
  proactive?: { should_trigger?: boolean; message?: string; suggested_actions?: [] } | undefined
}

const BATCH = 10
const EVERY_MS = 5000
/** Kept while nothing gets through; the oldest go first. */
const KEEP = 50
/** A proof counts for a minute at the edge. */
const SIGNED_MS = 45_000
const PATH = '/api/widget/track'

/** What it needs of the widget. */
type Way = Pick<Link, 'call' | 'session' | 'headers' | 'lost'>
type Around = {
  link: () => Promise<Way>
  options: () => Pick<ReturnType<Core['options']>, 'edge'>
  context: Core['context']
}

type Ready = { headers: Record<string, string>; session: string; at: number }

export class Tracker {
  readonly #core: Around
  readonly #metrics: () => Metrics
  readonly #heard: (answer: Tracked) => void
  readonly #now: () => number
  #events: TrackedEvent[] = []
  #timer: ReturnType<typeof setTimeout> | undefined
  #signing = false
  #ready: Ready | undefined
  #stopped = false

  constructor(core: Around, metrics: () => Metrics, heard: (answer: Tracked) => void, now: () => number) {
    this.#core = core
    this.#metrics = metrics
    this.#heard = heard
    this.#now = now
  }

  add(type: string, data?: EventData): void {
    if (this.#stopped) return
    this.#events.push({ type: type.slice(0, 60), data, timestamp: new Date(this.#now()).toISOString() })
    if (this.#events.length >= BATCH) void this.flush()
    else if (document.hidden) this.leave()
    else {
      this.#timer ??= setTimeout(() => void this.flush(), EVERY_MS)
      void this.#sign()
    }
  }

  /** Sends what there is. Never rejects. */
  async flush(): Promise<void> {
    const events = this.#take()
    if (events.length === 0) return
    try {
      const link = await this.#core.link()
      this.#heard(await this.#send(link, events))
    } catch (error) {
      // Without a network, or while the edge is busy, the next batch takes it along; what was refused stays refused.
      if (error instanceof CallError && /offline|timeout|busy/.test(error.code)) {
        this.#events = [...events, ...this.#events].slice(-KEEP)
      }
    }
  }

  /** The page is being left: what is sent now must be sent without waiting for anything. */
  leave(): void {
    const ready = this.#ready
    if (!ready || this.#now() - ready.at > SIGNED_MS) return void this.flush()
    const events = this.#take()
    if (events.length === 0) return
    this.#ready = undefined
    fetch(this.#core.options().edge + PATH, {
      method: 'POST',
      keepalive: true,
      headers: { ...ready.headers, 'Content-Type': 'application/json' },
      body: JSON.stringify(this.#body(ready.session, events)),
    }).catch(() => 0)
    // The visitor may come back, or click once more before he is gone.
    void this.#sign()
  }

  stop(): void {
    this.#stopped = true
    this.#take()
  }

  #take(): TrackedEvent[] {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const events = this.#events
    this.#events = []
    return events
  }

  async #send(link: Way, events: TrackedEvent[]): Promise<Tracked> {
    const post = async () => link.call<Tracked>(PATH, this.#body(await link.session(), events), { keepalive: true })
    return post().catch((error) => {
      if (!(error instanceof CallError && error.fault.kind === 'session')) throw error
      link.lost()
      return post()
    })
  }

  /** Makes the headers of the last call ahead; for one call only, as a proof counts once. */
  async #sign(): Promise<void> {
    if (this.#signing || (this.#ready && this.#now() - this.#ready.at < SIGNED_MS)) return
    this.#signing = true
    try {
      const link = await this.#core.link()
      const session = await link.session()
      this.#ready = { headers: await link.headers('POST', PATH), session, at: this.#now() }
    } catch {
      // Then the last batch is sent like the others, and may be lost with its page.
    } finally {
      this.#signing = false
    }
  }

  #body(session_id: string, events: readonly TrackedEvent[]): object {
    const { page_url: url, page_title: title } = this.#core.context()
    return { session_id, events, page: { url, title }, metrics: this.#metrics() }
  }
}

/** What a page passes to `trackEvent`, as far as it can be told: a plain value, or a flat record of them. */
export function eventData(value: unknown): EventData | undefined {
  if (value === undefined) return undefined
  const plain = scalar(value)
  if (plain !== undefined) return plain
  const members = Object.entries(Object(value)).flatMap(([name, member]): [string, Scalar][] => {
    const kept = scalar(member)
    return kept === undefined ? [] : [[name.slice(0, 60), kept]]
  })
  return Object.fromEntries(members.slice(0, 20))
}

function scalar(value: unknown): Scalar | undefined {
  if (typeof value === 'string') return value.slice(0, 2000)
  return value === null || typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value))
    ? value
    : undefined
}

/**
 * The cache of widget configurations: isolate memory → Cache API → Caty. A busy site costs Caty one call a minute, and an
 * outage of Caty is not noticed. The Cache API supports neither stale-while-revalidate nor stale-if-error (RFC 5861), so
 * the age is stored with the value and compared here.
 */

import type { EdgeCache } from '../base/platform.ts'
import { type Reason, Refused, unusable } from '../base/reason.ts'
import { FlightLate, SingleFlight, type WaitUntil } from '../base/single-flight.ts'
import { readConfig } from '../contract/caty.ts'
import type { WidgetConfig } from '../contract/config.ts'
import type { CatyClient } from './client.ts'

/** Milliseconds. A change in Caty's dashboard shows within a minute, and an outage may last a day. */
export const FRESH_MS = 60_000
export const STALE_WHILE_REVALIDATE_MS = 5 * 60_000
export const STALE_IF_ERROR_MS = 24 * 3600_000
export const NEGATIVE_MS = 10_000
const CONFIG_TIMEOUT_MS = 3000
/** Nobody waits longer for a call that others make. A rotation of keys makes two calls and may take longer than this. */
export const FLIGHT_MS = 4000

type Entry = { config: WidgetConfig; storedAt: number }
type Failure = { reason: Reason; at: number }

export type CachedConfig = { config: WidgetConfig; cacheStatus: string }

export type ConfigCacheOptions = {
  client: CatyClient
  now: () => Date
  cache: EdgeCache | undefined
  /**
   * The name of a widget's configuration in the shared cache. Cloudflare's cache is one a zone, so a name must tell the
   * tenants apart, and be one that nobody else can make.
   */
  nameOf: (widget: string) => Promise<string>
}

export class ConfigCache {
  readonly #options: ConfigCacheOptions
  readonly #entries = new Map<string, Entry>()
  readonly #failures = new Map<string, Failure>()
  readonly #flights: SingleFlight<Entry>

  constructor(options: ConfigCacheOptions) {
    this.#options = options
    this.#flights = new SingleFlight({ now: options.now, deadlineMs: FLIGHT_MS })
  }

  /**
   * The configuration, and the value of `Cache-Status` (RFC 9211). `waitUntil` keeps a fetch alive after the answer,
   * and when its visitor leaves.
   * Throws `Refused` when Caty fails and no usable copy exists.
   */
  async get(widget: string, waitUntil: WaitUntil): Promise<CachedConfig> {
    const kept = await this.#kept(widget)
    const age = kept ? this.#time() - kept.storedAt : Number.POSITIVE_INFINITY
    // RFC 9211 section 2.2: `hit` or `fwd`, never both; section 2.4: a stale answer has a negative `ttl`.
    const hit = `hit; ttl=${Math.ceil((FRESH_MS - age) / 1000)}`
    if (kept && age < FRESH_MS) return answer(kept, hit)
    if (kept && age < STALE_WHILE_REVALIDATE_MS + FRESH_MS) {
      waitUntil(this.#refresh(widget, waitUntil).catch(() => undefined))
      return answer(kept, `${hit}; detail=stale-while-revalidate`)
    }
    const asked = !this.#recentFailure(widget)
    try {
      return answer(await this.#refresh(widget, waitUntil), kept ? 'fwd=stale; stored' : 'fwd=miss; stored')
    } catch (error) {
      if (kept && age < STALE_IF_ERROR_MS) return answer(kept, `${asked ? 'fwd=stale' : hit}; detail=stale-if-error`)
      throw error
    }
  }

  /** The copy of this isolate, however old; `undefined` if there is none. Fetches nothing. */
  peek(widget: string): WidgetConfig | undefined {
    return this.#entries.get(widget)?.config
  }

  #time(): number {
    return this.#options.now().getTime()
  }

  async #kept(widget: string): Promise<Entry | undefined> {
    const own = this.#entries.get(widget)
    if (own && this.#time() - own.storedAt < FRESH_MS) return own
    // Another isolate may have stored a newer copy. Not read during a fetch or after a recent failure.
    if (this.#flights.isFlying(widget) || this.#recentFailure(widget)) return own
    const shared = await this.#readShared(widget)
    if (!shared || (own && own.storedAt >= shared.storedAt)) return own
    this.#entries.set(widget, shared)
    return shared
  }

  #recentFailure(widget: string): Failure | undefined {
    const failure = this.#failures.get(widget)
    return failure && Math.abs(this.#time() - failure.at) < NEGATIVE_MS ? failure : undefined
  }

  /** Fetches the configuration, single-flight. A failure is remembered for ten seconds. */
  async #refresh(widget: string, waitUntil: WaitUntil): Promise<Entry> {
    const failure = this.#recentFailure(widget)
    if (failure) throw new Refused(failure.reason)
    try {
      return await this.#flights.run(widget, () => this.#fetch(widget, waitUntil), waitUntil)
    } catch (error) {
      if (error instanceof FlightLate) throw new Refused({ kind: 'upstream', fault: 'timeout' })
      throw error
    }
  }

  async #fetch(widget: string, waitUntil: WaitUntil): Promise<Entry> {
    try {
      const answered = await this.#options.client.call({
        widget,
        purpose: 'config',
        method: 'GET',
        path: '/api/widget/config',
        timeoutMs: CONFIG_TIMEOUT_MS,
      })
      const config = answered.status === 404 ? undefined : readConfig(answered.json)
      if (!config) throw unusable(answered.status)
      const entry = { config, storedAt: this.#time() }
      this.#entries.set(widget, entry)
      this.#failures.delete(widget)
      waitUntil(this.#writeShared(widget, entry))
      return entry
    } catch (error) {
      const reason: Reason = error instanceof Refused ? error.reason : { kind: 'internal' }
      this.#failures.set(widget, { reason, at: this.#time() })
      throw error
    }
  }

  /** A URL that nobody can request, so no other answer can get into the cache under it. */
  async #key(widget: string): Promise<string> {
    return `https://config.caty-keyless.invalid/${await this.#options.nameOf(widget)}`
  }

  async #readShared(widget: string): Promise<Entry | undefined> {
    try {
      const response = await this.#options.cache?.match(await this.#key(widget))
      if (!response) return undefined
      // A machine whose clock is ahead may have written it.
      const storedAt = Math.min(Number(response.headers.get('X-Stored-At')), this.#time())
      const config = readConfig(await response.json())
      return config && storedAt > 0 ? { config, storedAt } : undefined
    } catch {
      return undefined // a failure counts as a miss
    }
  }

  async #writeShared(widget: string, entry: Entry): Promise<void> {
    const headers = {
      'Content-Type': 'application/json',
      'Cache-Control': `max-age=${STALE_IF_ERROR_MS / 1000}`,
      'X-Stored-At': String(entry.storedAt),
    }
    try {
      await this.#options.cache?.put(await this.#key(widget), new Response(JSON.stringify(entry.config), { headers }))
    } catch {
      // Without the cache the next isolate makes one more call.
    }
  }
}

const answer = (entry: Entry, said: string): CachedConfig => ({
  config: entry.config,
  cacheStatus: `caty-keyless; ${said}`,
})

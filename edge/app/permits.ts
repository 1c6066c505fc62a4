/** Permits for calls to Caty, leased from the ledger in packets: an isolate with much to do asks for more at once. */
import { withDeadline } from '../base/deadline.ts'
import type { Platform } from '../base/platform.ts'
import { Refused } from '../base/reason.ts'
import type { Lane, Permits } from '../caty/permits.ts'
import type { LedgerBinding, LedgerStub } from '../ledger/binding.ts'
import { LEASE_MS, type Lease } from '../ledger/lanes.ts'
import { reachLedger } from '../ledger/reach.ts'

const MAX_PACKET = 8
/** Milliseconds to wait for the ledger: a call to Caty itself may take little longer. */
const TIMEOUT_MS = 1000
/** Calls a minute and lane of an isolate that cannot reach the ledger. Only messages need it. */
const ALONE = 10
const MINUTE_MS = 60_000

type Pool = { left: number; until: number; packet: number; alone: { left: number; until: number } }

export class LedgerPermits implements Permits {
  readonly #ledger: LedgerBinding
  readonly #perMinute: number
  readonly #now: Platform['now']
  readonly #pools = new Map<string, Pool>()
  /** By key, the end of a pause that Caty asked for. */
  readonly #closed = new Map<string, number>()

  /** `perMinute`: calls with one key. */
  constructor(ledger: LedgerBinding, perMinute: number, now: Platform['now']) {
    this.#perMinute = perMinute
    this.#ledger = ledger
    this.#now = now
  }

  async take(key: string, lane: Lane): Promise<void> {
    const now = this.#now().getTime()
    const pause = (this.#closed.get(key) ?? 0) - now
    if (pause > 0) throw this.#full(pause)
    const pool = this.#poolOf(`${key} ${lane}`)
    if (pool.left > 0 && now < pool.until) pool.left -= 1
    else await this.#lease(pool, key, lane, now)
  }

  async close(key: string, seconds: number): Promise<void> {
    const until = this.#now().getTime() + seconds * 1000
    this.#closed.set(key, until)
    await this.#ask((ledger) => ledger.closeKey(key, until))
  }

  async #lease(pool: Pool, key: string, lane: Lane, now: number): Promise<void> {
    // Doubled while packets are used up in time, halved when permits were left over.
    const isBusy = pool.left === 0 && now < pool.until
    pool.packet = isBusy ? Math.min(MAX_PACKET, pool.packet * 2) : Math.max(1, Math.floor(pool.packet / 2))
    const lease = await this.#ask<Lease>((ledger) =>
      ledger.leaseCalls({ key, lane, wanted: pool.packet, perMinute: this.#perMinute }),
    )
    if (!lease) return this.#takeAlone(pool, now)
    if (!lease.ok) {
      if (lease.closed) this.#closed.set(key, now + lease.waitMs)
      throw this.#full(lease.waitMs)
    }
    // By this isolate's own clock, from before the question, so never later than the ledger counts.
    if (now + LEASE_MS >= pool.until) Object.assign(pool, { left: lease.permits - 1, until: now + LEASE_MS })
  }

  #poolOf(name: string): Pool {
    const known = this.#pools.get(name)
    if (known) return known
    const pool = { left: 0, until: 0, packet: 1, alone: { left: 0, until: 0 } }
    this.#pools.set(name, pool)
    return pool
  }

  /** `undefined` when the ledger fails or is late. */
  #ask<T>(ask: (ledger: LedgerStub) => Promise<T>): Promise<T | undefined> {
    const asked = reachLedger(this.#ledger, ask)
    return withDeadline(asked, TIMEOUT_MS, () => new Error('late')).catch(() => undefined)
  }

  #takeAlone(pool: Pool, now: number): void {
    if (now >= pool.alone.until) pool.alone = { left: ALONE, until: now + MINUTE_MS }
    if (pool.alone.left <= 0) throw this.#full(pool.alone.until - now)
    pool.alone.left -= 1
  }

  #full(waitMs: number): Refused {
    const quotas = [{ policy: 'caty', quota: this.#perMinute, window: 60 }] as const
    return new Refused({ kind: 'quota', policy: 'caty', quotas, retryAfter: waitMs / 1000 })
  }
}

/**
 * Everything that reaches a key of Caty, in lanes. Caty takes 100 calls a minute for a key; the edge makes at most 95
 * (CALLS_PER_MINUTE), and those that only observe get at most 40 of them, so that a busy page never closes the chat. Isolates lease permits in
 * packets. Unused ones expire, and until a minute after that they count as calls, so the limit holds for every minute.
 */
import type { Lane } from '../caty/permits.ts'
import type { Sql } from './day-budgets.ts'

/** Permits for `LEASE_MS`, or the milliseconds to wait. `closed`: Caty asked for the pause. */
/** `key` is a hash of the key; `perMinute` its limit. */
export type Leasing = { key: string; lane: Lane; wanted: number; perMinute: number }
export type Lease = { ok: true; permits: number } | { ok: false; waitMs: number; closed: boolean }

/** The share of the calls that may only observe: 40 of 95. */
const LATER_SHARE = 40 / 95
/** Milliseconds that a permit may be used. Short, because an unused one is lost to everybody for longer. */
export const LEASE_MS = 4000
const MINUTE_MS = 60_000
/** Leases of one second are one row. */
const STEP_MS = 1000
/** How long a lease counts after its second began: it may be given and used to the end. */
const COUNTS_MS = STEP_MS + LEASE_MS + MINUTE_MS

export const LANE_TABLES = [
  `CREATE TABLE IF NOT EXISTS leases (
     step INTEGER NOT NULL, key TEXT NOT NULL, first INTEGER NOT NULL, later INTEGER NOT NULL, PRIMARY KEY (step, key))
     WITHOUT ROWID`,
  'CREATE TABLE IF NOT EXISTS closed (key TEXT PRIMARY KEY, until INTEGER NOT NULL) WITHOUT ROWID',
]

type Step = { at: number } & Record<Lane, number>

export class CallLanes {
  readonly #sql: Sql
  /** By key, in the order of time. In memory and on disk. */
  readonly #steps = new Map<string, Step[]>()
  readonly #closed = new Map<string, number>()

  /** Reads what an earlier instance of the ledger left. */
  constructor(sql: Sql) {
    this.#sql = sql
    for (const row of sql.exec('SELECT step, key, first, later FROM leases ORDER BY step'))
      this.#stepsOf(String(row.key)).push({ at: Number(row.step), first: Number(row.first), later: Number(row.later) })
    for (const row of sql.exec('SELECT key, until FROM closed')) this.#closed.set(String(row.key), Number(row.until))
  }

  /** Leases up to `wanted` permits. */
  lease({ key, lane, wanted, perMinute }: Leasing, now: number): Lease {
    const closedMs = this.closedMs(key, now)
    if (closedMs > 0) return { ok: false, waitMs: closedMs, closed: true }
    this.forgetOld(now)
    const steps = this.#stepsOf(key)
    const later = steps.reduce((sum, step) => sum + step.later, 0)
    const all = steps.reduce((sum, step) => sum + step.first, later)
    const free = perMinute - all
    const left = lane === 'later' ? Math.min(free, Math.round(perMinute * LATER_SHARE) - later) : free
    const permits = Math.min(wanted, left)
    if (permits <= 0) {
      const next = steps.find((step) => (lane === 'later' ? step.later > 0 : true))?.at ?? now
      return { ok: false, waitMs: Math.max(STEP_MS, next + COUNTS_MS - now), closed: false }
    }
    this.#add(key, lane, permits, now)
    return { ok: true, permits }
  }

  /** Caty asked for a pause: nobody calls with this key until then. */
  close(key: string, until: number): void {
    if (until <= (this.#closed.get(key) ?? 0)) return
    this.#closed.set(key, until)
    this.#sql.exec('INSERT OR REPLACE INTO closed (key, until) VALUES (?, ?)', key, until)
  }

  /** Milliseconds of the pause that are left. */
  closedMs(key: string, now: number): number {
    return Math.max(0, (this.#closed.get(key) ?? 0) - now)
  }

  forgetOld(now: number): void {
    let isOld = false
    for (const [key, steps] of this.#steps) {
      const kept = steps.filter(({ at }) => at + COUNTS_MS > now)
      isOld ||= kept.length < steps.length
      if (kept.length > 0) this.#steps.set(key, kept)
      else this.#steps.delete(key)
    }
    if (isOld) this.#sql.exec('DELETE FROM leases WHERE step <= ?', now - COUNTS_MS)
    for (const [key, until] of this.#closed) {
      if (until > now) continue
      this.#closed.delete(key)
      this.#sql.exec('DELETE FROM closed WHERE key = ?', key)
    }
  }

  #stepsOf(key: string): Step[] {
    const known = this.#steps.get(key) ?? []
    this.#steps.set(key, known)
    return known
  }

  #add(key: string, lane: Lane, permits: number, now: number): void {
    const at = Math.floor(now / STEP_MS) * STEP_MS
    const steps = this.#stepsOf(key)
    let step = steps.at(-1)
    if (step?.at !== at) {
      step = { at, first: 0, later: 0 }
      steps.push(step)
    }
    step[lane] += permits
    const row = 'INSERT OR REPLACE INTO leases (step, key, first, later) VALUES (?, ?, ?, ?)'
    this.#sql.exec(row, at, key, step.first, step.later)
  }
}

/**
 * The message budget of a tenant. Caty allows a key 20 messages a minute for all visitors together, so the edge sends
 * fewer, and shares them. Who comes while there is room is served at once. Who comes otherwise stands in a line, and near
 * its head their call is held until a slot is free: so a slot goes to who is there, first to who waited longest.
 *
 * The last minute is in memory and every change is on disk, so that an admission reads one row however large the limits are.
 */

import type { MessageLimits } from '../settings/index.ts'
import { DAY_TABLES, type Sql, spend, spentToday, unspend, untilTomorrow } from './day-budgets.ts'
import { CHECK_IN_MS, LINE_TABLES, Line } from './line.ts'

export type BudgetPolicy = 'visitor' | 'tenant' | 'day'
/** `left` is what remains of the limit that will be reached first. Times in milliseconds. */
export type BudgetVerdict =
  | { kind: 'go'; id: number; left: { policy: BudgetPolicy; count: number } }
  /** Ask again at `until`: a slot is free then. */
  | { kind: 'hold'; until: number }
  | { kind: 'wait'; policy: BudgetPolicy; waitMs: number }

export type Asking = { visitor: string; address: string; limits: MessageLimits }

/** Messages that a visitor may send at once. */
export const BURST = 3
const MINUTE_MS = 60_000
/** A call is held at most this long, which is less than a caller waits for the ledger; who is further back is told when to come. */
export const HOLD_MS = 3000

export const BUDGET_TABLES = [
  `CREATE TABLE IF NOT EXISTS messages (
     id INTEGER PRIMARY KEY, at INTEGER NOT NULL, visitor TEXT NOT NULL, due INTEGER NOT NULL)`,
  ...LINE_TABLES,
  ...DAY_TABLES,
]

/** A message of the last minute. `due`: when its visitor's pace allows the next, by the generic cell rate algorithm. */
type Sent = { id: number; at: number; visitor: string; due: number }
/** Of a visitor: the pace, and the messages of the last minute. */
type Pace = { due: number; served: number }

export class MessageBudget {
  readonly #sql: Sql
  readonly #line: Line
  readonly #paces = new Map<string, Pace>()
  /** In the order of time. */
  #sent: Sent[] = []
  #nextId = 1

  /** Reads what an earlier instance of the ledger left of the last minute. */
  constructor(sql: Sql) {
    this.#sql = sql
    this.#line = new Line(sql)
    for (const row of sql.exec('SELECT id, at, visitor, due FROM messages ORDER BY id'))
      this.#count({ id: Number(row.id), at: Number(row.at), visitor: String(row.visitor), due: Number(row.due) })
  }

  /** Takes one message out of the budget, or tells how long to wait. A call whose slot is free before `holdUntil` is held. */
  take({ visitor, address, limits }: Asking, holdUntil: number, now: number): BudgetVerdict {
    this.forgetOld(now)
    const today = spentToday(this.#sql, 'messages', now)
    if (today >= limits.perDay) return { kind: 'wait', policy: 'day', waitMs: untilTomorrow(now) }
    const step = MINUTE_MS / limits.perVisitor
    const { due = now, served = 0 } = this.#paces.get(visitor) ?? {}
    const early = Math.max(now, due) - now - (Math.min(BURST, limits.perVisitor) - 1) * step
    if (early > 0) return { kind: 'wait', policy: 'visitor', waitMs: early }

    const place = this.#line.placeOf(visitor, address, served, now)
    const ahead = this.#line.ahead(place, now)
    const free = limits.perTenant - this.#sent.length
    if (free <= ahead.here) {
      const slot = Math.max(now + 1, this.#timeOfSlot(ahead.here - free, limits.perTenant))
      const here = slot <= holdUntil
      const promised = this.#timeOfSlot(ahead.all - free, limits.perTenant) - HOLD_MS / 2 - now
      // Whole seconds, as Retry-After has them; rounded down, because who comes after the slot is free comes too late.
      const waitMs = here ? slot - now : Math.max(1000, Math.floor(Math.min(promised, CHECK_IN_MS) / 1000) * 1000)
      const kept = this.#line.keep({ ...place, due: now + waitMs, here }, now)
      if (kept && here) return { kind: 'hold', until: slot }
      return { kind: 'wait', policy: 'tenant', waitMs: kept ? waitMs : CHECK_IN_MS }
    }
    this.#line.leave(visitor)
    const id = this.#add(visitor, Math.round(Math.max(now, due) + step), now)
    const left = { visitor: Math.floor(-early / step), tenant: free - 1, day: limits.perDay - today - 1 }
    return { kind: 'go', id, left: closest(left) }
  }

  /** Counts one more message of the tenant, if there is room: a second attempt at Caty costs like the first. */
  takeExtra({ perTenant, perDay }: MessageLimits, now: number): boolean {
    this.forgetOld(now)
    if (this.#sent.length >= perTenant || spentToday(this.#sql, 'messages', now) >= perDay) return false
    this.#add('', now, now)
    return true
  }

  /** Returns a message that was never sent to Caty. */
  giveBack(id: number, { perVisitor }: MessageLimits): void {
    const sent = this.#sent.find((each) => each.id === id)
    if (!sent) return
    this.#sent = this.#sent.filter((each) => each !== sent)
    this.#sql.exec('DELETE FROM messages WHERE id = ?', id)
    unspend(this.#sql, 'messages', sent.at)
    const pace = this.#paces.get(sent.visitor)
    if (!pace) return
    pace.served -= 1
    pace.due -= MINUTE_MS / perVisitor
  }

  /** Forgets what is older than a minute. */
  forgetOld(now: number): void {
    let old = 0
    for (let sent = this.#sent[0]; sent && sent.at <= now - MINUTE_MS; sent = this.#sent[old]) {
      old += 1
      const pace = this.#paces.get(sent.visitor)
      if (pace) pace.served -= 1
      if (pace && pace.served <= 0 && pace.due <= now) this.#paces.delete(sent.visitor)
    }
    const last = this.#sent[old - 1]
    if (last) {
      this.#sql.exec('DELETE FROM messages WHERE id <= ?', last.id)
      this.#sent = this.#sent.slice(old)
    }
    this.#line.forgetGone(now)
  }

  #add(visitor: string, due: number, at: number): number {
    const id = this.#nextId
    this.#count({ id, at, visitor, due })
    this.#sql.exec('INSERT INTO messages (id, at, visitor, due) VALUES (?, ?, ?, ?)', id, at, visitor, due)
    spend(this.#sql, 'messages', at)
    return id
  }

  #count(sent: Sent): void {
    this.#nextId = sent.id + 1
    this.#sent.push(sent)
    const served = (this.#paces.get(sent.visitor)?.served ?? 0) + 1
    this.#paces.set(sent.visitor, { due: sent.due, served })
  }

  /** When the n-th slot is free that is taken now: each message frees one a minute later, and whoever takes it again. */
  #timeOfSlot(n: number, perTenant: number): number {
    const taken = this.#sent.length
    const at = this.#sent[n % taken]?.at ?? 0
    return at + MINUTE_MS + Math.floor(n / taken) * MINUTE_MS * Math.max(1, taken / perTenant)
  }
}

/** The limit that will be reached first. */
function closest(left: Record<BudgetPolicy, number>): { policy: BudgetPolicy; count: number } {
  const { visitor, tenant, day } = left
  if (visitor <= tenant && visitor <= day) return { policy: 'visitor', count: Math.max(0, visitor) }
  return tenant <= day ? { policy: 'tenant', count: tenant } : { policy: 'day', count: day }
}

/**
 * The message budget of a tenant. Caty allows a key 20 messages a minute for all visitors together, so the edge sends
 * fewer, and shares them: visitors with the fewest messages in the last minute come first, then those who wait longest.
 * A visitor who is told to wait keeps a place in the line, so nobody starves and nobody has to retry all the time.
 */

import type { MessageLimits } from '../settings/index.ts'

export type BudgetPolicy = 'visitor' | 'tenant' | 'day'
/** `left` is what remains of the limit that will be reached first. Times in milliseconds. */
export type BudgetVerdict =
  | { ok: true; at: number; left: { policy: BudgetPolicy; count: number } }
  | { ok: false; policy: BudgetPolicy; waitMs: number }

/** Messages that a visitor may send at once. */
export const BURST = 3
const MINUTE_MS = 60_000
const DAY_MS = 86_400_000
/** How long a place is kept for a visitor who does not return at the promised time. */
const KEEP_PLACE_MS = 15_000
/** Places in the line, so that a script with many visitors cannot fill the storage. */
const MAX_WAITING = 1000

export const BUDGET_TABLES = [
  'CREATE TABLE IF NOT EXISTS sent (at INTEGER NOT NULL, visitor TEXT NOT NULL)',
  'CREATE INDEX IF NOT EXISTS sent_at ON sent (at)',
  'CREATE INDEX IF NOT EXISTS sent_visitor ON sent (visitor)',
  'CREATE TABLE IF NOT EXISTS pace (visitor TEXT PRIMARY KEY, due INTEGER NOT NULL) WITHOUT ROWID',
  'CREATE INDEX IF NOT EXISTS pace_due ON pace (due)',
  'CREATE TABLE IF NOT EXISTS waiting (visitor TEXT PRIMARY KEY, since INTEGER NOT NULL, promised INTEGER NOT NULL) WITHOUT ROWID',
  'CREATE TABLE IF NOT EXISTS days (day INTEGER PRIMARY KEY, count INTEGER NOT NULL)',
]

const number = (sql: SqlStorage, query: string, ...values: (string | number)[]): number => {
  const [value] =
    sql
      .exec(query, ...values)
      .raw()
      .next().value ?? []
  return typeof value === 'number' ? value : 0
}

/** Takes one message out of the budget, or tells how long to wait. `now` in milliseconds since the epoch. */
export function takeMessage(sql: SqlStorage, visitor: string, limits: MessageLimits, now: number): BudgetVerdict {
  forgetOld(sql, now)
  const day = Math.floor(now / DAY_MS)
  const today = number(sql, 'SELECT count FROM days WHERE day = ?', day)
  if (today >= limits.perDay) return { ok: false, policy: 'day', waitMs: (day + 1) * DAY_MS - now }

  // The generic cell rate algorithm (GCRA): `due` is its theoretical arrival time.
  const step = MINUTE_MS / limits.perVisitor
  const due = Math.max(now, number(sql, 'SELECT due FROM pace WHERE visitor = ?', visitor))
  const early = due - now - (Math.min(BURST, limits.perVisitor) - 1) * step
  if (early > 0) return { ok: false, policy: 'visitor', waitMs: early }

  const place = placeInLine(sql, visitor, limits.perTenant, now)
  if (place.waitMs > 0) return { ok: false, policy: 'tenant', waitMs: place.waitMs }

  sql.exec('DELETE FROM waiting WHERE visitor = ?', visitor)
  sql.exec('INSERT INTO sent (at, visitor) VALUES (?, ?)', now, visitor)
  sql.exec('INSERT OR REPLACE INTO pace (visitor, due) VALUES (?, ?)', visitor, Math.round(due + step))
  sql.exec('INSERT INTO days (day, count) VALUES (?, 1) ON CONFLICT (day) DO UPDATE SET count = count + 1', day)
  return { ok: true, at: now, left: closest(limits, { today: today + 1, free: place.free - 1, early, step }) }
}

/** Returns a message that surely never reached Caty. */
export function returnMessage(sql: SqlStorage, visitor: string, limits: MessageLimits, at: number): void {
  sql.exec('DELETE FROM sent WHERE rowid = (SELECT rowid FROM sent WHERE visitor = ? AND at = ? LIMIT 1)', visitor, at)
  sql.exec('UPDATE pace SET due = due - ? WHERE visitor = ?', Math.round(MINUTE_MS / limits.perVisitor), visitor)
  sql.exec('UPDATE days SET count = count - 1 WHERE day = ? AND count > 0', Math.floor(at / DAY_MS))
}

/** Deletes rows that no longer matter. */
export function forgetOld(sql: SqlStorage, now: number): void {
  sql.exec('DELETE FROM sent WHERE at <= ?', now - MINUTE_MS)
  sql.exec('DELETE FROM pace WHERE due <= ?', now)
  sql.exec('DELETE FROM waiting WHERE promised <= ?', now - KEEP_PLACE_MS)
  sql.exec('DELETE FROM days WHERE day < ?', Math.floor(now / DAY_MS) - 1)
}

/** Counts the visitors before this one in the line: with fewer messages lately, or as many and waiting longer. */
const AHEAD = `SELECT count(*) FROM waiting AS other WHERE other.visitor <> ?1 AND (
  (SELECT count(*) FROM sent WHERE sent.visitor = other.visitor) < ?2
  OR ((SELECT count(*) FROM sent WHERE sent.visitor = other.visitor) = ?2 AND other.since < ?3))`

function placeInLine(sql: SqlStorage, visitor: string, perTenant: number, now: number) {
  const free = perTenant - number(sql, 'SELECT count(*) FROM sent')
  // The usual case: nobody waits.
  const line = number(sql, 'SELECT count(*) FROM waiting')
  if (free > 0 && line === 0) return { waitMs: 0, free }
  const served = number(sql, 'SELECT count(*) FROM sent WHERE visitor = ?', visitor)
  const since = number(sql, 'SELECT since FROM waiting WHERE visitor = ?', visitor) || now
  const ahead = number(sql, AHEAD, visitor, served, since)
  if (free > ahead) return { waitMs: 0, free }
  const promised = timeOfSlot(sql, ahead - free, perTenant, now)
  if (line < MAX_WAITING) {
    sql.exec('INSERT OR REPLACE INTO waiting (visitor, since, promised) VALUES (?, ?, ?)', visitor, since, promised)
  }
  return { waitMs: Math.max(1, promised - now), free }
}

/** When the n-th slot from now is free: each message of the last minute frees one a minute later, and so on. */
function timeOfSlot(sql: SqlStorage, n: number, perTenant: number, now: number): number {
  const rounds = Math.floor(n / perTenant)
  const at = number(sql, 'SELECT at FROM sent ORDER BY at LIMIT 1 OFFSET ?', n % perTenant) || now
  return at + MINUTE_MS * (rounds + 1)
}

/** The limit that will be reached first. */
function closest(
  limits: MessageLimits,
  { today, free, early, step }: { today: number; free: number; early: number; step: number },
): { policy: BudgetPolicy; count: number } {
  const visitor = { policy: 'visitor' as const, count: Math.max(0, Math.floor(-early / step)) }
  const tenant = { policy: 'tenant' as const, count: Math.max(0, free) }
  const day = { policy: 'day' as const, count: limits.perDay - today }
  return [visitor, tenant, day].reduce((least, each) => (each.count < least.count ? each : least))
}

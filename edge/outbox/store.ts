/**
 * The outbox, a table in the ledger: events from Caty that are not delivered yet. An event is stored before Caty gets its
 * 202, and deleted after its delivery, so a crash in between loses nothing. Events of one conversation are delivered in
 * order: only its oldest pending event is ever due.
 */
import type { Outcome, WebhookDelivery } from './deliver.ts'
import { delayAfter } from './schedule.ts'

export type NewDelivery = { id: string; event: string; conversation: string; body: string }
export type DeadLetter = { id: string; event: string; received: string; died: string; attempts: number; fault: string }

/** How long the id of an event is kept, to recognise a duplicate. */
export const SEEN_MS = 7 * 86_400_000
/** How long a dead letter is kept and can be redriven. */
export const DEAD_MS = 30 * 86_400_000
/** Above this the edge answers Caty with 503, so that an endpoint which is gone for good cannot fill the storage. */
export const MAX_DELIVERIES = 5000
/** Dead letters in one answer. */
const MAX_LISTED = 500

export const OUTBOX_TABLES = [
  'CREATE TABLE IF NOT EXISTS webhooks_seen (id TEXT PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID',
  'CREATE INDEX IF NOT EXISTS webhooks_seen_at ON webhooks_seen (at)',
  // `due` is null for a dead letter, `died` for a pending delivery.
  `CREATE TABLE IF NOT EXISTS outbox (
     seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, conversation TEXT NOT NULL, event TEXT NOT NULL,
     body TEXT NOT NULL, received INTEGER NOT NULL, attempts INTEGER NOT NULL DEFAULT 0, due INTEGER,
     fault TEXT NOT NULL DEFAULT '', died INTEGER)`,
  'CREATE INDEX IF NOT EXISTS outbox_due ON outbox (due)',
  'CREATE INDEX IF NOT EXISTS outbox_conversation ON outbox (conversation, seq)',
]

/** Pending deliveries that are the oldest of their conversation. */
const HEADS = `outbox AS head WHERE head.due IS NOT NULL AND NOT EXISTS (
  SELECT 1 FROM outbox AS older
  WHERE older.conversation = head.conversation AND older.due IS NOT NULL AND older.seq < head.seq)`

/** Stores an event once. `known` is a duplicate, also of one that was delivered within the last seven days. */
export function acceptDelivery(sql: SqlStorage, delivery: NewDelivery, now: number): 'first' | 'known' | 'full' {
  const { id, conversation, event, body } = delivery
  const known = sql.exec('SELECT id FROM webhooks_seen WHERE id = ?1 UNION SELECT id FROM outbox WHERE id = ?1', id)
  if (known.toArray().length > 0) return 'known'
  if (Number(sql.exec('SELECT count(*) AS n FROM outbox').one().n) >= MAX_DELIVERIES) return 'full'
  sql.exec('INSERT INTO webhooks_seen (id, at) VALUES (?, ?)', id, now)
  sql.exec(
    'INSERT INTO outbox (id, conversation, event, body, received, due) VALUES (?, ?, ?, ?, ?, ?)',
    ...[id, conversation, event, body, now, now],
  )
  return 'first'
}

/** The next deliveries that are due, the oldest first, at most one a conversation. `now` in milliseconds. */
export function dueDeliveries(sql: SqlStorage, now: number, max: number): WebhookDelivery[] {
  const rows = sql.exec(
    `SELECT id, event, body, attempts FROM ${HEADS} AND head.due <= ? ORDER BY head.seq LIMIT ?`,
    now,
    max,
  )
  return rows.toArray().map(asDelivery)
}

/** The time of the next delivery in milliseconds; `undefined` when none is pending. */
export function nextDue(sql: SqlStorage): number | undefined {
  const { due } = sql.exec(`SELECT min(head.due) AS due FROM ${HEADS}`).one()
  return typeof due === 'number' ? due : undefined
}

/** The delivery, if it is still pending. */
export function pendingDelivery(sql: SqlStorage, id: string): WebhookDelivery | undefined {
  const [row] = sql.exec('SELECT id, event, body, attempts FROM outbox WHERE id = ? AND due IS NOT NULL', id).toArray()
  return row && asDelivery(row)
}

const asDelivery = (row: Record<string, SqlStorageValue>): WebhookDelivery => ({
  id: String(row.id),
  event: String(row.event),
  body: String(row.body),
  attempts: Number(row.attempts),
})

/** Makes these deliveries due at `due`, in milliseconds. */
export function postpone(sql: SqlStorage, ids: readonly string[], due: number): void {
  for (const id of ids) sql.exec('UPDATE outbox SET due = ? WHERE id = ? AND due IS NOT NULL', due, id)
}

/** Records an attempt: deletes a delivered event, or counts the failure and keeps its fault. */
export function recordAttempt(sql: SqlStorage, id: string, outcome: Outcome): void {
  if (outcome.ok) {
    sql.exec('DELETE FROM outbox WHERE id = ?', id)
    return
  }
  const fault = outcome.status === undefined ? outcome.fault : `${outcome.fault} ${outcome.status}`
  sql.exec('UPDATE outbox SET attempts = attempts + 1, fault = ? WHERE id = ? AND due IS NOT NULL', fault, id)
}

/** Records an attempt of the ledger's own loop and decides what follows: nothing, a retry, or a dead letter. */
export function afterAttempt(sql: SqlStorage, id: string, outcome: Outcome, now: number): void {
  recordAttempt(sql, id, outcome)
  const delivery = pendingDelivery(sql, id)
  if (!delivery) return
  const delay = !outcome.ok && outcome.fault === 'no_target' ? undefined : delayAfter(delivery.attempts)
  if (delay === undefined) deadLetter(sql, id, now)
  else postpone(sql, [id], now + delay * 1000)
}

/** Makes the delivery a dead letter. The next event of its conversation becomes due. */
export function deadLetter(sql: SqlStorage, id: string, now: number): void {
  sql.exec('UPDATE outbox SET due = NULL, died = ? WHERE id = ? AND due IS NOT NULL', now, id)
}

/** The dead letters for the operator, without their content. */
export function deadLetters(sql: SqlStorage): DeadLetter[] {
  const rows = sql.exec('SELECT * FROM outbox WHERE due IS NULL ORDER BY seq LIMIT ?', MAX_LISTED)
  return rows.toArray().map((row) => ({
    id: String(row.id),
    event: String(row.event),
    received: new Date(Number(row.received)).toISOString(),
    died: new Date(Number(row.died)).toISOString(),
    attempts: Number(row.attempts),
    fault: String(row.fault),
  }))
}

/** The number of pending deliveries. */
export const countPending = (sql: SqlStorage): number =>
  Number(sql.exec('SELECT count(*) AS n FROM outbox WHERE due IS NOT NULL').one().n)

/** Makes dead letters due again: those with these ids, or all. Returns how many. */
export function redrive(sql: SqlStorage, ids: readonly string[] | undefined, now: number): number {
  const again = "UPDATE outbox SET due = ?, died = NULL, attempts = 0, fault = '' WHERE due IS NULL"
  if (!ids) return sql.exec(`${again} RETURNING id`, now).toArray().length
  return ids.filter((id) => sql.exec(`${again} AND id = ? RETURNING id`, now, id).toArray().length > 0).length
}

/** Deletes ids after seven days and dead letters after thirty. */
export function forgetExpired(sql: SqlStorage, now: number): void {
  sql.exec('DELETE FROM webhooks_seen WHERE at <= ?', now - SEEN_MS)
  sql.exec('DELETE FROM outbox WHERE due IS NULL AND died <= ?', now - DEAD_MS)
}

/** When `forgetExpired` has next something to delete, in milliseconds; `undefined` when nothing is kept. */
export function nextExpiry(sql: SqlStorage): number | undefined {
  const { seen, dead } = sql
    .exec(
      'SELECT (SELECT min(at) FROM webhooks_seen) AS seen, (SELECT min(died) FROM outbox WHERE due IS NULL) AS dead',
    )
    .one()
  const times = [
    ...(typeof seen === 'number' ? [seen + SEEN_MS] : []),
    ...(typeof dead === 'number' ? [dead + DEAD_MS] : []),
  ]
  return times.length === 0 ? undefined : Math.min(...times)
}

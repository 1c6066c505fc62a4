/**
 * The outbox, a table in the ledger: events from Caty that are not delivered yet. An event is stored before Caty gets its
 * 202, and deleted after its delivery, so a crash in between loses nothing. Events of one conversation or of one lead are
 * delivered in order: one that was not tried yet waits for the older ones, for a day at most.
 */
import { utf8 } from '../base/bytes.ts'
import { bury, forgetDead, nextBurialEnd } from './dead-letters.ts'
import type { Outcome, WebhookDelivery } from './deliver.ts'
import { ATTEMPTS, delayAfter, LAST_DELAY_S } from './schedule.ts'
import { forgetSeen, isSeen, nextForgotten, rememberSeen, SEEN_TABLES } from './seen.ts'

/** `conversation` and `lead` are empty when the event names none. `happened`: its own time, in milliseconds. */
export type NewDelivery = {
  id: string
  event: string
  conversation: string
  lead: string
  happened: number | undefined
  body: Uint8Array<ArrayBuffer>
}

/** Above this the edge answers Caty with 503, so that an endpoint which is gone for good cannot fill the storage. */
export const MAX_PENDING = 5000
/** How long an event waits for the older ones of its conversation and lead, which fail again and again. */
export const WAIT_MS = 24 * 3_600_000

/** Creates the tables where they are missing. */
export function prepareOutbox(sql: SqlStorage): void {
  const tables = [
    ...SEEN_TABLES,
    // `due` is null for a dead letter, `died` for a pending delivery. `body` is a BLOB.
    `CREATE TABLE IF NOT EXISTS outbox (
       seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, conversation TEXT NOT NULL, event TEXT NOT NULL,
       body TEXT NOT NULL, received INTEGER NOT NULL, attempts INTEGER NOT NULL DEFAULT 0, due INTEGER,
       fault TEXT NOT NULL DEFAULT '', died INTEGER, lead TEXT NOT NULL DEFAULT '')`,
    'CREATE INDEX IF NOT EXISTS outbox_due ON outbox (due)',
    'CREATE INDEX IF NOT EXISTS outbox_conversation ON outbox (conversation, seq)',
  ]
  for (const table of tables) sql.exec(table)
  // A ledger of an older version.
  if (
    !sql
      .exec('PRAGMA table_info(outbox)')
      .toArray()
      .some(({ name }) => name === 'lead')
  )
    sql.exec("ALTER TABLE outbox ADD COLUMN lead TEXT NOT NULL DEFAULT ''")
  sql.exec('CREATE INDEX IF NOT EXISTS outbox_lead ON outbox (lead, seq)')
}

const older = (of: 'conversation' | 'lead') => `(head.${of} <> '' AND EXISTS (
  SELECT 1 FROM outbox AS older
  WHERE older.${of} = head.${of} AND older.due IS NOT NULL AND older.seq < head.seq))`

/** When a pending delivery may be tried: when it is due, or later while it waits for an older one. */
const READY = `head.due + CASE WHEN head.attempts = 0 AND (${older('conversation')} OR ${older('lead')})
  THEN ${WAIT_MS} ELSE 0 END`

/** Stores an event once. `known` is a duplicate, also of one that was delivered before and is remembered. */
export function acceptDelivery(sql: SqlStorage, delivery: NewDelivery, now: number): 'first' | 'known' | 'full' {
  const { id, conversation, lead, event, body, happened } = delivery
  const stored = sql.exec('SELECT 1 FROM outbox WHERE id = ?', id).toArray().length > 0
  if (stored || isSeen(sql, id)) return 'known'
  if (countPending(sql) >= MAX_PENDING) return 'full'
  rememberSeen(sql, id, happened, now)
  sql.exec(
    'INSERT INTO outbox (id, conversation, lead, event, body, received, due) VALUES (?, ?, ?, ?, ?, ?, ?)',
    ...[id, conversation, lead, event, Uint8Array.from(body).buffer, now, now],
  )
  return 'first'
}

/** The next deliveries that may be tried, the oldest first. `now` in milliseconds. */
export function dueDeliveries(sql: SqlStorage, now: number, max: number): WebhookDelivery[] {
  const rows = sql.exec(
    `SELECT id, event, body, attempts FROM outbox AS head
     WHERE head.due IS NOT NULL AND ${READY} <= ? ORDER BY head.seq LIMIT ?`,
    now,
    max,
  )
  return rows.toArray().map(asDelivery)
}

/** When the next delivery may be tried, in milliseconds; `undefined` when none is pending. */
export function nextDue(sql: SqlStorage): number | undefined {
  const { due } = sql.exec(`SELECT min(${READY}) AS due FROM outbox AS head WHERE head.due IS NOT NULL`).one()
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
  body: bytesOf(row.body),
  attempts: Number(row.attempts),
})

/** The body of a row. An older version stored it as text. */
export const bytesOf = (body: SqlStorageValue | undefined): Uint8Array<ArrayBuffer> =>
  body instanceof ArrayBuffer ? new Uint8Array(body) : utf8(String(body))

/** Makes these deliveries due at `due`, in milliseconds. */
export function postpone(sql: SqlStorage, ids: readonly string[], due: number): void {
  for (const id of ids) sql.exec('UPDATE outbox SET due = ? WHERE id = ? AND due IS NOT NULL', due, id)
}

/** Makes every delivery that is due before `due` due at that time. */
export function postponeAll(sql: SqlStorage, due: number): void {
  sql.exec('UPDATE outbox SET due = ?1 WHERE due < ?1', due)
}

/**
 * Counts an attempt before it is made, so that whatever breaks it off, a throw or the end of the process, has cost an
 * attempt. `due` is when the next one comes, if not the time that is set. The outcome replaces this fault.
 */
export function countAttempt(sql: SqlStorage, id: string, due: number | null = null): void {
  const counted = "UPDATE outbox SET attempts = attempts + 1, fault = 'broken_off', due = coalesce(?, due)"
  sql.exec(`${counted} WHERE id = ? AND due IS NOT NULL`, due, id)
}

/** Counts an attempt of the ledger's own loop, and makes the delivery due for the next one. */
export function beginAttempt(sql: SqlStorage, { id, attempts }: WebhookDelivery, now: number): void {
  countAttempt(sql, id, now + (delayAfter(attempts + 1) ?? LAST_DELAY_S) * 1000)
}

/** Records the outcome of a counted attempt: deletes a delivered event, or keeps the fault of a failed one. */
export function recordOutcome(sql: SqlStorage, id: string, outcome: Outcome): void {
  if (outcome.ok) {
    sql.exec('DELETE FROM outbox WHERE id = ?', id)
    return
  }
  const fault = outcome.status === undefined ? outcome.fault : `${outcome.fault} ${outcome.status}`
  sql.exec('UPDATE outbox SET fault = ? WHERE id = ? AND due IS NOT NULL', fault, id)
}

/** Records the outcome of an attempt of the ledger's own loop, and decides what follows: a retry, or a dead letter. */
export function endAttempt(sql: SqlStorage, id: string, outcome: Outcome, now: number): void {
  recordOutcome(sql, id, outcome)
  const delivery = pendingDelivery(sql, id)
  if (!delivery) return
  const last = delivery.attempts >= ATTEMPTS || (!outcome.ok && outcome.fault === 'no_target')
  if (last) giveUp(sql, id, now)
  else postpone(sql, [id], now + (delayAfter(delivery.attempts) ?? LAST_DELAY_S) * 1000)
}

/** Makes the delivery a dead letter. While there is no room for one it stays pending, and is tried at the longest delay. */
export function giveUp(sql: SqlStorage, id: string, now: number): void {
  if (!bury(sql, id, now)) postpone(sql, [id], now + LAST_DELAY_S * 1000)
}

/** The number of pending deliveries. */
export const countPending = (sql: SqlStorage): number =>
  Number(sql.exec('SELECT count(*) AS n FROM outbox WHERE due IS NOT NULL').one().n)

/** Deletes ids and dead letters whose time is over. */
export function forgetExpired(sql: SqlStorage, now: number): void {
  forgetSeen(sql, now)
  forgetDead(sql, now)
}

/** When `forgetExpired` has next something to delete, in milliseconds; `undefined` when nothing is kept. */
export function nextExpiry(sql: SqlStorage): number | undefined {
  const times = [nextForgotten(sql), nextBurialEnd(sql)].filter((time) => time !== undefined)
  return times.length === 0 ? undefined : Math.min(...times)
}

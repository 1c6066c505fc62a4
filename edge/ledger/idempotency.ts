/**
 * Idempotency records, as in the IETF draft "The Idempotency-Key HTTP Header Field": the same key with the same payload
 * gets the stored answer, with another payload 422, and while the first call is running 409. A call that may have reached
 * Caty and has no answer keeps its key too, so that no key ever sends twice.
 */

export type Begun =
  | { kind: 'begun' }
  | { kind: 'stored'; body: string }
  | { kind: 'running'; waitMs: number }
  | { kind: 'unknown' }
  | { kind: 'mismatch' }

/** Milliseconds that a record is kept: as long as a widget may retry. */
export const KEEP_MS = 10 * 60_000
/** A call without an answer after this has died with its isolate: twice the time that a message may take. */
const DEAD_MS = 60_000
/** `Retry-After` while the first call is running. */
const RUNNING_WAIT_MS = 2000
/** States of a record; one without is still running. */
const ANSWERED = 200
const UNKNOWN = 504

export const IDEMPOTENCY_TABLES = [
  `CREATE TABLE IF NOT EXISTS idempotency (
     id TEXT PRIMARY KEY, fingerprint TEXT NOT NULL, at INTEGER NOT NULL, status INTEGER, body TEXT) WITHOUT ROWID`,
  'CREATE INDEX IF NOT EXISTS idempotency_at ON idempotency (at)',
]

/** Starts a call. `id` names the visitor and the key, `fingerprint` the payload. */
export function beginCall(sql: SqlStorage, id: string, fingerprint: string, now: number): Begun {
  forgetRecords(sql, now)
  const [known] = sql.exec('SELECT fingerprint, at, status, body FROM idempotency WHERE id = ?', id).toArray()
  if (known && known.fingerprint !== fingerprint) return { kind: 'mismatch' }
  if (known?.status === ANSWERED && typeof known.body === 'string') return { kind: 'stored', body: known.body }
  if (known && known.status === null && Number(known.at) > now - DEAD_MS)
    return { kind: 'running', waitMs: RUNNING_WAIT_MS }
  if (known) return { kind: 'unknown' }
  sql.exec('INSERT OR REPLACE INTO idempotency (id, fingerprint, at) VALUES (?, ?, ?)', id, fingerprint, now)
  return { kind: 'begun' }
}

/** Stores the answer that a retry gets. */
export function storeAnswer(sql: SqlStorage, id: string, body: string): void {
  sql.exec('UPDATE idempotency SET status = ?, body = ? WHERE id = ?', ANSWERED, body, id)
}

/** Caty may have taken the message: the key is refused from now on. */
export function markUnknown(sql: SqlStorage, id: string): void {
  sql.exec('UPDATE idempotency SET status = ? WHERE id = ?', UNKNOWN, id)
}

/** Deletes the record of a call that Caty surely did not take, so that the same key may try again. */
export function releaseCall(sql: SqlStorage, id: string): void {
  sql.exec('DELETE FROM idempotency WHERE id = ? AND status IS NULL', id)
}

/** Deletes records that are no longer needed. */
export function forgetRecords(sql: SqlStorage, now: number): void {
  sql.exec('DELETE FROM idempotency WHERE at <= ?', now - KEEP_MS)
}

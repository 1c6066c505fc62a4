/**
 * Idempotency records, as in the IETF draft "The Idempotency-Key HTTP Header Field": the same key with the same payload
 * gets the stored answer, with another payload 422, and while the first call is running 409.
 */

export type StoredAnswer = { status: number; body: string }
export type Begun =
  | { kind: 'begun' }
  | { kind: 'stored'; answer: StoredAnswer }
  | { kind: 'running'; waitMs: number }
  | { kind: 'mismatch' }

/** Milliseconds that a record is kept: as long as a widget may retry. */
export const KEEP_MS = 10 * 60_000
/** A call that has not ended after this counts as dead: twice the time that a message may take. */
const DEAD_MS = 60_000
/** `Retry-After` while the first call is running. */
const RUNNING_WAIT_MS = 2000

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
  if (known && typeof known.status === 'number' && typeof known.body === 'string') {
    return { kind: 'stored', answer: { status: known.status, body: known.body } }
  }
  if (known && Number(known.at) > now - DEAD_MS) return { kind: 'running', waitMs: RUNNING_WAIT_MS }
  sql.exec('INSERT OR REPLACE INTO idempotency (id, fingerprint, at) VALUES (?, ?, ?)', id, fingerprint, now)
  return { kind: 'begun' }
}

/** Stores the answer that a retry gets. */
export function storeAnswer(sql: SqlStorage, id: string, { status, body }: StoredAnswer): void {
  sql.exec('UPDATE idempotency SET status = ?, body = ? WHERE id = ?', status, body, id)
}

/** Deletes the record of a call that failed, so that the same key may try again. */
export function releaseCall(sql: SqlStorage, id: string): void {
  sql.exec('DELETE FROM idempotency WHERE id = ? AND status IS NULL', id)
}

/** Deletes records that are no longer needed. */
export function forgetRecords(sql: SqlStorage, now: number): void {
  sql.exec('DELETE FROM idempotency WHERE at <= ?', now - KEEP_MS)
}

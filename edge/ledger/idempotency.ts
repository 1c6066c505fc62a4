/**
 * Idempotency records, after the IETF draft "The Idempotency-Key HTTP Header Field": the same key with the same payload
 * gets the stored answer, with another payload 422, and while the first is still running 409.
 */

export type StoredAnswer = { status: number; body: string }
export type Begun =
  | { kind: 'begun' }
  | { kind: 'stored'; answer: StoredAnswer }
  | { kind: 'running'; waitMs: number }
  | { kind: 'mismatch' }

/** Milliseconds a record is kept: as long as a widget that lost its answer could still ask for it. */
export const KEEP_MS = 10 * 60_000
/** After this a call that never ended is dead: twice what a message may take. */
const DEAD_MS = 60_000
/** What to wait for a call that still runs. */
const RUNNING_WAIT_MS = 2000

export const IDEMPOTENCY_TABLES = [
  `CREATE TABLE IF NOT EXISTS idempotency (
     id TEXT PRIMARY KEY, fingerprint TEXT NOT NULL, at INTEGER NOT NULL, status INTEGER, body TEXT) WITHOUT ROWID`,
  'CREATE INDEX IF NOT EXISTS idempotency_at ON idempotency (at)',
]

/** `id` names visitor and key; `fingerprint` the payload. */
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

export function storeAnswer(sql: SqlStorage, id: string, { status, body }: StoredAnswer): void {
  sql.exec('UPDATE idempotency SET status = ?, body = ? WHERE id = ?', status, body, id)
}

/** The call came to nothing: the same key may try again. */
export function releaseCall(sql: SqlStorage, id: string): void {
  sql.exec('DELETE FROM idempotency WHERE id = ? AND status IS NULL', id)
}

export function forgetRecords(sql: SqlStorage, now: number): void {
  sql.exec('DELETE FROM idempotency WHERE at <= ?', now - KEEP_MS)
}

/**
 * Visitors who solved the challenge. A visitor gets a first token on every page; without this table they would have to
 * solve the challenge on each. A row costs a solved challenge, so a script cannot fill the storage.
 */

/** Milliseconds that a pass lasts: as long as a token can be renewed. */
export const PASS_MS = 12 * 3_600_000

export const CHALLENGE_PASS_TABLES = [
  'CREATE TABLE IF NOT EXISTS passed (id TEXT PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID',
  'CREATE INDEX IF NOT EXISTS passed_at ON passed (at)',
]

/** Stores a pass. `id` names the visitor's key and the token epoch. */
export function rememberPass(sql: SqlStorage, id: string, now: number): void {
  sql.exec('INSERT OR REPLACE INTO passed (id, at) VALUES (?, ?)', id, now)
}

/** True if the pass exists and has not ended. */
export const hasPassed = (sql: SqlStorage, id: string, now: number): boolean =>
  sql.exec('SELECT 1 FROM passed WHERE id = ? AND at > ?', id, now - PASS_MS).toArray().length > 0

/** Deletes passes that have ended. */
export function forgetPasses(sql: SqlStorage, now: number): void {
  sql.exec('DELETE FROM passed WHERE at <= ?', now - PASS_MS)
}

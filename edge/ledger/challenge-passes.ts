/**
 * Who solved the challenge. A visitor who goes from page to page gets a first token on each; without this he would have
 * to prove on each of them that he is human. A row costs a solved challenge, so no script can fill the storage.
 */

/** Milliseconds: as long as a token could have been renewed instead. */
export const PASS_MS = 12 * 3_600_000

export const CHALLENGE_PASS_TABLES = [
  'CREATE TABLE IF NOT EXISTS passed (id TEXT PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID',
  'CREATE INDEX IF NOT EXISTS passed_at ON passed (at)',
]

/** `id` names the visitor's key and the epoch of the tokens. */
export function rememberPass(sql: SqlStorage, id: string, now: number): void {
  sql.exec('INSERT OR REPLACE INTO passed (id, at) VALUES (?, ?)', id, now)
}

export const hasPassed = (sql: SqlStorage, id: string, now: number): boolean =>
  sql.exec('SELECT 1 FROM passed WHERE id = ? AND at > ?', id, now - PASS_MS).toArray().length > 0

export function forgetPasses(sql: SqlStorage, now: number): void {
  sql.exec('DELETE FROM passed WHERE at <= ?', now - PASS_MS)
}

/**
 * The ids of events that were accepted, so that the same event counts once. An event is refused as stale when its own time
 * is longer ago than this memory, so nothing that is forgotten can be accepted again.
 */

/** How long an event is accepted after its own time, and remembered at least. */
export const SEEN_MS = 7 * 86_400_000
/** How long an event is remembered whose own time cannot be read: it could come again at any time. */
const TIMELESS_MS = 366 * 86_400_000

export const SEEN_TABLES = [
  // `at` is the time from which `SEEN_MS` count.
  'CREATE TABLE IF NOT EXISTS webhooks_seen (id TEXT PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID',
  'CREATE INDEX IF NOT EXISTS webhooks_seen_at ON webhooks_seen (at)',
]

/** True if the event happened so long ago that its id may be forgotten. Both in milliseconds. */
export const isStale = (happened: number | undefined, now: number): boolean =>
  happened !== undefined && happened <= now - SEEN_MS

/** True if the event was accepted before. */
export const isSeen = (sql: SqlStorage, id: string): boolean =>
  sql.exec('SELECT 1 FROM webhooks_seen WHERE id = ?', id).toArray().length > 0

/** Remembers the event. A clock that is ahead at Caty makes its time lie in the future; then it is valid for longer. */
export function rememberSeen(sql: SqlStorage, id: string, happened: number | undefined, now: number): void {
  const from = happened === undefined ? now + TIMELESS_MS - SEEN_MS : Math.max(now, happened)
  sql.exec('INSERT INTO webhooks_seen (id, at) VALUES (?, ?)', id, from)
}

/** Deletes the ids whose time is over. */
export function forgetSeen(sql: SqlStorage, now: number): void {
  sql.exec('DELETE FROM webhooks_seen WHERE at <= ?', now - SEEN_MS)
}

/** When `forgetSeen` has next something to delete, in milliseconds; `undefined` when nothing is kept. */
export function nextForgotten(sql: SqlStorage): number | undefined {
  const { at } = sql.exec('SELECT min(at) AS at FROM webhooks_seen').one()
  return typeof at === 'number' ? at + SEEN_MS : undefined
}

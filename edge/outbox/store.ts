/**
 * The outbox: what Caty sent and the owner's program has not taken yet. An event is in here before Caty is told that it
 * arrived, and leaves when it was delivered, so a Worker that dies in between loses nothing. One conversation's events
 * go out one after the other: only the oldest of each is ever sent.
 */
import type { Letter, Outcome } from './deliver.ts'
import { delayAfter } from './schedule.ts'

export type NewLetter = { id: string; event: string; conversation: string; body: string }
export type DeadLetter = { id: string; event: string; received: string; died: string; attempts: number; fault: string }

/** How long an event is remembered, so that the same delivery does not count twice. */
export const SEEN_MS = 7 * 86_400_000
/** How long a dead letter can still be sent again. */
export const DEAD_MS = 30 * 86_400_000
/** A target that is gone for good must not fill the storage: above this Caty is asked to come again. */
export const MAX_LETTERS = 5000
/** A dead letter list that fits on a screen and in an answer. */
const MAX_LISTED = 500

export const OUTBOX_TABLES = [
  'CREATE TABLE IF NOT EXISTS webhooks_seen (id TEXT PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID',
  'CREATE INDEX IF NOT EXISTS webhooks_seen_at ON webhooks_seen (at)',
  // `due` is null in a dead letter, and `died` in one that lives.
  `CREATE TABLE IF NOT EXISTS outbox (
     seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, conversation TEXT NOT NULL, event TEXT NOT NULL,
     body TEXT NOT NULL, received INTEGER NOT NULL, attempts INTEGER NOT NULL DEFAULT 0, due INTEGER,
     fault TEXT NOT NULL DEFAULT '', died INTEGER)`,
  'CREATE INDEX IF NOT EXISTS outbox_due ON outbox (due)',
  'CREATE INDEX IF NOT EXISTS outbox_conversation ON outbox (conversation, seq)',
]

/** Letters that no older living one of their conversation stands before. */
const HEADS = `outbox AS head WHERE head.due IS NOT NULL AND NOT EXISTS (
  SELECT 1 FROM outbox AS older
  WHERE older.conversation = head.conversation AND older.due IS NOT NULL AND older.seq < head.seq)`

/** Takes an event in, once. `known` also for one that was delivered within the last seven days. */
export function acceptLetter(sql: SqlStorage, letter: NewLetter, now: number): 'first' | 'known' | 'full' {
  const { id, conversation, event, body } = letter
  const known = sql.exec('SELECT id FROM webhooks_seen WHERE id = ?1 UNION SELECT id FROM outbox WHERE id = ?1', id)
  if (known.toArray().length > 0) return 'known'
  if (Number(sql.exec('SELECT count(*) AS n FROM outbox').one().n) >= MAX_LETTERS) return 'full'
  sql.exec('INSERT INTO webhooks_seen (id, at) VALUES (?, ?)', id, now)
  sql.exec(
    'INSERT INTO outbox (id, conversation, event, body, received, due) VALUES (?, ?, ?, ?, ?, ?)',
    ...[id, conversation, event, body, now, now],
  )
  return 'first'
}

/** The next letters to send, the oldest first, no two of one conversation. */
export function dueLetters(sql: SqlStorage, now: number, max: number): Letter[] {
  const rows = sql.exec(
    `SELECT id, event, body, attempts FROM ${HEADS} AND head.due <= ? ORDER BY head.seq LIMIT ?`,
    now,
    max,
  )
  return rows.toArray().map(asLetter)
}

/** When the next letter is due; `undefined` when none waits. */
export function nextDue(sql: SqlStorage): number | undefined {
  const { due } = sql.exec(`SELECT min(head.due) AS due FROM ${HEADS}`).one()
  return typeof due === 'number' ? due : undefined
}

/** The letter, if it still has to be delivered. */
export function livingLetter(sql: SqlStorage, id: string): Letter | undefined {
  const [row] = sql.exec('SELECT id, event, body, attempts FROM outbox WHERE id = ? AND due IS NOT NULL', id).toArray()
  return row && asLetter(row)
}

const asLetter = (row: Record<string, SqlStorageValue>): Letter => ({
  id: String(row.id),
  event: String(row.event),
  body: String(row.body),
  attempts: Number(row.attempts),
})

/** Looks at these letters again at `due` and not before. */
export function postpone(sql: SqlStorage, ids: readonly string[], due: number): void {
  for (const id of ids) sql.exec('UPDATE outbox SET due = ? WHERE id = ? AND due IS NOT NULL', due, id)
}

/** Counts an attempt. A delivered letter goes; the others stay and say why. */
export function recordAttempt(sql: SqlStorage, id: string, outcome: Outcome): void {
  if (outcome.ok) {
    sql.exec('DELETE FROM outbox WHERE id = ?', id)
    return
  }
  const fault = outcome.status === undefined ? outcome.fault : `${outcome.fault} ${outcome.status}`
  sql.exec('UPDATE outbox SET attempts = attempts + 1, fault = ? WHERE id = ? AND due IS NOT NULL', fault, id)
}

/** What follows an attempt where the ledger itself delivers: nothing, another one later, or the end. */
export function afterAttempt(sql: SqlStorage, id: string, outcome: Outcome, now: number): void {
  recordAttempt(sql, id, outcome)
  const letter = livingLetter(sql, id)
  if (!letter) return
  const delay = !outcome.ok && outcome.fault === 'no_target' ? undefined : delayAfter(letter.attempts)
  if (delay === undefined) bury(sql, id, now)
  else postpone(sql, [id], now + delay * 1000)
}

/** Nobody tries this letter any more, until somebody asks for it. The next one of its conversation may go. */
export function bury(sql: SqlStorage, id: string, now: number): void {
  sql.exec('UPDATE outbox SET due = NULL, died = ? WHERE id = ? AND due IS NOT NULL', now, id)
}

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

/** How many letters live: waiting for their first attempt or for another one. */
export const waitingLetters = (sql: SqlStorage): number =>
  Number(sql.exec('SELECT count(*) AS n FROM outbox WHERE due IS NOT NULL').one().n)

/** Dead letters start anew, those named or all of them. Says how many. */
export function revive(sql: SqlStorage, ids: readonly string[] | undefined, now: number): number {
  const again = "UPDATE outbox SET due = ?, died = NULL, attempts = 0, fault = '' WHERE due IS NULL"
  if (!ids) return sql.exec(`${again} RETURNING id`, now).toArray().length
  return ids.filter((id) => sql.exec(`${again} AND id = ? RETURNING id`, now, id).toArray().length > 0).length
}

/** Takes out what is over: memories after seven days, dead letters after thirty. */
export function forgetLetters(sql: SqlStorage, now: number): void {
  sql.exec('DELETE FROM webhooks_seen WHERE at <= ?', now - SEEN_MS)
  sql.exec('DELETE FROM outbox WHERE due IS NULL AND died <= ?', now - DEAD_MS)
}

/** When there is next something to forget; `undefined` when nothing is kept. */
export function nextToForget(sql: SqlStorage): number | undefined {
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

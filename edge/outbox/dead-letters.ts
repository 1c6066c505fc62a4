/** Dead letters: rows of the outbox that are not tried any more. They have a cap of their own, so they never take the room of new events. */

export type DeadLetter = { id: string; event: string; received: string; died: string; attempts: number; fault: string }

/** How long a dead letter is kept and can be sent again. */
export const DEAD_MS = 30 * 86_400_000
/** Above this an event that would die stays pending, and is tried again every few hours. */
export const MAX_DEAD = 5000
/** Dead letters in one answer. */
const MAX_LISTED = 500

/** Makes the delivery a dead letter. The next event of its conversation becomes due. False when there is no room. */
export function bury(sql: SqlStorage, id: string, now: number): boolean {
  if (countDead(sql) >= MAX_DEAD) return false
  sql.exec('UPDATE outbox SET due = NULL, died = ? WHERE id = ? AND due IS NOT NULL', now, id)
  return true
}

/** The number of dead letters. */
export const countDead = (sql: SqlStorage): number =>
  Number(sql.exec('SELECT count(*) AS n FROM outbox WHERE due IS NULL').one().n)

/** The oldest dead letters for the operator, without their content. */
export function deadLetters(sql: SqlStorage): DeadLetter[] {
  const rows = sql.exec('SELECT * FROM outbox WHERE due IS NULL ORDER BY seq LIMIT ?', MAX_LISTED)
  return rows.toArray().map(asDeadLetter)
}

/** The dead letter with this id, and its row's body. */
export function deadLetter(sql: SqlStorage, id: string): { letter: DeadLetter; body: SqlStorageValue } | undefined {
  const [row] = sql.exec('SELECT * FROM outbox WHERE due IS NULL AND id = ?', id).toArray()
  return row && { letter: asDeadLetter(row), body: row.body ?? '' }
}

const asDeadLetter = (row: Record<string, SqlStorageValue>): DeadLetter => ({
  id: String(row.id),
  event: String(row.event),
  received: new Date(Number(row.received)).toISOString(),
  died: new Date(Number(row.died)).toISOString(),
  attempts: Number(row.attempts),
  fault: String(row.fault),
})

/** Makes dead letters due again, the oldest first: those with these ids, or all; `room` of them at most. Returns how many. */
export function redrive(sql: SqlStorage, ids: readonly string[] | undefined, room: number, now: number): number {
  const again = "UPDATE outbox SET due = ?, died = NULL, attempts = 0, fault = '' WHERE due IS NULL"
  if (ids)
    return changed(ids.slice(0, Math.max(0, room)), (id) => sql.exec(`${again} AND id = ? RETURNING id`, now, id))
  const oldest = 'SELECT id FROM outbox WHERE due IS NULL ORDER BY seq LIMIT ?'
  return sql.exec(`${again} AND id IN (${oldest}) RETURNING id`, now, Math.max(0, room)).toArray().length
}

/** Deletes dead letters: those with these ids, or all. Returns how many. */
export function discard(sql: SqlStorage, ids: readonly string[] | undefined): number {
  const deletion = 'DELETE FROM outbox WHERE due IS NULL'
  if (ids) return changed(ids, (id) => sql.exec(`${deletion} AND id = ? RETURNING id`, id))
  return sql.exec(`${deletion} RETURNING id`).toArray().length
}

const changed = (ids: readonly string[], change: (id: string) => { toArray: () => unknown[] }): number =>
  ids.filter((id) => change(id).toArray().length > 0).length

/** Deletes dead letters after thirty days. */
export function forgetDead(sql: SqlStorage, now: number): void {
  sql.exec('DELETE FROM outbox WHERE due IS NULL AND died <= ?', now - DEAD_MS)
}

/** When `forgetDead` has next something to delete, in milliseconds; `undefined` when there is none. */
export function nextBurialEnd(sql: SqlStorage): number | undefined {
  const { died } = sql.exec('SELECT min(died) AS died FROM outbox WHERE due IS NULL').one()
  return typeof died === 'number' ? died + DEAD_MS : undefined
}

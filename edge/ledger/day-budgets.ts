/** What may happen in a day (UTC), by kind: all that costs the owner money at Caty. */

export type Spending = 'messages' | 'uploads' | 'proactive' | 'leads'

/** The limits a day that no setting changes. */
export const DAY_LIMITS = { uploads: 200, proactive: 2000, leads: 500 } as const satisfies Partial<
  Record<Spending, number>
>

/** The used part of the storage. */
export type Sql = Pick<SqlStorage, 'exec'>

const DAY_MS = 86_400_000
const dayOf = (now: number): number => Math.floor(now / DAY_MS)

export const DAY_TABLES = [
  `CREATE TABLE IF NOT EXISTS spent (
     day INTEGER NOT NULL, what TEXT NOT NULL, count INTEGER NOT NULL, PRIMARY KEY (day, what)) WITHOUT ROWID`,
]

/** How often it happened on this day. */
export function spentToday(sql: Sql, what: Spending, now: number): number {
  const [row] = sql.exec('SELECT count FROM spent WHERE day = ? AND what = ?', dayOf(now), what).toArray()
  return Number(row?.count ?? 0)
}

/** Milliseconds to the next day. */
export const untilTomorrow = (now: number): number => (dayOf(now) + 1) * DAY_MS - now

/** Counts one. */
export function spend(sql: Sql, what: Spending, now: number): void {
  const add =
    'INSERT INTO spent (day, what, count) VALUES (?, ?, 1) ON CONFLICT (day, what) DO UPDATE SET count = count + 1'
  sql.exec(add, dayOf(now), what)
}

/** Takes one back that never happened. `at` is when it was counted. */
export function unspend(sql: Sql, what: Spending, at: number): void {
  sql.exec('UPDATE spent SET count = count - 1 WHERE day = ? AND what = ? AND count > 0', dayOf(at), what)
}

/** Deletes the days that are over. */
export function forgetDays(sql: Sql, now: number): void {
  sql.exec('DELETE FROM spent WHERE day < ?', dayOf(now))
}

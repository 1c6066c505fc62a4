/**
 * The line of visitors who were told to wait. A place is an order among those who are there, and holds nothing: who does
 * not return in time stands in nobody's way. So nobody waits while there is room.
 */

import type { Sql } from './day-budgets.ts'

/** Milliseconds: a visitor in the line checks in at least this often, which shows that they are still there. */
export const CHECK_IN_MS = 15_000
/** A place counts for those behind it this long after its check-in was due: the way there, and timers of a busy phone. */
const LATE_MS = 3000
/** A held call that did not ask again this long after its slot was free is gone. */
const WAKE_MS = 1000
/** The order of a place is kept this long, because browsers slow the timers of a tab in the background down to a minute. */
const KEEP_MS = 75_000
/** Each message of the last minute puts a visitor this far back, behind those who wrote less. Bounded, so nobody starves. */
const YIELD_MS = 10_000
/** Places of one address, so that one machine with many visitors cannot fill the line. A school shares these. */
export const PLACES_PER_ADDRESS = 10
const MAX_PLACES = 1000

/** `rank` orders the line, the smallest first. `here`: the call is held, and takes the next free slot. */
export type Place = { visitor: string; address: string; since: number; rank: number; due: number; here: boolean }

export const LINE_TABLES = [
  `CREATE TABLE IF NOT EXISTS line (
     visitor TEXT PRIMARY KEY, address TEXT NOT NULL, since INTEGER NOT NULL, due INTEGER NOT NULL) WITHOUT ROWID`,
]

export class Line {
  readonly #sql: Sql
  readonly #places = new Map<string, Place>()

  /** Reads the places that an earlier instance of the ledger left. */
  constructor(sql: Sql) {
    this.#sql = sql
    for (const row of sql.exec('SELECT visitor, address, since, due FROM line')) {
      const since = Number(row.since)
      const visitor = String(row.visitor)
      const place = { visitor, address: String(row.address), since, rank: since, due: Number(row.due), here: false }
      this.#places.set(visitor, place)
    }
  }

  /** The visitor's place, or the one that they would get now. `served`: their messages of the last minute. */
  placeOf(visitor: string, address: string, served: number, now: number): Place {
    const { since, due, here } = this.#places.get(visitor) ?? { since: now, due: now, here: false }
    return { visitor, address, since, rank: since + served * YIELD_MS, due, here }
  }

  /** How many stand before this place: those whose call is held, and all who did not miss their check-in. */
  ahead({ visitor, rank }: Place, now: number): { here: number; all: number } {
    let here = 0
    let all = 0
    for (const other of this.#places.values()) {
      if (other.visitor === visitor || other.rank > rank || (other.rank === rank && other.visitor > visitor)) continue
      if (other.here && other.due + WAKE_MS > now) here += 1
      if (other.due + LATE_MS > now) all += 1
    }
    return { here, all }
  }

  /** Keeps the place; `false` when the line or the address has no more. */
  keep(place: Place, now: number): boolean {
    if (!this.#places.has(place.visitor) && !this.#hasRoom(place.address, now)) return false
    this.#places.set(place.visitor, place)
    this.#sql.exec(
      'INSERT OR REPLACE INTO line (visitor, address, since, due) VALUES (?, ?, ?, ?)',
      place.visitor,
      place.address,
      place.since,
      place.due,
    )
    return true
  }

  leave(visitor: string): void {
    if (this.#places.delete(visitor)) this.#sql.exec('DELETE FROM line WHERE visitor = ?', visitor)
  }

  /** Removes places whose visitors are gone for good. */
  forgetGone(now: number): void {
    for (const { visitor, due } of this.#places.values()) if (due + KEEP_MS <= now) this.leave(visitor)
  }

  #hasRoom(address: string, now: number): boolean {
    if (this.#places.size >= MAX_PLACES) return false
    let same = 0
    for (const place of this.#places.values()) if (place.address === address && place.due + LATE_MS > now) same += 1
    return same < PLACES_PER_ADDRESS
  }
}

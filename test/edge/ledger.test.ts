/** The ledger in simulated time: fair, exact, and small. */
import { env, runInDurableObject } from 'cloudflare:test'
import { describe, expect, it } from 'vitest'
import { BURST, forgetOld, returnMessage, takeMessage } from '../../edge/ledger/budget.ts'
import { beginCall, KEEP_MS, markUnknown, releaseCall, storeAnswer } from '../../edge/ledger/idempotency.ts'

const LIMITS = { perVisitor: 6, perTenant: 18, perDay: 2000 }
const MINUTE = 60_000
/** Noon of a day, so that no simulation of minutes crosses midnight. */
const START = Date.UTC(2026, 10, 24, 12)

/** A ledger of its own, whose storage is handed to the simulation. */
const within = <T>(run: (sql: SqlStorage) => T): Promise<T> =>
  runInDurableObject(env.LEDGER.getByName(crypto.randomUUID()), (_ledger, state) => run(state.storage.sql))

const rows = (sql: SqlStorage, table: string): number => Number(sql.exec(`SELECT count(*) AS n FROM ${table}`).one().n)

describe('a visitor', () => {
  it('may send three at once, then one every ten seconds', () =>
    within((sql) => {
      const take = (at: number) => takeMessage(sql, 'a', LIMITS, START + at)
      for (let n = 0; n < BURST; n++) expect(take(0).ok).toBe(true)
      expect(take(0)).toEqual({ ok: false, policy: 'visitor', waitMs: 10_000 })
      expect(take(9_999).ok).toBe(false)
      expect(take(10_000).ok).toBe(true)
      expect(take(10_000).ok).toBe(false)
      const first = (minute: number) =>
        Array.from({ length: 60 }, (_, second) => take((minute * 60 + second) * 1000)).filter(({ ok }) => ok).length
      first(1)
      expect(first(2)).toBe(6)
    }))

  it('gets back what never reached Caty', () =>
    within((sql) => {
      const taken = takeMessage(sql, 'a', LIMITS, START)
      expect(taken).toMatchObject({ ok: true, left: { policy: 'visitor', count: 2 } })
      returnMessage(sql, 'a', LIMITS, START)
      expect([rows(sql, 'sent'), Number(sql.exec('SELECT count FROM days').one().count)]).toEqual([0, 0])
      for (let n = 0; n < BURST; n++) expect(takeMessage(sql, 'a', LIMITS, START + n).ok).toBe(true)
    }))
})

describe('a tenant', () => {
  it('sends 18 in any minute, and tells the nineteenth when', () =>
    within((sql) => {
      for (let n = 0; n < 18; n++) expect(takeMessage(sql, `v${n}`, LIMITS, START + n * 100).ok).toBe(true)
      expect(takeMessage(sql, 'late', LIMITS, START + 5000)).toEqual({ ok: false, policy: 'tenant', waitMs: 55_000 })
      expect(takeMessage(sql, 'late', LIMITS, START + MINUTE).ok).toBe(true)
    }))

  it('keeps the promised place for who was told to wait, against who comes just then', () =>
    within((sql) => {
      for (let n = 0; n < 18; n++) takeMessage(sql, `v${n}`, LIMITS, START)
      expect(takeMessage(sql, 'patient', LIMITS, START + 1000)).toMatchObject({ ok: false, waitMs: MINUTE - 1000 })
      for (let n = 0; n < 17; n++) takeMessage(sql, `w${n}`, LIMITS, START + 2000 + n)
      const later = takeMessage(sql, 'last', LIMITS, START + MINUTE)
      expect(later).toMatchObject({ ok: false, policy: 'tenant' })
      expect(takeMessage(sql, 'patient', LIMITS, START + MINUTE).ok).toBe(true)
    }))

  it('does not hold a place for ever', () =>
    within((sql) => {
      for (let n = 0; n < 18; n++) takeMessage(sql, `v${n}`, LIMITS, START)
      for (let n = 0; n < 18; n++) takeMessage(sql, `gone${n}`, LIMITS, START + 1000)
      expect(takeMessage(sql, 'new', LIMITS, START + MINUTE).ok).toBe(false)
      expect(takeMessage(sql, 'other', LIMITS, START + MINUTE + 16_000).ok).toBe(true)
    }))

  it('stops at the messages of a day, and goes on at midnight', () =>
    within((sql) => {
      const limits = { ...LIMITS, perDay: 5 }
      for (let n = 0; n < 5; n++) expect(takeMessage(sql, `v${n}`, limits, START + n).ok).toBe(true)
      expect(takeMessage(sql, 'x', limits, START + 10)).toEqual({
        ok: false,
        policy: 'day',
        waitMs: 12 * 60 * MINUTE - 10,
      })
      expect(takeMessage(sql, 'x', limits, START + 12 * 60 * MINUTE).ok).toBe(true)
    }))
})

it('a flood: ten minutes, 200 visitors who come back when they are told, and one who never stops', () =>
  within((sql) => {
    const sent: number[] = []
    const firstWaits: number[] = []
    /** When each visitor tries next, and when he came. */
    const visitors = Array.from({ length: 200 }, (_, n) => ({ name: `v${n}`, came: n * 2900, next: n * 2900, left: 1 }))
    let floodServed = 0
    for (let at = 0; at < 10 * MINUTE; at += 100) {
      if (takeMessage(sql, 'flood', LIMITS, START + at).ok) {
        sent.push(at)
        floodServed += 1
      }
      for (const visitor of visitors) {
        if (visitor.left === 0 || visitor.next > at) continue
        const verdict = takeMessage(sql, visitor.name, LIMITS, START + at)
        if (verdict.ok) {
          sent.push(at)
          visitor.left -= 1
          firstWaits.push(at - visitor.came)
        } else visitor.next = at + verdict.waitMs
      }
    }
    const inWindow = (from: number) => sent.filter((at) => at >= from && at < from + MINUTE).length
    for (let from = 0; from < 10 * MINUTE; from += 1000) expect(inWindow(from)).toBeLessThanOrEqual(18)
    // 180 messages fit into ten minutes, and 200 people wanted one: who came early was served, in the order of coming.
    expect(firstWaits.length).toBeGreaterThanOrEqual(160)
    expect(floodServed).toBeLessThanOrEqual(18)
  }))

it('a flood does not slow the first messages of others while there is room for them', () =>
  within((sql) => {
    const waits: number[] = []
    for (let at = 0; at < 5 * MINUTE; at += 250) {
      takeMessage(sql, 'flood', LIMITS, START + at)
      if (at % 6000 !== 0) continue
      const verdict = takeMessage(sql, `v${at}`, LIMITS, START + at)
      waits.push(verdict.ok ? 0 : verdict.waitMs)
    }
    expect(waits.length).toBe(50)
    expect(Math.max(...waits)).toBe(0)
  }))

it(
  'stays small: 100,000 messages and what they leave behind',
  () =>
    within((sql) => {
      const wide = { perVisitor: 600, perTenant: 10_000_000, perDay: 10_000_000 }
      for (let n = 0; n < 100_000; n++) {
        const at = START + n * 600
        takeMessage(sql, `v${n % 5000}`, wide, at)
        if (n % 10 === 0) {
          beginCall(sql, `call${n}`, 'x', at)
          storeAnswer(sql, `call${n}`, '{}')
        }
      }
      expect(rows(sql, 'sent')).toBeLessThanOrEqual(100)
      expect(rows(sql, 'idempotency')).toBeLessThanOrEqual(KEEP_MS / 6000 + 1)
      forgetOld(sql, START + 2 * 86_400_000)
      expect(['sent', 'pace', 'waiting'].map((table) => rows(sql, table))).toEqual([0, 0, 0])
      expect(sql.databaseSize).toBeLessThan(2_000_000)
    }),
  60_000,
)

describe('an idempotency record', () => {
  it('answers again, tells another body, waits for a running call, and ends', () =>
    within((sql) => {
      expect(beginCall(sql, 'a', 'f', START)).toEqual({ kind: 'begun' })
      expect(beginCall(sql, 'a', 'f', START + 1)).toEqual({ kind: 'running', waitMs: 2000 })
      expect(beginCall(sql, 'a', 'g', START + 1)).toEqual({ kind: 'mismatch' })
      storeAnswer(sql, 'a', 'x')
      expect(beginCall(sql, 'a', 'f', START + 2)).toEqual({ kind: 'stored', body: 'x' })
      releaseCall(sql, 'a')
      expect(beginCall(sql, 'a', 'f', START + 3).kind).toBe('stored')
      expect(beginCall(sql, 'a', 'f', START + KEEP_MS + 1)).toEqual({ kind: 'begun' })
    }))

  it('of a call that died with its isolate is refused after a minute, because Caty may have the message', () =>
    within((sql) => {
      beginCall(sql, 'a', 'f', START)
      expect(beginCall(sql, 'a', 'f', START + MINUTE - 1).kind).toBe('running')
      expect(beginCall(sql, 'a', 'f', START + MINUTE + 1).kind).toBe('unknown')
      markUnknown(sql, 'a')
      releaseCall(sql, 'a')
      expect(beginCall(sql, 'a', 'f', START + MINUTE + 2).kind).toBe('unknown')
    }))
})

/** The ledger in simulated time: fair, exact, and small. */
import { env, runInDurableObject } from 'cloudflare:test'
import { describe, expect, it } from 'vitest'
import { BURST, type BudgetVerdict, HOLD_MS, MessageBudget } from '../../edge/ledger/budget.ts'
import { forgetDays } from '../../edge/ledger/day-budgets.ts'
import { beginCall, KEEP_MS, markUnknown, releaseCall, storeAnswer } from '../../edge/ledger/idempotency.ts'
import { CHECK_IN_MS, PLACES_PER_ADDRESS } from '../../edge/ledger/line.ts'

const LIMITS = { perVisitor: 6, perTenant: 18, perDay: 2000 }
const MINUTE = 60_000
/** Noon of a day, so that no simulation of minutes crosses midnight. */
const START = Date.UTC(2026, 10, 24, 12)

/** A ledger of its own, whose storage is handed to the simulation. */
const within = <T>(run: (sql: SqlStorage) => T): Promise<T> =>
  runInDurableObject(env.LEDGER.getByName(crypto.randomUUID()), (_ledger, state) => run(state.storage.sql))

const rows = (sql: SqlStorage, table: string): number => Number(sql.exec(`SELECT count(*) AS n FROM ${table}`).one().n)

type Take = (visitor: string, at: number, more?: { address?: string; mayHold?: boolean }) => BudgetVerdict
/** A budget; each visitor has an address of their own. Times are milliseconds from the start. */
const budgetIn = (sql: SqlStorage, limits = LIMITS): { budget: MessageBudget; take: Take } => {
  const budget = new MessageBudget(sql)
  return {
    budget,
    take: (visitor, at, { address = visitor, mayHold = false } = {}) =>
      budget.take({ visitor, address, limits }, mayHold ? START + at + HOLD_MS : 0, START + at),
  }
}

describe('a visitor', () => {
  it('may send three at once, then one every ten seconds', () =>
    within((sql) => {
      const { take } = budgetIn(sql)
      for (let n = 0; n < BURST; n++) expect(take('a', 0).kind).toBe('go')
      expect(take('a', 0)).toEqual({ kind: 'wait', policy: 'visitor', waitMs: 10_000 })
      expect(take('a', 9_999).kind).toBe('wait')
      expect(take('a', 10_000).kind).toBe('go')
      expect(take('a', 10_000).kind).toBe('wait')
      const first = (minute: number) =>
        Array.from({ length: 60 }, (_, second) => take('a', (minute * 60 + second) * 1000)).filter(
          ({ kind }) => kind === 'go',
        ).length
      first(1)
      expect(first(2)).toBe(6)
    }))

  it('gets back what was never sent to Caty', () =>
    within((sql) => {
      const { budget, take } = budgetIn(sql)
      const taken = take('a', 0)
      expect(taken).toMatchObject({ kind: 'go', left: { policy: 'visitor', count: 2 } })
      if (taken.kind === 'go') budget.giveBack(taken.id, LIMITS)
      expect([rows(sql, 'messages'), Number(sql.exec('SELECT count FROM spent').one().count)]).toEqual([0, 0])
      for (let n = 0; n < BURST; n++) expect(take('a', n).kind).toBe('go')
    }))
})

describe('a tenant', () => {
  it('sends 18 in any minute; who comes later is held when a slot is near, and told when to come when it is not', () =>
    within((sql) => {
      const { take } = budgetIn(sql)
      for (let n = 0; n < 18; n++) expect(take(`v${n}`, n * 100).kind).toBe('go')
      expect(take('late', 5000)).toEqual({ kind: 'wait', policy: 'tenant', waitMs: CHECK_IN_MS })
      expect(take('late', 50_000)).toEqual({ kind: 'wait', policy: 'tenant', waitMs: 8000 })
      expect(take('late', MINUTE - HOLD_MS, { mayHold: true })).toEqual({ kind: 'hold', until: START + MINUTE })
      expect(take('late', MINUTE, { mayHold: true }).kind).toBe('go')
    }))

  it('gives a slot to the visitor who is held, against who comes just then', () =>
    within((sql) => {
      const { take } = budgetIn(sql)
      take('first', 0)
      for (let n = 1; n < 18; n++) take(`v${n}`, 30_000)
      expect(take('patient', MINUTE - 2000, { mayHold: true }).kind).toBe('hold')
      expect(take('newcomer', MINUTE).kind).toBe('wait')
      expect(take('patient', MINUTE).kind).toBe('go')
    }))

  it('serves a visitor who wrote less before one who wrote more, and those who are equal in the order of coming', () =>
    within((sql) => {
      const { take } = budgetIn(sql)
      take('first', 0)
      for (let n = 0; n < 2; n++) take('writer', 10_000)
      for (let n = 3; n < 18; n++) take(`v${n}`, 30_000)
      expect(take('writer', MINUTE - 2500, { mayHold: true }).kind).toBe('hold')
      expect(take('quiet', MINUTE - 2000, { mayHold: true }).kind).toBe('hold')
      expect(take('also quiet', MINUTE - 1900, { mayHold: true }).kind).not.toBe('go')
      expect(take('writer', MINUTE).kind).toBe('wait')
      expect(take('quiet', MINUTE).kind).toBe('go')
    }))

  it('lets a visitor in at once though 118 others were told to wait and never came back', () =>
    within((sql) => {
      const { take } = budgetIn(sql)
      for (let n = 0; n < 118; n++) take(`ghost${n}`, n, { mayHold: n % 2 === 0 })
      expect(take('real', 62_000).kind).toBe('go')
    }))

  it('keeps ten places for one address, and room for everybody', () =>
    within((sql) => {
      const { take } = budgetIn(sql)
      for (let n = 0; n < 18; n++) take(`v${n}`, 0)
      for (let n = 0; n < 100; n++) take(`ghost${n}`, 45_000, { address: 'one machine' })
      expect(rows(sql, 'line')).toBe(PLACES_PER_ADDRESS)
      expect(take('ghost99', MINUTE, { address: 'one machine' }).kind).toBe('go')
    }))

  it('stops at the messages of a day, and goes on at midnight', () =>
    within((sql) => {
      const { take } = budgetIn(sql, { ...LIMITS, perDay: 5 })
      for (let n = 0; n < 5; n++) expect(take(`v${n}`, n).kind).toBe('go')
      expect(take('x', 10)).toEqual({ kind: 'wait', policy: 'day', waitMs: 12 * 60 * MINUTE - 10 })
      expect(take('x', 12 * 60 * MINUTE).kind).toBe('go')
    }))

  it('goes on after a restart where it was: the minute, the pace of each visitor, and the line', () =>
    within((sql) => {
      const before = budgetIn(sql)
      for (let n = 0; n < BURST; n++) before.take('a', 0)
      for (let n = 3; n < 18; n++) before.take(`v${n}`, 0)
      before.take('early', 1000)
      const { take } = budgetIn(sql)
      expect(take('a', 1000)).toEqual({ kind: 'wait', policy: 'visitor', waitMs: 9000 })
      expect(take('late', 58_000, { mayHold: true }).kind).toBe('hold')
      expect(take('early', 58_500, { mayHold: true }).kind).toBe('hold')
      expect(take('b', 59_999).kind).toBe('wait')
    }))
})

/** The storage, and the rows that were read and written through it so far. */
function counted(sql: SqlStorage) {
  const cursors: { rowsRead: number; rowsWritten: number }[] = []
  const exec = <T extends Record<string, SqlStorageValue>>(query: string, ...values: SqlStorageValue[]) => {
    const cursor = sql.exec<T>(query, ...values)
    cursors.push(cursor)
    return cursor
  }
  const rows = () =>
    cursors
      .splice(0)
      .reduce((sum, { rowsRead, rowsWritten }) => ({ read: sum.read + rowsRead, written: sum.written + rowsWritten }), {
        read: 0,
        written: 0,
      })
  return { sql: { exec }, rows }
}

it.each([
  [18, 0],
  [18, 500],
  [1000, 500],
  [6000, 0],
])('an admission at %d messages a minute with %d in the line reads one row and writes few', (perTenant, waiting) =>
  within((storage) => {
    const { sql, rows } = counted(storage)
    const budget = new MessageBudget(sql)
    const limits = { perVisitor: 600, perTenant, perDay: 10_000_000 }
    const take = (visitor: string, at: number) => budget.take({ visitor, address: visitor, limits }, 0, START + at).kind
    for (let n = 0; n < perTenant; n++) take(`v${n}`, n)
    for (let n = 0; n < waiting; n++) take(`waits${n}`, perTenant)
    rows()
    // One minute later every second finds a slot that has just become free.
    let taken = 0
    for (let n = 0; n < 50; n++) if (take(`later${n}`, MINUTE + n) === 'go') taken += 1
    const { read, written } = rows()
    expect(taken).toBe(Math.min(50, perTenant))
    expect(read / 50).toBeLessThanOrEqual(4)
    expect(written / 50).toBeLessThanOrEqual(4)
  }),
)

it('stays small: 30,000 messages and what they leave behind', () =>
  within((sql) => {
    const { budget, take } = budgetIn(sql, { perVisitor: 600, perTenant: 10_000_000, perDay: 10_000_000 })
    for (let n = 0; n < 30_000; n++) {
      const at = n * 600
      take(`v${n % 5000}`, at)
      if (n % 10 === 0) {
        beginCall(sql, `call${n}`, 'x', START + at)
        storeAnswer(sql, `call${n}`, '{}')
      }
    }
    expect(rows(sql, 'messages')).toBeLessThanOrEqual(100)
    expect(rows(sql, 'idempotency')).toBeLessThanOrEqual(KEEP_MS / 6000 + 1)
    budget.forgetOld(START + 2 * 86_400_000)
    forgetDays(sql, START + 2 * 86_400_000)
    expect(['messages', 'line', 'spent'].map((table) => rows(sql, table))).toEqual([0, 0, 0])
    expect(sql.databaseSize).toBeLessThan(2_000_000)
  }))

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

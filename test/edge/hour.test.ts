/**
 * An hour of a tenant in simulated time, with everybody who was seen to close the chat for others: ghosts who ask once and
 * never return, floods from one machine, pages that only observe, isolates that lease packets. The ledger's own meters
 * decide; the clock moves by events, and chance is seeded.
 */
import { env, runInDurableObject } from 'cloudflare:test'
import { describe, expect, it } from 'vitest'
import type { Lane } from '../../edge/caty/permits.ts'
import { HOLD_MS, MessageBudget } from '../../edge/ledger/budget.ts'
import { CallLanes, LEASE_MS } from '../../edge/ledger/lanes.ts'
import { CHECK_IN_MS, PLACES_PER_ADDRESS } from '../../edge/ledger/line.ts'
import { seeded } from '../support/seeded.ts'

const LIMITS = { perVisitor: 6, perTenant: 18, perDay: 100_000 }
const PER_MINUTE = 95
const START = Date.UTC(2026, 10, 24, 12)
const SECOND = 1000
const MINUTE = 60_000
/** The way of a call and its answer, and what a timer of a busy phone is late. */
const ROUND_TRIP_MS = 600

type Event = { at: number; run: (now: number) => void }

/** Runs events in the order of their times. */
class Timeline {
  #events: Event[] = []

  at(time: number, run: Event['run']): void {
    const at = Math.round(time)
    const place = this.#events.findLastIndex((event) => event.at <= at)
    this.#events.splice(place + 1, 0, { at, run })
  }

  /** From the start to the end, each so many milliseconds. */
  every(ms: number, end: number, run: (now: number, count: number) => void): void {
    const next = (at: number, count: number) => {
      if (at >= end) return
      this.at(at, () => {
        run(at, count)
        next(at + ms, count + 1)
      })
    }
    next(0, 0)
  }

  runUntil(end: number): void {
    for (let event = this.#events.shift(); event && event.at < end; event = this.#events.shift()) event.run(event.at)
  }
}

/** An isolate's permits, as app/permits.ts uses them. Every call it makes is one that Caty sees. */
class Isolate {
  #pool: Record<Lane, { left: number; until: number }> = { first: { left: 0, until: 0 }, later: { left: 0, until: 0 } }
  readonly #lanes: CallLanes
  readonly #seen: number[]

  constructor(lanes: CallLanes, seen: number[]) {
    this.#lanes = lanes
    this.#seen = seen
  }

  call(lane: Lane, now: number, wanted: number): boolean {
    const pool = this.#pool[lane]
    if (pool.left === 0 || now >= pool.until) {
      const lease = this.#lanes.lease({ key: 'k', lane, wanted, perMinute: PER_MINUTE }, now)
      if (!lease.ok) return false
      Object.assign(pool, { left: lease.permits, until: now + LEASE_MS })
    }
    pool.left -= 1
    this.#seen.push(now)
    return true
  }
}

type Wait = { visitor: string; came: number; waited: number; inLineBefore: number }

class Tenant {
  readonly time = new Timeline()
  /** When Caty saw a call, and when it saw a message. */
  readonly calls: number[] = []
  readonly messages: number[] = []
  readonly waits: Wait[] = []
  readonly #isolates: Isolate[]
  readonly #budget: MessageBudget
  readonly #lanes: CallLanes
  readonly #random: () => number
  /** Honest visitors who want to send just now. */
  #waiting = 0

  constructor(sql: SqlStorage, random: () => number) {
    this.#budget = new MessageBudget(sql)
    this.#lanes = new CallLanes(sql)
    this.#random = random
    this.#isolates = Array.from({ length: 6 }, () => new Isolate(this.#lanes, this.calls))
  }

  /** One message of a visitor who does what they are told. Only the waits of those who are `honest` are written down. */
  say(visitor: string, address: string, at: number, { honest = true, returns = true } = {}): void {
    const inLineBefore = this.#waiting
    if (honest) this.#waiting += 1
    const ask = (now: number, holdUntil = now + HOLD_MS): void => {
      const verdict = this.#budget.take({ visitor, address, limits: LIMITS }, START + holdUntil, START + now)
      if (verdict.kind === 'hold') {
        this.time.at(verdict.until - START, (then) => ask(then, holdUntil))
        return
      }
      if (verdict.kind === 'wait') {
        if (returns) this.time.at(now + verdict.waitMs + this.#random() * ROUND_TRIP_MS, ask)
        return
      }
      if (!this.#lanes.lease({ key: 'k', lane: 'first', wanted: 1, perMinute: PER_MINUTE }, START + now).ok) return
      this.messages.push(now)
      this.calls.push(START + now)
      if (!honest) return
      this.#waiting -= 1
      this.waits.push({ visitor, came: at, waited: now - at, inLineBefore })
    }
    this.time.at(at, (now) => ask(now))
  }

  /** A call that is no message, from some isolate. `false` if it was refused. */
  call(lane: Lane, now: number): boolean {
    const isolate = this.#isolates[Math.floor(this.#random() * this.#isolates.length)]
    return isolate?.call(lane, START + now, lane === 'later' ? 4 : 1) ?? false
  }
}

/** The most events in any minute. */
function fullestMinute(times: readonly number[]): number {
  const sorted = [...times].sort((a, b) => a - b)
  let from = 0
  return sorted.reduce((most, time, at) => {
    while ((sorted[from] ?? time) <= time - MINUTE) from += 1
    return Math.max(most, at - from + 1)
  }, 0)
}

async function simulate(minutes: number, script: (tenant: Tenant, random: () => number, end: number) => void) {
  return runInDurableObject(env.LEDGER.getByName(crypto.randomUUID()), (_ledger, { storage }) => {
    const random = seeded(14)
    const tenant = new Tenant(storage.sql, random)
    script(tenant, random, minutes * MINUTE)
    tenant.time.runUntil((minutes + 5) * MINUTE)
    return { waits: tenant.waits, calls: tenant.calls, messages: tenant.messages }
  })
}

/** Honest visitors, one every so many seconds, each with an address of their own. */
function honest(tenant: Tenant, random: () => number, end: number, everyS: number): number {
  let count = 0
  for (let at = random() * SECOND; at < end; at += everyS * SECOND * 2 * random()) {
    tenant.say(`honest${count}`, `home${count}`, at)
    count += 1
  }
  return count
}

/** What a line of so many explains: in each minute 18 slots are free, and a visitor comes at times of their own. */
const explained = (ahead: number): number =>
  Math.ceil((ahead + 1) / LIMITS.perTenant) * MINUTE + CHECK_IN_MS + HOLD_MS + ROUND_TRIP_MS
const median = (waits: readonly Wait[]): number =>
  waits.map(({ waited }) => waited).sort((a, b) => a - b)[Math.floor(waits.length / 2)] ?? 0

describe('an hour', () => {
  it('of ghosts, 30 a minute from one machine: no honest visitor waits longer than the line explains', async () => {
    let count = 0
    const { waits, calls, messages } = await simulate(60, (tenant, random, end) => {
      count = honest(tenant, random, end, 30)
      tenant.time.every(2000, end, (at, n) =>
        tenant.say(`ghost${n}`, 'one machine', at, { honest: false, returns: false }),
      )
    })
    expect(waits.length).toBe(count)
    for (const { visitor, waited, inLineBefore } of waits)
      expect(waited, visitor).toBeLessThanOrEqual(explained(inLineBefore))
    expect(median(waits)).toBeLessThan(CHECK_IN_MS + HOLD_MS)
    expect(fullestMinute(messages)).toBeLessThanOrEqual(18)
    expect(fullestMinute(calls)).toBeLessThanOrEqual(PER_MINUTE)
  })

  it('of a machine with 1,800 visitors who return as told: ten of them at most stand before an honest one', async () => {
    let count = 0
    const { waits, messages } = await simulate(60, (tenant, random, end) => {
      count = honest(tenant, random, end, 30)
      tenant.time.every(2000, end, (at, n) => tenant.say(`many${n}`, 'one machine', at, { honest: false }))
    })
    expect(waits.length).toBe(count)
    for (const { visitor, waited, inLineBefore } of waits)
      expect(waited, visitor).toBeLessThanOrEqual(explained(inLineBefore + PLACES_PER_ADDRESS))
    expect(fullestMinute(messages)).toBeLessThanOrEqual(18)
  })

  it('of everything at once: ghosts, one who never stops, busy pages, sessions; Caty sees at most 95 calls a minute', async () => {
    let count = 0
    let refusedSessions = 0
    const { waits, calls, messages } = await simulate(60, (tenant, random, end) => {
      count = honest(tenant, random, end, 8)
      tenant.time.every(5000, end, (at, n) =>
        tenant.say(`ghost${n}`, `cafe${n % 5}`, at, { honest: false, returns: false }),
      )
      tenant.time.every(1000, end, (at) => tenant.say('never stops', 'flat', at, { honest: false, returns: false }))
      // Nine busy visitors with rules: each a call every second.
      tenant.time.every(1000, end, (now) => {
        for (let n = 0; n < 9; n++) tenant.call('later', now)
      })
      // Every honest visitor opens a session first.
      tenant.time.every(8000, end, (now) => {
        if (!tenant.call('first', now)) refusedSessions += 1
      })
    })
    expect(waits.length).toBe(count)
    for (const { visitor, waited, inLineBefore } of waits)
      expect(waited, visitor).toBeLessThanOrEqual(explained(inLineBefore + 1))
    expect(refusedSessions).toBe(0)
    expect(fullestMinute(calls)).toBeLessThanOrEqual(PER_MINUTE)
    expect(fullestMinute(messages)).toBeLessThanOrEqual(18)
    // The budget is there to be used: 18 a minute were wanted, and most of them went out.
    expect(messages.length).toBeGreaterThan(60 * 12)
  })

  it('without a crowd nobody waits at all', async () => {
    const { waits } = await simulate(60, (tenant, random, end) => void honest(tenant, random, end, 10))
    expect(Math.max(...waits.map(({ waited }) => waited))).toBeLessThan(1)
  })
})

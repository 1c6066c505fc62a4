/**
 * The ledger: a SQLite Durable Object, one a tenant. It holds what must be exact across all isolates: the message budget,
 * the idempotency records, the challenge passes and the webhook outbox. Every decision is made in one transaction.
 */
import { DurableObject } from 'cloudflare:workers'
import { logAlarmFault } from '../base/log.ts'
import { countDead, type DeadLetter, deadLetter, deadLetters, discard, redrive } from '../outbox/dead-letters.ts'
import type { Outcome, WebhookDelivery } from '../outbox/deliver.ts'
import { DeliveryLoop } from '../outbox/delivery-loop.ts'
import { queueOf } from '../outbox/producer.ts'
import {
  acceptDelivery,
  bytesOf,
  countAttempt,
  countPending,
  forgetExpired,
  giveUp,
  MAX_PENDING,
  type NewDelivery,
  nextDue,
  nextExpiry,
  pendingDelivery,
  postponeAll,
  prepareOutbox,
  recordOutcome,
} from '../outbox/store.ts'
import { type MessageLimits, parseSettings } from '../settings/index.ts'
import { BUDGET_TABLES, type BudgetPolicy, type BudgetVerdict, HOLD_MS, MessageBudget } from './budget.ts'
import { CHALLENGE_PASS_TABLES, forgetPasses, hasPassed, rememberPass } from './challenge-passes.ts'
import { DAY_LIMITS, forgetDays, spend, spentToday, untilTomorrow } from './day-budgets.ts'
import { beginCall, forgetRecords, IDEMPOTENCY_TABLES, markUnknown, releaseCall, storeAnswer } from './idempotency.ts'
import { CallLanes, LANE_TABLES, type Lease, type Leasing } from './lanes.ts'

type Meters = { budget: MessageBudget; lanes: CallLanes }

export type Admission = {
  visitor: string
  /** The keyed hash of the visitor's address, which limits the places in the line. */
  address: string
  limits: MessageLimits
  /** The hash of the key that the message goes out with; absent when there is none. */
  key: string | undefined
  /** The limit of calls with that key. */
  callsPerMinute: number
  /** Absent when the client sent no key. */
  idempotency?: { id: string; fingerprint: string } | undefined
}
export type Admitted =
  | { kind: 'go'; id: number; left: { policy: BudgetPolicy; count: number } }
  | { kind: 'wait'; policy: BudgetPolicy | 'caty'; waitMs: number }
  | { kind: 'stored'; body: string }
  | { kind: 'running'; waitMs: number }
  | { kind: 'unknown' }
  | { kind: 'mismatch' }

/** `busy`: another consumer is sending the delivery. `gone`: it was delivered or dead-lettered. */
export type Claim = { kind: 'yours'; delivery: WebhookDelivery } | { kind: 'busy' } | { kind: 'gone' }

/** Milliseconds between two cleanings. */
const CLEAN_MS = 10 * 60_000
/** A claim expires after this: three times the duration of an attempt. */
const CLAIM_MS = 30_000
/** Milliseconds until the next attempt when the settings are wrong. */
const UNSET_MS = 60_000
/** Milliseconds between two alarms that deliver. */
const ROUND_MS = 1000
/** The same after a round that had something to do and did nothing, so that no fault makes alarms ring all the time. */
const STUCK_MS = 60_000
/** Dead letters that are sent again take at most this much of the room of new events. */
const REDRIVE_ROOM = MAX_PENDING / 2

export class Ledger extends DurableObject<Record<string, unknown>> {
  /** Claim expiry per event. In memory: after a restart nothing is in flight. */
  readonly #claims = new Map<string, number>()
  readonly #loop = new DeliveryLoop()
  #meters: Meters | undefined

  constructor(state: DurableObjectState, env: Record<string, unknown>) {
    super(state, env)
    const tables = [...BUDGET_TABLES, ...LANE_TABLES, ...IDEMPOTENCY_TABLES, ...CHALLENGE_PASS_TABLES]
    for (const table of tables) state.storage.sql.exec(table)
    prepareOutbox(state.storage.sql)
  }

  /** Decides whether a message may go to Caty now. Only `go` takes from the budget. */
  async admit({ visitor, address, limits, key, callsPerMinute, idempotency }: Admission): Promise<Admitted> {
    const { sql } = this.ctx.storage
    await this.#alarmAt(Date.now() + CLEAN_MS)
    const begun = idempotency ? beginCall(sql, idempotency.id, idempotency.fingerprint, Date.now()) : undefined
    if (begun && begun.kind !== 'begun') return begun
    const holdUntil = Date.now() + HOLD_MS
    for (;;) {
      const verdict = this.#decide(({ budget, lanes }, now): BudgetVerdict | (Admitted & { kind: 'wait' }) => {
        const pause = key === undefined ? 0 : lanes.closedMs(key, now)
        if (pause > 0) return { kind: 'wait', policy: 'caty', waitMs: pause }
        const taken = budget.take({ visitor, address, limits }, holdUntil, now)
        if (taken.kind !== 'go' || key === undefined) return taken
        const lease = lanes.lease({ key, lane: 'first', wanted: 1, perMinute: callsPerMinute }, now)
        if (lease.ok) return taken
        budget.giveBack(taken.id, limits)
        return { kind: 'wait', policy: 'caty', waitMs: lease.waitMs }
      })
      if (verdict.kind === 'hold') await scheduler.wait(Math.max(1, verdict.until - Date.now()))
      else {
        if (verdict.kind === 'wait' && idempotency) releaseCall(sql, idempotency.id)
        return verdict
      }
    }
  }

  /** One decision, on disk as in memory. */
  #decide<T>(decide: (meters: Meters, now: number) => T): T {
    const { sql } = this.ctx.storage
    try {
      this.#meters ??= { budget: new MessageBudget(sql), lanes: new CallLanes(sql) }
      const meters = this.#meters
      return this.ctx.storage.transactionSync(() => decide(meters, Date.now()))
    } catch (error) {
      // The disk was rolled back, so the memory is read from it again.
      this.#meters = undefined
      throw error
    }
  }

  /** Stores the answer for a retry with the same key. */
  async answered(id: string, body: string): Promise<void> {
    storeAnswer(this.ctx.storage.sql, id, body)
  }

  /** Nobody knows whether Caty has the message: its key is refused from now on. */
  async leftOpen(id: string): Promise<void> {
    markUnknown(this.ctx.storage.sql, id)
  }

  /** The call failed. `refund` is the id of its admission, if it was never sent to Caty. */
  async failed({ limits, idempotency }: Admission, refund: number | undefined): Promise<void> {
    if (idempotency) releaseCall(this.ctx.storage.sql, idempotency.id)
    if (refund !== undefined) this.#decide(({ budget }) => budget.giveBack(refund, limits))
  }

  /** Counts one more message, for a second attempt at Caty. `false` if there is no room for it. */
  async admitExtra(limits: MessageLimits): Promise<boolean> {
    return this.#decide(({ budget }, now) => budget.takeExtra(limits, now))
  }

  /** Leases permits for calls to Caty with a key, of which the ledger knows a hash. */
  async leaseCalls(leasing: Leasing): Promise<Lease> {
    await this.#alarmAt(Date.now() + CLEAN_MS)
    return this.#decide(({ lanes }, now) => lanes.lease(leasing, now))
  }

  /** Caty answered 429: nobody calls with this key before `until`. */
  async closeKey(key: string, until: number): Promise<void> {
    this.#decide(({ lanes }) => lanes.close(key, until))
  }

  /** Counts one more of the day. Returns 0, or the milliseconds to the next day when the limit is reached. */
  async spend(what: keyof typeof DAY_LIMITS): Promise<number> {
    const { sql } = this.ctx.storage
    const now = Date.now()
    if (spentToday(sql, what, now) >= DAY_LIMITS[what]) return untilTomorrow(now)
    spend(sql, what, now)
    return 0
  }

  /** True if this key solved the challenge within the last 12 hours. */
  async hasPassed(id: string): Promise<boolean> {
    return hasPassed(this.ctx.storage.sql, id, Date.now())
  }

  /** Stores that this key solved the challenge. */
  async rememberPass(id: string): Promise<void> {
    rememberPass(this.ctx.storage.sql, id, Date.now())
    await this.#alarmAt(Date.now() + CLEAN_MS)
  }

  /** Stores an event of Caty until it is delivered. It is on disk when this returns. */
  async acceptDelivery(delivery: NewDelivery): Promise<'first' | 'known' | 'full'> {
    const now = Date.now()
    const accepted = this.ctx.storage.transactionSync(() => acceptDelivery(this.ctx.storage.sql, delivery, now))
    // Also for a known event: if an alarm was ever lost, this sets it again.
    if (accepted !== 'full') await this.#scheduleDeliveries(now)
    this.#loop.wake()
    return accepted
  }

  /** Claims a delivery for the queue's consumer. Nobody else sends it until it is settled. */
  async claimDelivery(id: string): Promise<Claim> {
    const delivery = pendingDelivery(this.ctx.storage.sql, id)
    if (!delivery) return { kind: 'gone' }
    if ((this.#claims.get(id) ?? 0) > Date.now()) return { kind: 'busy' }
    this.#claims.set(id, Date.now() + CLAIM_MS)
    countAttempt(this.ctx.storage.sql, id)
    return { kind: 'yours', delivery }
  }

  /** Records the outcome of a claimed delivery. After a success the next event of its conversation is due. */
  async settleDelivery(id: string, outcome: Outcome): Promise<void> {
    this.#claims.delete(id)
    recordOutcome(this.ctx.storage.sql, id, outcome)
    if (outcome.ok) await this.#scheduleDeliveries(Date.now())
  }

  /** Makes a delivery that the queue gave up a dead letter. */
  async deadLetterDelivery(id: string): Promise<void> {
    this.#claims.delete(id)
    giveUp(this.ctx.storage.sql, id, Date.now())
    await this.#scheduleDeliveries(Date.now())
  }

  /** For the operator: the oldest dead letters, how many there are, and the number of pending deliveries. */
  async listDeadLetters(): Promise<{ waiting: number; total: number; dead: DeadLetter[] }> {
    const { sql } = this.ctx.storage
    return { waiting: countPending(sql), total: countDead(sql), dead: deadLetters(sql) }
  }

  /** For the operator: one dead letter with its content. */
  async showDeadLetter(id: string): Promise<{ letter: DeadLetter; body: Uint8Array<ArrayBuffer> } | undefined> {
    const found = deadLetter(this.ctx.storage.sql, id)
    return found && { letter: found.letter, body: bytesOf(found.body) }
  }

  /** Makes dead letters due again: those with these ids, or all for which there is room. Returns how many. */
  async redriveDeadLetters(ids: readonly string[] | undefined): Promise<number> {
    const { sql } = this.ctx.storage
    const revived = redrive(sql, ids, REDRIVE_ROOM - countPending(sql), Date.now())
    await this.#scheduleDeliveries(Date.now())
    return revived
  }

  /** Deletes dead letters: those with these ids, or all. Returns how many. */
  async discardDeadLetters(ids: readonly string[] | undefined): Promise<number> {
    return discard(this.ctx.storage.sql, ids)
  }

  /** Deletes expired rows and sends what is due. A task that throws stops no other. */
  override async alarm(): Promise<void> {
    const { sql } = this.ctx.storage
    const ofMeters = () =>
      this.#decide(({ budget, lanes }, now) => {
        budget.forgetOld(now)
        lanes.forgetOld(now)
      })
    for (const forget of [ofMeters, forgetDays, forgetRecords, forgetExpired, forgetPasses]) {
      try {
        forget(sql, Date.now())
      } catch (error) {
        logAlarmFault('clean', error)
      }
    }
    const tried = await this.#deliverDue().catch((error: unknown) => {
      logAlarmFault('deliver', error)
      return 0
    })
    const now = Date.now()
    const tables = ['messages', 'line', 'leases', 'closed', 'idempotency', 'passed']
    if (tables.some((table) => sql.exec(`SELECT 1 FROM ${table} LIMIT 1`).toArray().length > 0))
      await this.#alarmAt(now + CLEAN_MS)
    await this.#scheduleDeliveries(now, tried > 0 ? ROUND_MS : STUCK_MS)
  }

  /** Returns how many deliveries were tried. */
  async #deliverDue(): Promise<number> {
    const { sql } = this.ctx.storage
    const due = nextDue(sql)
    if (due === undefined || due > Date.now()) return 0
    const parsed = parseSettings(this.env)
    if (!parsed.ok) {
      postponeAll(sql, Date.now() + UNSET_MS)
      return 0
    }
    const sender = { now: () => new Date(), fetch: (request: Request) => fetch(request) }
    return this.#loop.run({ sql, settings: parsed.settings.webhooks, queue: queueOf(this.env), sender })
  }

  /** Sets the alarm for the next delivery and the next expiry. What is due already comes after `pause` milliseconds. */
  async #scheduleDeliveries(now: number, pause = 0): Promise<void> {
    const due = nextDue(this.ctx.storage.sql)
    if (due !== undefined) await this.#alarmAt(due > now ? due : now + pause)
    const forget = nextExpiry(this.ctx.storage.sql)
    // Not one alarm for each: they expire by the hundred.
    if (forget !== undefined) await this.#alarmAt(Math.max(now + CLEAN_MS, forget))
  }

  /** Sets the one alarm, unless it is set for an earlier time. */
  async #alarmAt(at: number): Promise<void> {
    const set = await this.ctx.storage.getAlarm()
    if (set === null || set > at) await this.ctx.storage.setAlarm(at)
  }
}

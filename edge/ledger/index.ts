/**
 * The ledger: a SQLite Durable Object, one a tenant. It holds what must be exact in all of the tenant's isolates: the
 * message budget and the idempotency records. Every method runs without interruption, so a decision is one step.
 */
import { DurableObject } from 'cloudflare:workers'
import { BUDGET_TABLES, type BudgetPolicy, forgetOld, returnMessage, takeMessage } from './budget.ts'
import {
  beginCall,
  forgetRecords,
  IDEMPOTENCY_TABLES,
  releaseCall,
  type StoredAnswer,
  storeAnswer,
} from './idempotency.ts'
import type { MessageLimits } from './limits.ts'

export type Admission = {
  visitor: string
  limits: MessageLimits
  /** Absent when the client sent no key. */
  idempotency?: { id: string; fingerprint: string } | undefined
}
export type Admitted =
  | { kind: 'go'; at: number; left: { policy: BudgetPolicy; count: number } }
  | { kind: 'wait'; policy: BudgetPolicy; waitMs: number }
  | { kind: 'stored'; answer: StoredAnswer }
  | { kind: 'running'; waitMs: number }
  | { kind: 'mismatch' }

/** Milliseconds between two cleanings. */
const CLEAN_MS = 10 * 60_000

export class Ledger extends DurableObject<Record<string, unknown>> {
  constructor(state: DurableObjectState, env: Record<string, unknown>) {
    super(state, env)
    for (const table of [...BUDGET_TABLES, ...IDEMPOTENCY_TABLES]) state.storage.sql.exec(table)
  }

  /** May this message go to Caty now? A `stored` answer costs no budget, and neither does anything but `go`. */
  async admit({ visitor, limits, idempotency }: Admission): Promise<Admitted> {
    const { sql } = this.ctx.storage
    const now = Date.now()
    if ((await this.ctx.storage.getAlarm()) === null) await this.ctx.storage.setAlarm(now + CLEAN_MS)
    return this.ctx.storage.transactionSync((): Admitted => {
      const begun = idempotency ? beginCall(sql, idempotency.id, idempotency.fingerprint, now) : undefined
      if (begun && begun.kind !== 'begun') return begun
      const verdict = takeMessage(sql, visitor, limits, now)
      if (verdict.ok) return { kind: 'go', at: verdict.at, left: verdict.left }
      if (idempotency) releaseCall(sql, idempotency.id)
      return { kind: 'wait', policy: verdict.policy, waitMs: verdict.waitMs }
    })
  }

  /** The answer that the same key shall get again. */
  async answered(id: string, answer: StoredAnswer): Promise<void> {
    storeAnswer(this.ctx.storage.sql, id, answer)
  }

  /** The call failed. `refund` is when it was admitted, given when it surely never reached Caty. */
  async failed({ visitor, limits, idempotency }: Admission, refund: number | undefined): Promise<void> {
    const { sql } = this.ctx.storage
    if (idempotency) releaseCall(sql, idempotency.id)
    if (refund !== undefined) returnMessage(sql, visitor, limits, refund)
  }

  /** Keeps the storage small when nobody writes any more. */
  override async alarm(): Promise<void> {
    const { sql } = this.ctx.storage
    forgetOld(sql, Date.now())
    forgetRecords(sql, Date.now())
    const rows = sql.exec('SELECT (SELECT count(*) FROM sent) + (SELECT count(*) FROM idempotency) AS rows').one()
    if (Number(rows.rows) > 0) await this.ctx.storage.setAlarm(Date.now() + CLEAN_MS)
  }
}

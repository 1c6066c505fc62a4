/** What besides messages costs the owner money at Caty, and has a limit a day. */
import type { Edge } from '../../app/context.ts'
import { Refused } from '../../base/reason.ts'
import { DAY_LIMITS } from '../../ledger/day-budgets.ts'
import { reachLedger } from '../../ledger/reach.ts'

export type DayBudget = keyof typeof DAY_LIMITS

const DAY_S = 86_400

/** Counts one. Throws 429 until midnight (UTC) when the limit is reached. Without the ledger these calls go on. */
export async function spendOfDay(what: DayBudget, edge: Pick<Edge, 'ledger'>): Promise<void> {
  const waitMs = await reachLedger(edge.ledger, (ledger) => ledger.spend(what)).catch(() => 0)
  const quotas = [{ policy: what, quota: DAY_LIMITS[what], window: DAY_S }]
  if (waitMs > 0) throw new Refused({ kind: 'quota', policy: what, quotas, retryAfter: waitMs / 1000 })
}

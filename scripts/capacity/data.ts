/** What the model is made of: measured figures, assumptions, and the plans' prices and limits, each with where it is from. */
import { readFileSync } from 'node:fs'
import * as v from 'valibot'

const count = v.pipe(v.number(), v.minValue(0))
const Assumed = v.object({ value: count, why: v.string() })

export const METERS = [
  'requests',
  'cpuMs',
  'ledgerCalls',
  'ledgerGbSeconds',
  'rowsRead',
  'rowsWritten',
  'logEvents',
  'dataPoints',
  'queueOperations',
] as const
export type MeterName = (typeof METERS)[number]

const Meter = v.object({
  unit: v.string(),
  /** Absent where the free plan has no such limit. */
  freePerDay: v.optional(count),
  /** Of the paid plan, a month. */
  included: count,
  /** Dollars. */
  perMillion: count,
  source: v.string(),
  uncertain: v.optional(v.string()),
})
const Plans = v.object({
  readOn: v.string(),
  sources: v.record(v.string(), v.string()),
  basePerMonth: count,
  meters: v.object({
    requests: Meter,
    cpuMs: Meter,
    ledgerCalls: Meter,
    ledgerGbSeconds: Meter,
    rowsRead: Meter,
    rowsWritten: Meter,
    logEvents: Meter,
    dataPoints: Meter,
    queueOperations: Meter,
  }),
  cpuMsPerCallFree: count,
  ledgerGb: count,
  ledgerCallsPerSecond: count,
  workersPerAccount: v.object({ free: count, paid: count }),
  platforms: v.object({ perMonth: count, source: v.string() }),
  catyMessagesPerMinute: count,
})
const Calls = v.record(v.string(), count)
const Ledger = v.object({ calls: count, rowsRead: count, rowsWritten: count })
export const Figures = v.object({
  measuredOn: v.string(),
  machine: v.string(),
  cpuMs: v.object({ token: count, boundToken: count, session: count, message: count, preflight: count }),
  calls: v.object({ view: Calls, opened: Calls, message: Calls }),
  ledger: v.object({ message: Ledger, event: Ledger }),
})
const Assumptions = v.object({
  viewsPerVisit: Assumed,
  openRate: Assumed,
  messagesPerChat: Assumed,
  secondsBetweenMessages: Assumed,
  webhooksPerChat: Assumed,
  busiestDay: Assumed,
  ledgerMs: Assumed,
  logEventsPerCall: Assumed,
  hours: v.object({ value: v.pipe(v.array(count), v.length(24)), why: v.string() }),
})

export type Plans = v.InferOutput<typeof Plans>
export type Figures = v.InferOutput<typeof Figures>
export type Assumptions = v.InferOutput<typeof Assumptions>
export type Data = { plans: Plans; figures: Figures; assumptions: Assumptions }

const json = (name: string): unknown => JSON.parse(readFileSync(new URL(`./${name}.json`, import.meta.url), 'utf8'))

/** Throws when a file lost a member. */
export const readData = (): Data => ({
  plans: v.parse(Plans, json('plans')),
  figures: v.parse(Figures, json('figures')),
  assumptions: v.parse(Assumptions, json('assumptions')),
})

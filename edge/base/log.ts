/** The log: one JSON line a call. Its members are an allow-list, so nothing else can be logged by accident. */
import type { Reason } from './reason.ts'

/** The line of one call. */
export type LogLine = {
  id: string
  method: string
  /** The pattern of the route. The path itself may hold a session handle. */
  route: string
  status: number
  /** Milliseconds, by a clock that the runtime advances only at I/O. */
  ms: number
  /** Milliseconds of these that were spent waiting for Caty. */
  upstream_ms?: number
  reason?: string
  fault?: string
  widget?: string
  cache?: string
}

/** The line of one attempt to deliver a webhook. */
export type DeliveryLine = {
  /** The `webhook-id` that the receiver sees. */
  id: string
  /** The event's name. */
  webhook: string
  attempt: number
  ms: number
  fault?: string
  status?: number
}

/** The line of a part of the platform that failed, and that the call went on without. */
export type WithoutLine = { without: string; fault: 'timeout' | 'threw' }

/** The line of an event that was accepted, and does not have the form that Caty documents. */
export type OddEventLine = {
  /** The `webhook-id` that the receiver sees. */
  id: string
  /** The event's name, or `unknown` for a name that is none. */
  webhook: string
  /** Names of members; never their values. */
  not_understood: readonly string[]
}

/** The line of something that went wrong in an alarm of the ledger. */
export type AlarmLine = { alarm: AlarmTask; fault: string }
export type AlarmTask = 'clean' | 'attempt' | 'queue' | 'deliver'

/** Logs what an alarm's task threw: the error's name, since its message may hold anything. */
export function logAlarmFault(alarm: AlarmTask, error: unknown): void {
  writeLog({ alarm, fault: error instanceof Error ? error.name : 'unknown' })
}

/** Writes the line as JSON, which Workers Logs index. Never throws: a call does not fail for its log. */
export function writeLog(line: LogLine | DeliveryLine | WithoutLine | OddEventLine | AlarmLine): void {
  try {
    console.log(JSON.stringify(line))
  } catch {}
}

/** The used part of an Analytics Engine binding. docs/observing.md names the columns. */
export type Metrics = { writeDataPoint: (point: { indexes: string[]; blobs: string[]; doubles: number[] }) => void }

/** Writes one data point a call, with the members of its line. */
export function writeMetrics(metrics: Metrics | undefined, line: LogLine): void {
  metrics?.writeDataPoint({
    indexes: [line.widget ?? ''],
    blobs: [line.route, line.method, String(line.status), line.reason ?? '', line.widget ?? '', cacheWord(line.cache)],
    doubles: [line.ms, line.upstream_ms ?? 0],
  })
}

/** `hit`, `stale` or `miss`, from a `Cache-Status` field. */
const cacheWord = (cache: string | undefined): string =>
  cache === undefined ? '' : cache.includes('fwd=miss') ? 'miss' : /fwd=stale|ttl=-/.test(cache) ? 'stale' : 'hit'

/** `Server-Timing` of a line, for the setting `DEBUG`. */
export const serverTiming = ({ ms, upstream_ms }: Pick<LogLine, 'ms' | 'upstream_ms'>): string =>
  upstream_ms === undefined ? `edge;dur=${ms}` : `edge;dur=${ms}, upstream;dur=${upstream_ms}`

/** What the log says of a reason: our own words for its kind and fault, never a text from outside. */
export function loggedReason(reason: Reason): { reason: string; fault?: string } {
  if (reason.kind === 'settings')
    return { reason: reason.kind, fault: reason.problems.map((problem) => problem.setting).join(' ') }
  if (reason.kind === 'oauth') return { reason: reason.kind, fault: reason.error }
  return 'fault' in reason ? { reason: reason.kind, fault: reason.fault } : { reason: reason.kind }
}

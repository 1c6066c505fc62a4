/** One line a call, from an allow-list of members: what is not named here cannot be logged by accident. */
import type { Reason } from './reason.ts'

export type LogLine = {
  id: string
  method: string
  /** The pattern of the route, never the path: a path may hold a session handle. */
  route: string
  status: number
  /** Milliseconds of the clock the runtime shows, which stands still between I/O. */
  ms: number
  /** Of these, what Caty took. */
  upstream_ms?: number
  reason?: string
  fault?: string
  widget?: string
  cache?: string
}

/** One line an attempt to deliver a webhook. */
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

/** Writes the line. JSON on the console is what Workers Logs index. */
export function writeLog(line: LogLine | DeliveryLine): void {
  console.log(JSON.stringify(line))
}

/** The platform's analytics binding, as far as it is used; docs/observing.md names the columns. */
export type Metrics = { writeDataPoint: (point: { indexes: string[]; blobs: string[]; doubles: number[] }) => void }

/** One data point a call, of the same members as the line. */
export function writeMetrics(metrics: Metrics | undefined, line: LogLine): void {
  metrics?.writeDataPoint({
    indexes: [line.widget ?? ''],
    blobs: [line.route, line.method, String(line.status), line.reason ?? '', line.widget ?? '', cacheWord(line.cache)],
    doubles: [line.ms, line.upstream_ms ?? 0],
  })
}

/** `hit`, `stale` or `miss`. */
const cacheWord = (cache: string | undefined): string =>
  cache === undefined ? '' : cache.includes('fwd=miss') ? 'miss' : /fwd=stale|ttl=-/.test(cache) ? 'stale' : 'hit'

/** `Server-Timing` of a line, for `DEBUG=1`. */
export const serverTiming = ({ ms, upstream_ms }: Pick<LogLine, 'ms' | 'upstream_ms'>): string =>
  upstream_ms === undefined ? `edge;dur=${ms}` : `edge;dur=${ms}, upstream;dur=${upstream_ms}`

/** The precise half of a reason: kinds and faults are words of ours, never a text that came from outside. */
export function loggedReason(reason: Reason): { reason: string; fault?: string } {
  if (reason.kind === 'settings')
    return { reason: reason.kind, fault: reason.problems.map((problem) => problem.setting).join(' ') }
  if (reason.kind === 'oauth') return { reason: reason.kind, fault: reason.error }
  return 'fault' in reason ? { reason: reason.kind, fault: reason.fault } : { reason: reason.kind }
}

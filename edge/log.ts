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
  reason?: string
  fault?: string
  widget?: string
  cache?: string
}

/** Writes the line. JSON on the console is what Workers Logs index. */
export function writeLog(line: LogLine): void {
  console.log(JSON.stringify(line))
}

/** The precise half of a reason: kinds and faults are words of ours, never a text that came from outside. */
export function loggedReason(reason: Reason): { reason: string; fault?: string } {
  if (reason.kind === 'settings')
    return { reason: reason.kind, fault: reason.problems.map((problem) => problem.setting).join(' ') }
  if (reason.kind === 'oauth') return { reason: reason.kind, fault: reason.error }
  return 'fault' in reason ? { reason: reason.kind, fault: reason.fault } : { reason: reason.kind }
}

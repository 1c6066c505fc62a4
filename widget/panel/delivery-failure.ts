/** What a failed attempt to send a message means for that message. */
import { type CallFault, isCallError } from '../client/errors.ts'

/** Milliseconds to the next attempt without a network, doubled up to a minute: not every browser reports its return. */
const OFFLINE_MS = 5000
const OFFLINE_MAX_MS = 60_000

export type DeliveryFailure = {
  fault: CallFault
  /** No answer came, so the message may have arrived. */
  isLost: boolean
  /** Caty may have taken the message, so only the visitor may decide to send it again. */
  isUnsure: boolean
  /** Milliseconds to the next attempt; 0 if the visitor has to ask for it. */
  waitMs: number
}

/** `misses` is how many attempts in a row were lost before this one. */
export function deliveryFailure(error: unknown, misses: number): DeliveryFailure {
  const fault: CallFault = isCallError(error) ? error.fault : { kind: 'refused', status: 0, code: 'internal' }
  const isLost = fault.kind === 'offline' || fault.kind === 'timeout'
  const retryAfter = 'retryAfter' in fault ? (fault.retryAfter ?? 0) : 0
  return {
    fault,
    isLost,
    isUnsure: fault.kind === 'unsure',
    waitMs: isLost ? Math.min(OFFLINE_MS * 2 ** misses, OFFLINE_MAX_MS) : retryAfter * 1000,
  }
}

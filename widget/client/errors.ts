/** How a call to the edge can end badly: a closed set, so that the panel has a sentence for each. */

export type CallFault =
  | { kind: 'offline' }
  | { kind: 'timeout' }
  | { kind: 'busy'; retryAfter: number }
  | { kind: 'session' }
  /** The visitor's browser did not pass the challenge that the edge asks for. */
  | { kind: 'challenge' }
  /** `retryAfter`, in seconds, where the edge says when it will be of another mind. */
  | {
      kind: 'refused'
      code: string
      status: number
      field?: string | undefined
      detail?: string | undefined
      retryAfter?: number | undefined
    }

/** Thrown by the client, and what the page's promises reject with. `code` is stable. */
export class CallError extends Error {
  readonly fault: CallFault
  readonly code: string

  constructor(fault: CallFault) {
    const code = fault.kind === 'refused' ? fault.code : fault.kind
    super(code)
    this.name = 'CatyError'
    this.fault = fault
    this.code = code
  }
}

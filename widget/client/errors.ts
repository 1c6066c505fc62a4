/** How a call to the edge can fail: a closed set, so that the panel has a sentence for each. */

/** `retryAfter` is in seconds. */
export type CallFault =
  | { kind: 'offline' }
  | { kind: 'timeout' }
  | { kind: 'busy'; retryAfter: number }
  | { kind: 'session' }
  /** Nobody knows whether the message arrived. */
  | { kind: 'unsure' }
  /** The visitor's browser did not pass the challenge that the edge asks for. */
  | { kind: 'challenge' }
  | {
      kind: 'refused'
      code: string
      status: number
      field?: string | undefined
      detail?: string | undefined
      retryAfter?: number | undefined
    }

/** Thrown by the client; the page's promises reject with it too. `code` is stable. */
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

/** Recognises a `CallError` of any chunk. `instanceof` does not: each chunk has its own copy of the class. */
export const isCallError = (error: unknown): error is CallError => error instanceof Error && error.name === 'CatyError'

/**
 * A circuit breaker: after several failures in a row calls fail at once for a moment, then one call probes the upstream.
 * Without it every call to a dead Caty would wait for its timeout and hold a connection.
 */
export type BreakerOptions = { failures: number; restMs: number }

/** Ten failures in a row are no coincidence. Visitors wait about ten seconds before they try again. */
export const DEFAULT_BREAKER: BreakerOptions = { failures: 10, restMs: 10_000 }

export class CircuitBreaker {
  readonly #options: BreakerOptions
  #failures = 0
  #restUntil = 0
  #probing = false

  constructor(options: BreakerOptions = DEFAULT_BREAKER) {
    this.#options = options
  }

  /** Milliseconds until a call may be made; 0 means now. While the breaker is open, one caller at a time may probe. */
  waitMs(now: number): number {
    if (this.#failures < this.#options.failures) return 0
    if (now < this.#restUntil) return this.#restUntil - now
    if (this.#probing) return this.#options.restMs
    this.#probing = true
    return 0
  }

  /** The call ended for a reason that says nothing about the upstream. */
  abandoned(): void {
    this.#probing = false
  }

  succeeded(): void {
    this.#failures = 0
    this.#probing = false
  }

  failed(now: number): void {
    this.#failures += 1
    this.#probing = false
    if (this.#failures >= this.#options.failures) this.#restUntil = now + this.#options.restMs
  }
}

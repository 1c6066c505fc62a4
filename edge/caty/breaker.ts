/**
 * A circuit breaker: after several failures in a row the upstream is left alone for a moment, then one call probes it.
 * Without it every visitor of a dead Caty waits a whole timeout, and every wait holds a connection.
 */
export type BreakerOptions = { failures: number; restMs: number }

/** Ten failures in a row are no coincidence; ten seconds is about what a visitor waits before trying again anyway. */
export const DEFAULT_BREAKER: BreakerOptions = { failures: 10, restMs: 10_000 }

export class CircuitBreaker {
  readonly #options: BreakerOptions
  #failures = 0
  #restUntil = 0
  #probing = false

  constructor(options: BreakerOptions = DEFAULT_BREAKER) {
    this.#options = options
  }

  /** Milliseconds to wait before a call may be made; 0 means now. While open, one caller at a time gets through to probe. */
  waitMs(now: number): number {
    if (this.#failures < this.#options.failures) return 0
    if (now < this.#restUntil) return this.#restUntil - now
    if (this.#probing) return this.#options.restMs
    this.#probing = true
    return 0
  }

  /** The call ended for a reason that is not the upstream's. */
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

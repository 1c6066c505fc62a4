/**
 * A circuit breaker: after several failures in a row calls fail at once for a moment, then one call probes. Without it
 * every call to a dead server would wait for its timeout and hold a connection.
 */
export type BreakerOptions = { failures: number; restMs: number }

/** Ten failures in a row are no coincidence. Visitors wait about ten seconds before they try again. */
export const DEFAULT_BREAKER: BreakerOptions = { failures: 10, restMs: 10_000 }

/**
 * Its only state besides the count is a time, so it opens by itself: a probe whose visitor left, and of which nothing is
 * heard again, delays the next one by a rest and no longer.
 */
export class CircuitBreaker {
  readonly #options: BreakerOptions
  #failures = 0
  #restUntil = 0

  constructor(options: BreakerOptions = DEFAULT_BREAKER) {
    this.#options = options
  }

  /** Milliseconds until a call may be made; 0 means now. While the breaker is open, one caller a rest may probe. */
  waitMs(now: number): number {
    const { failures, restMs } = this.#options
    if (this.#failures < failures) return 0
    const left = this.#restUntil - now
    // More than a rest is left only when the clock was set back.
    if (left > 0 && left <= restMs) return left
    this.#restUntil = now + restMs
    return 0
  }

  succeeded(): void {
    this.#failures = 0
  }

  failed(now: number): void {
    this.#failures += 1
    if (this.#failures >= this.#options.failures) this.#restUntil = now + this.#options.restMs
  }
}

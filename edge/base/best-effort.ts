/**
 * Parts of the platform that a call can do without: rate limits, the shared cache, metrics. One that throws or hangs costs
 * its own effect and at most half a second, a few times a rest; the call goes on.
 */
import { CircuitBreaker } from './breaker.ts'
import { withDeadline } from './deadline.ts'
import { writeLog } from './log.ts'

/** Milliseconds. These parts answer in a few. */
const TIMEOUT_MS = 500
/** Three failures in a row, then ten seconds without this part. */
const BREAKER = { failures: 3, restMs: 10_000 }

export class BestEffort {
  readonly #part: string
  readonly #now: () => Date
  readonly #breaker = new CircuitBreaker(BREAKER)

  /** `part` names it in the log. */
  constructor(part: string, now: () => Date) {
    this.#part = part
    this.#now = now
  }

  /** The result of the work, or `otherwise` when it throws, takes too long, or rests after failures. Never rejects. */
  async attempt<T>(work: () => Promise<T>, otherwise: T, timeoutMs = TIMEOUT_MS): Promise<T> {
    const now = () => this.#now().getTime()
    if (this.#breaker.waitMs(now()) > 0) return otherwise
    try {
      const result = await withDeadline(work(), timeoutMs, () => new Late())
      this.#breaker.succeeded()
      return result
    } catch (error) {
      this.#breaker.failed(now())
      writeLog({ without: this.#part, fault: error instanceof Late ? 'timeout' : 'threw' })
      return otherwise
    }
  }
}

class Late extends Error {}

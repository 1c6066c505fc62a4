/** Permission for calls with a key of Caty, whose minute is counted elsewhere (app/permits.ts). */
import type { Purpose } from '../settings/index.ts'

/** `first`: configuration, chat and leads. `later`: what only observes, or speaks unasked. */
export type Lane = 'first' | 'later'

export const laneOf = (purpose: Purpose): Lane => (purpose === 'track' ? 'later' : 'first')

export type Permits = {
  /** Counts a call. `key` is a hash of the key. Throws `Refused` (quota) when there is no room in this minute. */
  take: (key: string, lane: Lane) => Promise<void>
  /** Caty answered 429: nobody calls with this key for so many seconds. */
  close: (key: string, seconds: number) => Promise<void>
}

/** One call that is counted already. It says whether it was made, which decides what it costs. */
export class Permit {
  #isSpent = false

  get isSpent(): boolean {
    return this.#isSpent
  }

  /** `true` the first time. */
  spend(): boolean {
    const isFirst = !this.#isSpent
    this.#isSpent = true
    return isFirst
  }
}

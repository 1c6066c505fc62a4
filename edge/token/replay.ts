/**
 * The `jti` values seen lately in this isolate (RFC 9449 section 11.1). It is best effort by nature: another isolate has
 * its own. What must not happen twice, a message, is also held by its idempotency key, which is exact.
 */

/** Seconds an entry is kept, which is as long as a proof could still be accepted, the life of a nonce. */
const KEEP_S = 240
/** Entries at most; about 150 bytes each. When full, the oldest go first. */
const MAX_ENTRIES = 20_000

export class ReplayStore {
  readonly #seen = new Map<string, number>()

  /** Remembers the id; `false` if it was here before and could still be in use. */
  isFirst(id: string, now: Date): boolean {
    const seconds = now.getTime() / 1000
    this.#forget(seconds)
    const until = this.#seen.get(id)
    if (until !== undefined && until > seconds) return false
    this.#seen.delete(id)
    this.#seen.set(id, seconds + KEEP_S)
    return true
  }

  /** A `Map` iterates in the order of insertion, so the entries that end first stand first. */
  #forget(seconds: number): void {
    for (const [id, until] of this.#seen) {
      if (until > seconds && this.#seen.size <= MAX_ENTRIES) return
      this.#seen.delete(id)
    }
  }
}

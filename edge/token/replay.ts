/**
 * The `jti` values that this isolate has seen lately (RFC 9449 section 11.1). Best effort: every isolate has its own. A
 * message must not be sent twice, so its idempotency key is checked exactly, in the ledger.
 */

/** Seconds that an entry is kept: as long as the proof could be accepted, which is the life of a nonce. */
const KEEP_S = 240
/** Entries, of about 150 bytes each. The oldest are dropped first. */
const MAX_ENTRIES = 20_000

export class ReplayStore {
  readonly #seen = new Map<string, number>()

  /** Stores the id. False if it was seen before and its proof could still be valid. */
  isFirst(id: string, now: Date): boolean {
    const seconds = now.getTime() / 1000
    this.#forget(seconds)
    const until = this.#seen.get(id)
    if (until !== undefined && until > seconds) return false
    this.#seen.delete(id)
    this.#seen.set(id, seconds + KEEP_S)
    return true
  }

  /** Drops expired entries. A `Map` iterates in the order of insertion, so these come first. */
  #forget(seconds: number): void {
    for (const [id, until] of this.#seen) {
      if (until > seconds && this.#seen.size <= MAX_ENTRIES) return
      this.#seen.delete(id)
    }
  }
}

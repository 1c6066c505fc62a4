/** Caty's limits: counted for each key in a window of a minute, so that all visitors of a tenant share them. */
export class MinuteWindow {
  #started = 0
  #count = 0

  /** Seconds to wait; 0 if the call is within the limit. */
  take(limit: number, now: number): number {
    if (now - this.#started >= 60_000) {
      this.#started = now
      this.#count = 0
    }
    this.#count += 1
    return this.#count <= limit ? 0 : Math.ceil((this.#started + 60_000 - now) / 1000)
  }

  reset(): void {
    this.#started = 0
  }
}

/** A clock that moves only when the test says so. */

type Timer = { id: number; at: number; run: () => void }

export class Clock {
  now = 1_800_000_000_000
  #timers: Timer[] = []
  #ids = 0

  set(run: () => void, ms = 0): number {
    const id = ++this.#ids
    this.#timers.push({ id, at: this.now + Math.max(ms, 0), run })
    return id
  }

  clear(id: number | undefined): void {
    this.#timers = this.#timers.filter((timer) => timer.id !== id)
  }

  /** Moves the clock, runs every timer at its time, and waits for all work that follows. */
  async advance(ms: number): Promise<void> {
    const end = this.now + ms
    await settled()
    for (let next = this.#next(end); next; next = this.#next(end)) {
      this.clear(next.id)
      this.now = Math.max(this.now, next.at)
      next.run()
      await settled()
    }
    this.now = end
  }

  #next(end: number): Timer | undefined {
    const due = this.#timers.filter(({ at }) => at <= end)
    return due.sort((a, b) => a.at - b.at || a.id - b.id)[0]
  }
}

/** Resolves once all promises that can continue have continued. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

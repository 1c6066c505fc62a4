/** Callers under constant load, spread over all live versions of an edge: a roll-out as visitors see it. */

/** Makes one more call or visit to the version at this address. The status of each answer is recorded. */
export type Caller = (edge: () => string, note: (status: number) => void) => Promise<void>

export class Traffic {
  readonly statuses: number[] = []
  #live: readonly string[]
  #turn = 0
  #ending = false
  #waiting: { until: number; resolve: () => void }[] = []
  #broken: unknown
  /** The current work of each caller. */
  readonly #turns = new Set<Promise<void>>()
  readonly #running: Promise<void>

  constructor(live: string, callers: readonly Caller[]) {
    this.#live = [live]
    this.#running = Promise.all(callers.map((caller) => this.#keepCalling(caller))).then(
      () => {},
      (error: unknown) => {
        this.#broken = error
        this.#ending = true
        for (const { resolve } of this.#waiting.splice(0)) resolve()
      },
    )
  }

  /** From now on the calls go to these versions in turn. */
  to(...live: string[]): void {
    this.#live = live
  }

  /** Resolves once every caller has finished its current work, at whichever version. */
  async turned(): Promise<void> {
    await Promise.allSettled(this.#turns)
  }

  /** Resolves once this many more calls were answered. */
  more(many: number): Promise<void> {
    return new Promise((resolve) => {
      if (this.#ending) resolve()
      else this.#waiting.push({ until: this.statuses.length + many, resolve })
    })
  }

  /** Lets every caller finish its work. Throws the error of a caller that failed. */
  async stop(): Promise<void> {
    this.#ending = true
    await this.#running
    if (this.#broken) throw this.#broken
  }

  async #keepCalling(caller: Caller): Promise<void> {
    const edge = (): string => this.#live[this.#turn++ % this.#live.length] ?? ''
    while (!this.#ending) {
      const turn = caller(edge, (status) => this.#note(status))
      this.#turns.add(turn)
      await turn.finally(() => this.#turns.delete(turn))
    }
  }

  #note(status: number): void {
    this.statuses.push(status)
    const reached = this.#waiting.filter(({ until }) => until <= this.statuses.length)
    this.#waiting = this.#waiting.filter((each) => !reached.includes(each))
    for (const { resolve } of reached) resolve()
  }
}

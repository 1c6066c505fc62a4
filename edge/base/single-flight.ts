/**
 * Single-flight: callers of one isolate who need the same thing at the same time share one piece of work. The runtime ends
 * the work of a request whose visitor leaves, and a promise of it would then never settle. So the work is handed to
 * `waitUntil`, every caller waits by a timer of their own, and after the deadline the next caller starts anew.
 */
import { withDeadline } from './deadline.ts'

export type WaitUntil = (work: Promise<unknown>) => void

export type SingleFlightOptions = {
  now: () => Date
  /** Milliseconds from the start of the work until nobody waits for it any more. */
  deadlineMs: number
}

/** The work took longer than its deadline, or was ended by the runtime. */
export class FlightLate extends Error {}

export class SingleFlight<T> {
  readonly #options: SingleFlightOptions
  readonly #flights = new Map<string, { work: Promise<T>; startedAt: number }>()

  constructor(options: SingleFlightOptions) {
    this.#options = options
  }

  /** True while somebody's work under this name is young enough to be shared. */
  isFlying(name: string): boolean {
    return this.#leftMs(name) > 0
  }

  /** The result of the running work of this name, or of new work. Rejects with the work's error, or `FlightLate`. */
  async run(name: string, start: () => Promise<T>, waitUntil: WaitUntil): Promise<T> {
    const left = this.#leftMs(name)
    const running = left > 0 ? this.#flights.get(name) : undefined
    const { work } = running ?? this.#start(name, start, waitUntil)
    return withDeadline(work, running ? left : this.#options.deadlineMs, () => new FlightLate(name))
  }

  #start(name: string, start: () => Promise<T>, waitUntil: WaitUntil) {
    const flight = { work: start(), startedAt: this.#options.now().getTime() }
    this.#flights.set(name, flight)
    const landed = () => {
      // A later flight may have taken the place of one that was late.
      if (this.#flights.get(name) === flight) this.#flights.delete(name)
    }
    waitUntil(flight.work.then(landed, landed))
    return flight
  }

  /** Milliseconds that the running work may still take; 0 without one. A clock that was set back counts as late. */
  #leftMs(name: string): number {
    const flight = this.#flights.get(name)
    if (!flight) return 0
    const age = this.#options.now().getTime() - flight.startedAt
    return age >= 0 ? Math.max(0, this.#options.deadlineMs - age) : 0
  }
}

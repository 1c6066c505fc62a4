import type { WebhookTarget } from './webhooks.ts'

/** The controls of the stand-in: what it received, how it shall fail, how it is configured. For tests and for the curious. */
/** `body` is cut where it is very long; `bytes` is its whole length. */
export type Received = { method: string; path: string; headers: Record<string, string>; body: string; bytes: number }
export type Fault = {
  path: string
  method?: string
  status?: number
  delayMs?: number
  /** No answer before the next `release`. */
  held?: boolean
  redirectTo?: string
  body?: unknown
  bodyRepeat?: number
  contentType?: string
  headers?: Record<string, string>
  hangUp?: boolean
  /** The connection breaks after the body, before the answer is complete. */
  cut?: boolean
  times?: number
}
export type Controls = {
  limits: { perMinute: number; messagesPerMinute: number; adminPerMinute: number }
  dialect: 'both' | 'documented' | 'observed'
  /** Keys that somebody deleted in the dashboard. */
  deletedKeys: string[]
  /** The site's secrets that the challenge's verification takes; any when there is none. */
  challengeSecrets: string[]
  config: Record<string, unknown>
  /** Where events go, and signed with what. */
  webhooks?: WebhookTarget
}

const initial = (): Controls => ({
  limits: { perMinute: 100, messagesPerMinute: 20, adminPerMinute: 60 },
  dialect: 'both',
  deletedKeys: [],
  challengeSecrets: [],
  config: {},
})

/** Requests kept at most; a load test must not fill the memory. */
const KEEP = 5000

export class ControlDesk {
  #received: Received[] = []
  #faults: (Fault & { times: number })[] = []
  #held: (() => void)[] = []
  controls: Controls = initial()

  reset(): void {
    this.#received = []
    this.#faults = []
    this.controls = initial()
    this.release()
  }

  get received(): readonly Received[] {
    return this.#received
  }

  record(request: Received): void {
    this.#received.push(request)
    if (this.#received.length > KEEP) this.#received.shift()
  }

  configure(change: Partial<Controls>): void {
    this.controls = { ...this.controls, ...change, limits: { ...this.controls.limits, ...change.limits } }
  }

  plan(faults: Fault | Fault[]): void {
    for (const fault of [faults].flat()) this.#faults.push({ ...fault, times: fault.times ?? 1 })
  }

  /** Resolves at the next `release`. */
  released(): Promise<void> {
    return new Promise((resolve) => this.#held.push(resolve))
  }

  /** Lets every call go on that a fault holds, and holds none that comes later. */
  release(): void {
    for (const fault of this.#faults) fault.held = false
    for (const goOn of this.#held.splice(0)) goOn()
  }

  /** The next fault planned for this call, used up by the asking. */
  take(method: string, path: string): Fault | undefined {
    const at = this.#faults.findIndex((fault: Fault) => {
      const hit = fault.path.endsWith('*') ? path.startsWith(fault.path.slice(0, -1)) : fault.path === path
      return hit && (fault.method === undefined || fault.method === method)
    })
    const fault = this.#faults[at]
    if (!fault) return undefined
    fault.times -= 1
    if (fault.times <= 0) this.#faults.splice(at, 1)
    return fault
  }
}

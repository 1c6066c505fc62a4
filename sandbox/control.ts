import type { WebhookTarget } from './webhooks.ts'

/** The controls of a stand-in: what it received, how it fails and how it is configured. */
/** A very long `body` is cut; `bytes` is its whole length. */
export type Received = { method: string; path: string; headers: Record<string, string>; body: string; bytes: number }
export type Fault = {
  path: string
  method?: string
  status?: number
  delayMs?: number
  /** The call gets no answer until the next `release`. */
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
  /** Keys that were deleted in the dashboard. */
  deletedKeys: string[]
  /** The site's secrets that verification of a challenge accepts; any secret if there are none. */
  challengeSecrets: string[]
  config: Record<string, unknown>
  /** The target of events and the secret that signs them. */
  webhooks?: WebhookTarget
}

const initial = (): Controls => ({
  limits: { perMinute: 100, messagesPerMinute: 20, adminPerMinute: 60 },
  dialect: 'both',
  deletedKeys: [],
  challengeSecrets: [],
  config: {},
})

/** The most requests that are kept, so that a load test does not fill the memory. */
const KEEP = 5000

export class StandInState {
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

  /** Releases every call that a fault holds; later calls are not held. */
  release(): void {
    for (const fault of this.#faults) fault.held = false
    for (const goOn of this.#held.splice(0)) goOn()
  }

  /** Takes the next fault that is planned for this call, so that it happens once. */
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

/**
 * Caty as a sender of webhooks: signed with HMAC-SHA256, with five attempts at the documented times. It sends one
 * event after another, so that first attempts keep the order; Caty promises no more.
 */
import { createHmac } from 'node:crypto'
import { widgetConfig } from './widget-config.ts'

/** Milliseconds before each attempt: none, then 1 minute, 5 minutes, 30 minutes and 2 hours. */
const SCHEDULE_MS: readonly number[] = [0, 60_000, 300_000, 1_800_000, 7_200_000]
/** Any other answer than a 2xx within this time is a failure. */
const TIMEOUT_MS = 10_000
/** The number of attempts kept for tests. */
const KEEP = 1000

export type WebhookTarget = {
  url: string
  secret: string
  /** One page of Caty's documentation shows the signature bare, another with the prefix. */
  prefixed?: boolean
  /** Other delays, for tests. */
  scheduleMs?: readonly number[]
}
/** `status` is absent if there was no answer. */
export type Attempt = { event: string; attempt: number; status?: number; body: string }
/** Sends an event to the target. */
export type Tell = (event: string, data: Record<string, unknown>) => void

export class WebhookSender {
  readonly #target: () => WebhookTarget | undefined
  readonly attempts: Attempt[] = []
  #turn: Promise<unknown> = Promise.resolve()

  constructor(target: () => WebhookTarget | undefined) {
    this.#target = target
  }

  /** Sends one event, and repeats it until it is accepted. */
  readonly tell: Tell = (event, data) => {
    const target = this.#target()
    if (!target) return
    const body = JSON.stringify({ event, timestamp: new Date().toISOString(), widget_id: widgetConfig.widget_id, data })
    this.#turn = this.#turn.then(() => this.#try(event, body, target, 1))
  }

  async #try(event: string, body: string, target: WebhookTarget, attempt: number): Promise<void> {
    const status = await post(body, target)
    this.attempts.push({ event, attempt, body, ...(status !== undefined && { status }) })
    if (this.attempts.length > KEEP) this.attempts.shift()
    if (status !== undefined && status >= 200 && status < 300) return
    const wait = (target.scheduleMs ?? SCHEDULE_MS)[attempt]
    // A timer that waits for hours must not keep the process running.
    if (wait !== undefined) setTimeout(() => void this.#try(event, body, target, attempt + 1), wait).unref()
  }

  reset(): void {
    this.attempts.length = 0
  }
}

async function post(body: string, { url, secret, prefixed }: WebhookTarget): Promise<number | undefined> {
  const signature = createHmac('sha256', secret).update(body).digest('hex')
  try {
    const response = await fetch(url, {
      method: 'POST',
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
      headers: { 'Content-Type': 'application/json', 'X-Caty-Signature': prefixed ? `sha256=${signature}` : signature },
      body,
    })
    await response.body?.cancel()
    return response.status
  } catch {
    return undefined
  }
}

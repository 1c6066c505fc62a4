/**
 * Caty as a sender of webhooks: signed with HMAC-SHA256, tried five times at the documented times. One after the other,
 * so that what happened first is sent first; Caty promises no more than that either.
 */
import { createHmac } from 'node:crypto'
import { widgetConfig } from './widget-config.ts'

/** Milliseconds before each attempt: at once, then after 1 minute, 5 minutes, 30 minutes and 2 hours. */
const SCHEDULE_MS: readonly number[] = [0, 60_000, 300_000, 1_800_000, 7_200_000]
/** Anything but a 2xx within this time is a failure. */
const TIMEOUT_MS = 10_000
/** Attempts kept for whoever asks what was sent. */
const KEEP = 1000

export type WebhookTarget = {
  url: string
  secret: string
  /** One page of the documentation shows the signature bare, another with the prefix. */
  prefixed?: boolean
  /** Other times, for tests. */
  scheduleMs?: readonly number[]
}
/** `status` is absent when there was no answer. */
export type Attempt = { event: string; attempt: number; status?: number; body: string }
/** Says that something happened. */
export type Tell = (event: string, data: Record<string, unknown>) => void

export class WebhookSender {
  readonly #target: () => WebhookTarget | undefined
  readonly attempts: Attempt[] = []
  #turn: Promise<unknown> = Promise.resolve()

  constructor(target: () => WebhookTarget | undefined) {
    this.#target = target
  }

  /** Sends one event, and comes again by itself. */
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
    // A timer that waits for hours must not keep the process from ending.
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

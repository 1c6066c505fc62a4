/** One attempt to send a webhook to the owner's endpoint. */

import { readWebhook } from '../../webhook/read.ts'
import type { WebhookTarget } from '../settings/index.ts'
import { standardHeaders } from './standard.ts'

/** An event on its way to the owner. Every attempt sends exactly this `body`: the bytes that Caty signed. */
export type WebhookDelivery = { id: string; event: string; body: Uint8Array<ArrayBuffer>; attempts: number }

export type DeliveryFault = 'timeout' | 'unreachable' | 'redirect' | 'answered' | 'no_target' | 'not_signed'
export type Outcome = { ok: true } | { ok: false; fault: DeliveryFault; status?: number }

/** Caty gives a receiver as long. */
const TIMEOUT_MS = 10_000

/** The clock and the network of a delivery. `timeoutMs` replaces the default of 10 s. */
export type Sender = { now: () => Date; fetch: (request: Request) => Promise<Response>; timeoutMs?: number }

/**
 * Signs and sends the event. Only a 2xx counts as delivered. A redirect is a failure, because following it would send the
 * event to another host. Never throws.
 */
export async function deliver(
  delivery: WebhookDelivery,
  target: WebhookTarget | undefined,
  sender: Sender,
): Promise<Outcome> {
  if (!target) return { ok: false, fault: 'no_target' }
  const signal = AbortSignal.timeout(sender.timeoutMs ?? TIMEOUT_MS)
  let fault: DeliveryFault = 'not_signed'
  try {
    const signed = await standardHeaders(
      { ...delivery, at: sender.now() },
      await Promise.all(target.secrets.map((secret) => secret.hmac())),
    )
    const headers = { ...signed, ...headersOf(delivery.body), 'User-Agent': 'caty-keyless' }
    fault = 'unreachable'
    const response = await sender.fetch(
      new Request(target.url, { method: 'POST', redirect: 'manual', signal, headers, body: delivery.body }),
    )
    // The body is not needed, and one that is neither read nor cancelled keeps the connection busy.
    await response.body?.cancel().catch(() => undefined)
    if (response.ok) return { ok: true }
    const redirect = response.status >= 300 && response.status < 400
    return { ok: false, fault: redirect ? 'redirect' : 'answered', status: response.status }
  } catch {
    return { ok: false, fault: signal.aborted ? 'timeout' : fault }
  }
}

/** Says what the body is, and which of its members do not have the form that Caty documents. */
function headersOf(body: Uint8Array<ArrayBuffer>): Record<string, string> {
  const { raw, notUnderstood } = readWebhook(body)
  return {
    'Content-Type': raw === undefined ? 'application/octet-stream' : 'application/json',
    ...(notUnderstood.length > 0 && { 'Caty-Not-Understood': notUnderstood.join(', ') }),
  }
}

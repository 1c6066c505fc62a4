/** One attempt to hand one event to the owner's program. */

import type { WebhookTarget } from '../settings/webhooks.ts'
import { outgoingKeys } from './keys.ts'
import { standardHeaders } from './standard.ts'

/** An event as it lies in the ledger. `body` is what is sent, letter for letter, at every attempt. */
export type Letter = { id: string; event: string; body: string; attempts: number }

export type DeliveryFault = 'timeout' | 'unreachable' | 'redirect' | 'answered' | 'no_target'
export type Outcome = { ok: true } | { ok: false; fault: DeliveryFault; status?: number }

/** Caty's own patience with a receiver. */
const TIMEOUT_MS = 10_000

export type Sender = { now: () => Date; fetch: (request: Request) => Promise<Response>; timeoutMs?: number }

/** Never throws. Only a 2xx counts; a redirect is not followed, since it would carry the event to another host. */
export async function deliver(letter: Letter, target: WebhookTarget | undefined, sender: Sender): Promise<Outcome> {
  if (!target) return { ok: false, fault: 'no_target' }
  const signal = AbortSignal.timeout(sender.timeoutMs ?? TIMEOUT_MS)
  const signed = await standardHeaders({ ...letter, at: sender.now() }, await outgoingKeys(target))
  try {
    const response = await sender.fetch(
      new Request(target.url, {
        method: 'POST',
        redirect: 'manual',
        signal,
        headers: { ...signed, 'Content-Type': 'application/json', 'User-Agent': 'caty-keyless' },
        body: letter.body,
      }),
    )
    // What it says is not read: an unread body would hold the connection.
    await response.body?.cancel().catch(() => undefined)
    if (response.ok) return { ok: true }
    const redirect = response.status >= 300 && response.status < 400
    return { ok: false, fault: redirect ? 'redirect' : 'answered', status: response.status }
  } catch {
    return { ok: false, fault: signal.aborted ? 'timeout' : 'unreachable' }
  }
}

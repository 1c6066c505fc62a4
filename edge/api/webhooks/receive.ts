/** `POST /webhooks/caty`: verifies the raw bytes and stores the event in the ledger before it answers 202. */
import * as v from 'valibot'
import { readSignature, signedByOneOf } from '../../../webhook/signature.ts'
import type { Edge } from '../../app/context.ts'
import { sha256 } from '../../base/digest.ts'
import { Refused } from '../../base/reason.ts'
import { WebhookEvent } from '../../contract/webhook.ts'
import { fitting, fittingJson, readBody, strictText } from '../../http/body.ts'
import { reachLedger } from '../../ledger/reach.ts'
import type { NewDelivery } from '../../outbox/store.ts'

/** Bytes of an event: a long conversation fits, and a row of the ledger holds it. */
export const WEBHOOK_CAP = 256 * 1024
/** Seconds of `Retry-After`. Caty itself retries after a minute at the earliest. */
const RETRY_S = 30

/** Accepts an event. Throws `Refused`. A duplicate is answered 202 too, so that Caty stops sending it. */
export async function webhookCall(edge: Pick<Edge, 'settings' | 'ledger'>, request: Request): Promise<Response> {
  const body = await verifiedBody(edge, request)
  const delivery = await deliveryOf(fittingJson(WebhookEvent, strictText(body)), body)
  const accepted = await reachLedger(edge.ledger, (ledger) => ledger.acceptDelivery(delivery)).catch(
    () => 'ledger' as const,
  )
  if (accepted === 'full' || accepted === 'ledger') {
    throw new Refused({ kind: 'webhook_not_kept', fault: accepted, retryAfter: RETRY_S })
  }
  return Response.json({ success: true, id: delivery.id, duplicate: accepted === 'known' }, { status: 202 })
}

/** The raw bytes of the body, verified to be signed by Caty. */
async function verifiedBody({ settings }: Pick<Edge, 'settings'>, request: Request): Promise<Uint8Array<ArrayBuffer>> {
  if (settings.webhooks.secrets.length === 0) {
    const why = 'is missing: set it as a secret of the Worker to the signing secret of the webhook at Caty'
    throw new Refused({ kind: 'settings', problems: [{ setting: 'CATY_WEBHOOK_SECRETS', why }] })
  }
  const header = request.headers.get('X-Caty-Signature')
  if (header === null) throw new Refused({ kind: 'webhook_signature', fault: 'missing' })
  const signature = readSignature(header)
  if (!signature) throw new Refused({ kind: 'webhook_signature', fault: 'malformed' })
  const body = await readBody(request, WEBHOOK_CAP)
  const keys = await Promise.all(settings.webhooks.secrets.map((secret) => secret.hmac()))
  if (!(await signedByOneOf(body, signature, keys))) {
    throw new Refused({ kind: 'webhook_signature', fault: 'wrong' })
  }
  return body
}

const Named = v.object({ session_id: v.fallback(v.string(), ''), lead_id: v.fallback(v.string(), '') })

async function deliveryOf(event: WebhookEvent, body: Uint8Array<ArrayBuffer>): Promise<NewDelivery> {
  const own = event.id ?? event.event_id
  // Without an id, the signed bytes identify the event. Their signature would not: it changes when the secret does.
  const digest = await sha256(own ? `id\n${event.widget_id}\n${own}` : body)
  const id = `msg_${digest.slice(0, 32)}`
  const { session_id, lead_id } = fitting(Named, event.data)
  return { id, event: event.event, conversation: session_id || lead_id || id, body: JSON.stringify(event) }
}

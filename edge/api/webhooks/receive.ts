/** `POST /webhooks/caty`: verifies the raw bytes and stores the event in the ledger before it answers 202. */
import { eventId, readWebhook } from '../../../webhook/read.ts'
import { readSignature, signedByOneOf } from '../../../webhook/signature.ts'
import type { Edge } from '../../app/context.ts'
import { isRecord } from '../../base/json.ts'
import { writeLog } from '../../base/log.ts'
import { Refused } from '../../base/reason.ts'
import { readBody } from '../../http/body.ts'
import { reachLedger } from '../../ledger/reach.ts'
import { isStale } from '../../outbox/seen.ts'

/** Bytes of an event: a long conversation fits, and a row of the ledger holds it. */
export const WEBHOOK_CAP = 256 * 1024
/** Seconds of `Retry-After`. Caty itself retries after a minute at the earliest. */
const RETRY_S = 30

/**
 * Accepts whatever Caty signed. Its bytes are kept as they are: an event that is not understood is the owner's all the
 * same. Throws `Refused`. A duplicate is answered 202 too, so that Caty stops sending it.
 */
export async function webhookCall(
  edge: Pick<Edge, 'settings' | 'ledger' | 'platform'>,
  request: Request,
): Promise<Response> {
  const body = await verifiedBody(edge, request)
  const { raw, event, notUnderstood, at } = readWebhook(body)
  const name = event?.event ?? nameOf(raw)
  if (isStale(at, edge.platform.now().getTime())) throw new Refused({ kind: 'webhook_stale', fault: name })
  const id = await eventId(raw, body)
  const delivery = { id, event: name, ...subjectOf(raw), happened: at, body }
  const accepted = await reachLedger(edge.ledger, (ledger) => ledger.acceptDelivery(delivery)).catch(
    () => 'ledger' as const,
  )
  if (accepted === 'full' || accepted === 'ledger') {
    throw new Refused({ kind: 'webhook_not_kept', fault: accepted, retryAfter: RETRY_S })
  }
  if (accepted === 'first' && notUnderstood.length > 0) writeLog({ id, webhook: name, not_understood: notUnderstood })
  return Response.json({ success: true, id, duplicate: accepted === 'known' }, { status: 202 })
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

/** The name of an event that nobody documents. It is logged, so what is no name becomes `unknown`. */
function nameOf(raw: unknown): string {
  const name = member(raw, 'event')
  return typeof name === 'string' && /^[\w.:-]{1,64}$/.test(name) ? name : 'unknown'
}

/** What the event is about: events of one conversation or of one lead are delivered in order. */
function subjectOf(raw: unknown): { conversation: string; lead: string } {
  const data = member(raw, 'data') ?? member(raw, 'lead')
  return { conversation: idOf(member(data, 'session_id')), lead: idOf(member(data, 'lead_id')) }
}

const member = (value: unknown, name: string): unknown =>
  isRecord(value) && Object.hasOwn(value, name) ? value[name] : undefined
const idOf = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value).slice(0, 200) : ''

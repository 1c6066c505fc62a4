/** What the signed bytes of a webhook say: the event, its identity, its own time. The edge and the library read with it. */
import { type Reading, readEvent, timeOf } from './event.ts'

/** @internal */
export type Webhook = Reading & {
  /** The whole JSON value; `undefined` when the body is no JSON. */
  raw: unknown
  /** The event's own time in milliseconds, as far as it can be read. */
  at: number | undefined
}

/**
 * Reads the bytes. Never throws: what is not understood is named in `notUnderstood`.
 * @internal
 */
export function readWebhook(bytes: Uint8Array<ArrayBuffer>): Webhook {
  const raw = parse(bytes)
  return { ...readEvent(raw), raw, at: timeOf(envelopeOf(raw).timestamp) }
}

type Envelope = { event?: unknown; id?: unknown; event_id?: unknown; timestamp?: unknown; widget_id?: unknown }
const envelopeOf = (raw: unknown): Envelope => (typeof raw === 'object' && raw !== null ? raw : {})

function parse(bytes: Uint8Array<ArrayBuffer>): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(bytes))
  } catch {
    return undefined
  }
}

/** True for what tells two events apart: an empty text does not, and a large integer may have been rounded. */
const identifies = (value: unknown): boolean =>
  typeof value === 'string' ? value !== '' : typeof value === 'number' && Number.isSafeInteger(value)

/**
 * The same for every delivery of one event: `msg_` and 32 characters of a hash. An event that names itself is known by its
 * name, id, time and widget. Any other is known by its bytes: a guess could take two events for one. Never by the
 * signature, which changes with the secret.
 * @internal
 */
export async function eventId(raw: unknown, bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const { event, id, event_id, timestamp, widget_id } = envelopeOf(raw)
  const own = identifies(id) ? id : event_id
  const named = [event, own, timestamp].every(identifies)
  const identity = new TextEncoder().encode(`id\n${JSON.stringify([event, own, timestamp, widget_id])}`)
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', named ? identity : bytes))
  const base64 = btoa(String.fromCharCode(...digest))
  return `msg_${base64.replaceAll('+', '-').replaceAll('/', '_').slice(0, 32)}`
}

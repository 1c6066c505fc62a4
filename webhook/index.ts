/**
 * `caty-keyless/webhook`: verifies what Caty posts to you, without a dependency. For owners who take the webhooks
 * themselves; the edge checks them with the same code.
 */
import { type CatyEvent, readEvent } from './event.ts'
import { importSecret, readSignature, signedByOneOf, type WebhookSecret } from './signature.ts'

export type {
  CatyEvent,
  CatyEventName,
  Conversation,
  Handoff,
  Lead,
  Undocumented,
} from './event.ts'
export type { WebhookSecret } from './signature.ts'

/** Why a webhook was refused. Caty signed the last three, but they are too old or not a documented event. */
export type Refusal =
  | 'no_signature'
  | 'malformed_signature'
  | 'wrong_signature'
  | 'too_old'
  | 'not_json'
  | 'not_an_event'

export type Verified =
  | {
      ok: true
      event: CatyEvent
      /** The whole JSON value, including members that the type does not name. */
      raw: unknown
      /** The same for every delivery of one event: store it, and drop events whose id you have stored. */
      id: string
    }
  | { ok: false; reason: Refusal }

export type Options = {
  /**
   * Refuse events whose own time is further away than this. Leave it out, or allow at least three hours: Caty's last
   * attempt comes two hours and 36 minutes after the event.
   */
  maxAgeSeconds?: number
  /** The clock, for tests. */
  now?: Date
}

/**
 * Verifies one webhook. `rawBody` is what came over the wire, before any JSON parser; `signature` the header
 * `X-Caty-Signature`, of whatever content; `secrets` the webhook's secret, or several while you change it.
 *
 * Never throws for what a sender sends. Throws `TypeError` for a mistake in the calling code: a body that was parsed
 * already, or no secret.
 */
export async function verifyWebhook(
  rawBody: string | Uint8Array | ArrayBuffer,
  signature: string | null | undefined,
  secrets: WebhookSecret | readonly WebhookSecret[],
  { maxAgeSeconds, now = new Date() }: Options = {},
): Promise<Verified> {
  const bytes = bytesOf(rawBody)
  const keys = await Promise.all(ringOf(secrets).map(importSecret))
  if (signature === null || signature === undefined || signature === '') return { ok: false, reason: 'no_signature' }
  const claimed = readSignature(signature)
  if (!claimed) return { ok: false, reason: 'malformed_signature' }
  if (!(await signedByOneOf(bytes, claimed, keys))) return { ok: false, reason: 'wrong_signature' }

  const raw = parse(bytes)
  if (raw === undefined) return { ok: false, reason: 'not_json' }
  const event = readEvent(raw)
  if (!event) return { ok: false, reason: 'not_an_event' }
  const age = Math.abs(now.getTime() - Date.parse(event.timestamp)) / 1000
  // Written this way, an invalid time also counts as too old.
  if (maxAgeSeconds !== undefined && !(age <= maxAgeSeconds)) return { ok: false, reason: 'too_old' }
  return { ok: true, event, raw, id: await eventId(raw, bytes) }
}

/** An environment variable that is not set arrives here as `undefined`, whatever the types say. */
function ringOf(secrets: WebhookSecret | readonly WebhookSecret[]): readonly WebhookSecret[] {
  const ring = typeof secrets === 'string' || secrets instanceof Uint8Array ? [secrets] : (secrets ?? [])
  const sound = ring.every((secret) => typeof secret === 'string' || secret instanceof Uint8Array)
  if (ring.length === 0 || !sound) throw new TypeError('verifyWebhook needs at least one secret.')
  return ring
}

/** Copies into memory of its own: a view on a shared buffer could change between the check and the parser. */
function bytesOf(rawBody: unknown): Uint8Array<ArrayBuffer> {
  if (typeof rawBody === 'string') return new TextEncoder().encode(rawBody)
  if (rawBody instanceof Uint8Array) return Uint8Array.from(rawBody)
  if (rawBody instanceof ArrayBuffer) return new Uint8Array(rawBody.slice(0))
  throw new TypeError('verifyWebhook needs the raw body, as bytes or text: a parsed body cannot be verified.')
}

function parse(bytes: Uint8Array<ArrayBuffer>): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(bytes))
  } catch {
    return undefined
  }
}

/**
 * The event's own id if it has one; no payload that Caty shows does. Otherwise the hash of the signed bytes, and not
 * of the signature, which differs after a change of the secret.
 */
async function eventId(raw: unknown, bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const members = Object(raw)
  const own: unknown = members.id ?? members.event_id
  if (typeof own === 'string' && own !== '' && own.length <= 200) return own
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

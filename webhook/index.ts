/**
 * `caty-keyless/webhook`: verifies what Caty posts to you, without a dependency. For owners who take the webhooks
 * themselves; the edge checks them with the same code.
 */
import type { CatyEvent } from './event.ts'
import { eventId, readWebhook } from './read.ts'
import { copyOf, importSecret, isBytes, readSignature, signedByOneOf, type WebhookSecret } from './signature.ts'

export type {
  CatyEvent,
  CatyEventName,
  Conversation,
  Handoff,
  Lead,
  Reading,
  Undocumented,
} from './event.ts'
export { readEvent } from './event.ts'
export type { WebhookSecret } from './signature.ts'

/** Why a webhook does not count. `too_old` was signed by Caty, and is older than you allow. */
export type Refusal = 'no_signature' | 'malformed_signature' | 'wrong_signature' | 'too_old'

export type Verified =
  | {
      ok: true
      /** Absent when nobody documents an event of this name. Take it all the same: Caty signed it. */
      event?: CatyEvent | undefined
      /** The whole JSON value, with the members that the type does not name; `undefined` when the body is no JSON. */
      raw: unknown
      /** The same for every delivery of one event: keep it, and drop what you have seen. The edge's `webhook-id` too. */
      id: string
      /** The members without their documented form, such as `event` or `data.score`: read those in `raw`. */
      notUnderstood: string[]
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

  const { event, raw, at, notUnderstood } = readWebhook(bytes)
  // Written this way round, a time that cannot be read is too old as well.
  if (maxAgeSeconds !== undefined && !(at !== undefined && Math.abs(now.getTime() - at) <= maxAgeSeconds * 1000))
    return { ok: false, reason: 'too_old' }
  return { ok: true, event, raw, id: await eventId(raw, bytes), notUnderstood }
}

/** An environment variable that is not set arrives here as `undefined`, whatever the types say. */
function ringOf(secrets: WebhookSecret | readonly WebhookSecret[]): readonly WebhookSecret[] {
  const ring = typeof secrets === 'string' || isBytes(secrets) ? [secrets] : (secrets ?? [])
  const sound = ring.every((secret) => typeof secret === 'string' || isBytes(secret))
  if (ring.length === 0 || !sound) throw new TypeError('verifyWebhook needs at least one secret.')
  return ring
}

/** `instanceof` is false for a buffer of another realm. */
const isArrayBuffer = (value: unknown): value is ArrayBuffer =>
  Object.prototype.toString.call(value) === '[object ArrayBuffer]'

/** A copy, so that nothing changes between the check and the parser. */
function bytesOf(rawBody: unknown): Uint8Array<ArrayBuffer> {
  if (typeof rawBody === 'string') return new TextEncoder().encode(rawBody)
  if (isBytes(rawBody)) return copyOf(rawBody)
  if (isArrayBuffer(rawBody)) return copyOf(new Uint8Array(rawBody))
  throw new TypeError('verifyWebhook needs the raw body, as bytes or text: a parsed body cannot be verified.')
}

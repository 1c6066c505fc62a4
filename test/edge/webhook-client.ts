/** Caty as a sender of webhooks, and what the owner's receiver got. */
import { env } from 'cloudflare:workers'
import { Webhook } from 'standardwebhooks'
import { ask, type Settings } from './client.ts'
import { planFaults, type Received, received } from './sandbox.ts'

export const [SECRET = '', OLDER_SECRET = ''] = env.CATY_WEBHOOK_SECRETS.split(',')

export async function hmacOf(secret: Uint8Array<ArrayBuffer>, body: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const key = await crypto.subtle.importKey('raw', secret, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign'])
  return new Uint8Array(await crypto.subtle.sign('HMAC', key, body))
}

export async function hmac(secret: string, body: string | Uint8Array<ArrayBuffer>): Promise<string> {
  const utf8 = (text: string) => Uint8Array.from(new TextEncoder().encode(text))
  const mac = await hmacOf(utf8(secret), typeof body === 'string' ? utf8(body) : body)
  return [...mac].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

let count = 0
/** An event that was never sent before. */
export function lead(data: object = {}, more: object = {}): string {
  count += 1
  const known = {
    lead_id: `lead_${count}`,
    name: 'Ada',
    email: 'ada@example.org',
    score: 80,
    session_id: `sess_${count}`,
  }
  const timestamp = new Date().toISOString()
  return JSON.stringify({ event: 'lead.captured', timestamp, widget_id: 'wgt_1', data: { ...known, ...data }, ...more })
}

/** `POST /webhooks/caty`, signed unless `signature` says otherwise. */
export async function send(
  body: string | Uint8Array<ArrayBuffer>,
  { signature, settings }: { signature?: string | null; settings?: Settings } = {},
): Promise<Response> {
  const header = signature === undefined ? await hmac(SECRET, body) : signature
  const headers = { 'Content-Type': 'application/json', ...(header !== null && { 'X-Caty-Signature': header }) }
  return ask('/webhooks/caty', { method: 'POST', headers, body }, settings)
}

/** The receiver takes everything from now on. */
export const targetUp = (): Promise<Response> =>
  planFaults({ path: '/target', status: 200, body: '', times: 1_000_000 })

export type Arrived = { id: string; body: Record<string, unknown>; call: Received }

/** Every attempt at the receiver, in its order. */
export async function arrivals(): Promise<Arrived[]> {
  const calls = (await received()).filter(({ path }) => path.startsWith('/target'))
  return calls.map((call) => ({ id: call.headers['webhook-id'] ?? '', body: parsed(call.body), call }))
}

/** What is no JSON object has no members. */
function parsed(body: string): Record<string, unknown> {
  try {
    return JSON.parse(body)
  } catch {
    return {}
  }
}

/** Verifies as a receiver with either of its secrets does, with the public library. Throws. */
export function verifyStandard({ call }: Arrived): unknown {
  return env.WEBHOOK_TARGET_SECRET.split(',').map((secret) => new Webhook(secret).verify(call.body, call.headers))
}

/**
 * Signatures of Standard Webhooks: HMAC-SHA256 of `id.timestamp.payload`, written as `v1,<base64>`. While a secret is
 * rotated, a delivery carries one signature for each secret.
 */

import { joinBytes, utf8 } from '../base/bytes.ts'

/** Seconds by which the timestamp may differ from our clock. The public libraries allow the same. */
const TOLERANCE_S = 300

export type Signable = { id: string; at: Date; body: string | Uint8Array }

const content = (id: string, seconds: string, body: string | Uint8Array) =>
  joinBytes([utf8(`${id}.${seconds}.`), typeof body === 'string' ? utf8(body) : body])

/** The three headers of a delivery. `at` is the time of this attempt, so that a retry is not refused as a replay. */
export async function standardHeaders(
  { id, at, body }: Signable,
  keys: readonly CryptoKey[],
): Promise<Record<string, string>> {
  const seconds = String(Math.floor(at.getTime() / 1000))
  const signatures = await Promise.all(
    keys.map(async (key) => {
      const mac = await crypto.subtle.sign('HMAC', key, content(id, seconds, body))
      return `v1,${btoa(String.fromCharCode(...new Uint8Array(mac)))}`
    }),
  )
  return { 'webhook-id': id, 'webhook-timestamp': seconds, 'webhook-signature': signatures.join(' ') }
}

/** True if one of the keys made one of the signatures, and the timestamp is current. Never throws. */
export async function standardSigned(
  headers: Headers,
  body: string,
  keys: readonly CryptoKey[],
  now: Date,
): Promise<boolean> {
  const id = headers.get('webhook-id') ?? ''
  const seconds = headers.get('webhook-timestamp') ?? ''
  if (id === '' || !/^\d{1,12}$/.test(seconds)) return false
  if (Math.abs(now.getTime() / 1000 - Number(seconds)) > TOLERANCE_S) return false
  const claims = (headers.get('webhook-signature') ?? '').split(' ').slice(0, 10)
  for (const claim of claims) {
    const [, encoded] = /^v1,([A-Za-z0-9+/]{43}=)$/.exec(claim) ?? []
    if (encoded === undefined) continue
    const mac = Uint8Array.from(atob(encoded), (letter) => letter.charCodeAt(0))
    for (const key of keys) if (await crypto.subtle.verify('HMAC', key, mac, content(id, seconds, body))) return true
  }
  return false
}

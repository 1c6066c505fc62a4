/**
 * Server-provided nonces (RFC 9449 sections 8 and 9) without storage: the number of a time bucket and an HMAC of it.
 * A fresh nonce proves that the proof was made just now, so the visitor's own clock no longer matters.
 */
import { hmac } from '../digest.ts'
import { decodeBase64Url, encodeBase64Url } from './base64url.ts'
import type { KeyRing } from './key-ring.ts'

/** Seconds a bucket lasts. A nonce counts in its own and in the next one, so it lives 2 to 4 minutes. */
export const NONCE_BUCKET_S = 120
const MAC_BYTES = 16

const bucketAt = (now: Date): number => Math.floor(now.getTime() / 1000 / NONCE_BUCKET_S)
const macOf = async (key: CryptoKey, bucket: number) => (await hmac(key, `nonce ${bucket}`)).subarray(0, MAC_BYTES)

/** The nonce of this moment. */
export async function currentNonce(ring: KeyRing, now: Date): Promise<string> {
  const bucket = bucketAt(now)
  const { key } = await ring.signing('dpop-nonce')
  return `${bucket.toString(36)}.${encodeBase64Url(await macOf(key, bucket))}`
}

/** Is this one of ours, of this bucket or the one before? Any key of the ring may have made it, so a rotation is not seen. */
export async function nonceIsFresh(nonce: string, ring: KeyRing, now: Date): Promise<boolean> {
  const [place = '', mac = '', ...rest] = nonce.split('.')
  const bucket = Number.parseInt(place, 36)
  const age = bucketAt(now) - bucket
  const claimed = decodeBase64Url(mac)
  if (rest.length > 0 || bucket.toString(36) !== place || !(age === 0 || age === 1)) return false
  if (claimed?.length !== MAC_BYTES) return false
  for (const { key } of await ring.all('dpop-nonce')) {
    if (crypto.subtle.timingSafeEqual(await macOf(key, bucket), claimed)) return true
  }
  return false
}

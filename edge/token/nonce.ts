/**
 * Server-provided nonces (RFC 9449 sections 8 and 9) without storage: the number of a time bucket and its HMAC. A fresh
 * nonce shows that the proof was made just now, so the visitor's own clock does not matter.
 */

import { encodeBase64Url } from '../base/base64url.ts'
import { utf8 } from '../base/bytes.ts'
import { hmac } from '../base/digest.ts'
import type { KeyRing } from './key-ring.ts'

/** Seconds of a bucket. A nonce is valid in its own bucket and the next, for 2 to 4 minutes. */
export const NONCE_BUCKET_S = 120
const MAC_BYTES = 16

const bucketAt = (now: Date): number => Math.floor(now.getTime() / 1000 / NONCE_BUCKET_S)

async function nonceOf(bucket: number, key: CryptoKey): Promise<string> {
  const mac = await hmac(key, `nonce ${bucket}`)
  return `${bucket.toString(36)}.${encodeBase64Url(mac.subarray(0, MAC_BYTES))}`
}

/** The nonce to hand out now. */
export async function currentNonce(ring: KeyRing, now: Date): Promise<string> {
  return nonceOf(bucketAt(now), (await ring.signing('dpop-nonce')).key)
}

/** True for a nonce of ours from this bucket or the one before. Any key of the ring may have made it. */
export async function nonceIsFresh(nonce: string, ring: KeyRing, now: Date): Promise<boolean> {
  const claimed = utf8(nonce)
  for (const { key } of await ring.all('dpop-nonce')) {
    for (const age of [0, 1]) {
      const ours = utf8(await nonceOf(bucketAt(now) - age, key))
      if (ours.length === claimed.length && crypto.subtle.timingSafeEqual(ours, claimed)) return true
    }
  }
  return false
}

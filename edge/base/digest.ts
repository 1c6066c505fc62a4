/** Hashes, keyed and plain. */

import { encodeBase64Url } from './base64url.ts'
import { utf8 } from './bytes.ts'

/** The HMAC-SHA-256 of a text. */
export async function hmac(key: CryptoKey, text: string) {
  return new Uint8Array(await crypto.subtle.sign('HMAC', key, utf8(text)))
}

/** The SHA-256 in base64url. Its first characters are a truncated hash. */
export async function sha256(data: string | Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', typeof data === 'string' ? utf8(data) : data)
  return encodeBase64Url(new Uint8Array(digest))
}

/** base64url without padding (RFC 4648 section 5), canonical only: one byte string has exactly one spelling. */

const ALPHABET = /^[A-Za-z0-9_-]*$/

/**
 * The bytes, or `undefined` for anything but the canonical spelling: padding, white space, a foreign letter, an
 * impossible length or left-over bits that are not zero. Several spellings of one token would let a replay look new.
 */
export function decodeBase64Url(text: string): Uint8Array<ArrayBuffer> | undefined {
  if (!ALPHABET.test(text) || text.length % 4 === 1) return undefined
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'))
  const bytes = Uint8Array.from(binary, (letter) => letter.charCodeAt(0))
  return encodeBase64Url(bytes) === text ? bytes : undefined
}

export function encodeBase64Url(bytes: Uint8Array): string {
  let binary = ''
  for (const byte of bytes) binary += String.fromCharCode(byte)
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
}

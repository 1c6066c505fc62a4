/** base64url without padding (RFC 4648 section 5), canonical only: one byte string has exactly one spelling. */

/**
 * The bytes, or `undefined` for anything but the canonical spelling: padding, white space, a foreign letter, an
 * impossible length or left-over bits that are not zero. Several spellings of one token would let a replay look new.
 */
export function decodeBase64Url(text: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'))
    const bytes = Uint8Array.from(binary, (letter) => letter.charCodeAt(0))
    return encodeBase64Url(bytes) === text ? bytes : undefined
  } catch {
    return undefined
  }
}

/** Of the few kilobytes that a token has at most; as arguments of one call they have room. */
export function encodeBase64Url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')
}

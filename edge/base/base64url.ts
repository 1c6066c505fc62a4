/** base64url without padding (RFC 4648 section 5). Only the canonical spelling is read. */

/**
 * The bytes; `undefined` for padding, white space, another character, an impossible length, or left-over bits that are not
 * zero. If a token had several spellings, a replay of it could pass for a new one.
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

/** Encodes at most a few kilobytes, since the bytes become arguments of one call. */
export function encodeBase64Url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')
}

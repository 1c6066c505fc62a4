/**
 * `X-Caty-Signature`: the hex of HMAC-SHA256 over the raw body, bare or after `sha256=`. Nothing here depends on one
 * runtime: Web Crypto and TextEncoder are in Node, Workers, Deno and Bun.
 */

/** Exactly 64 hex digits are accepted from a header of any length and content. */
const FORM = /^(?:sha256=)?([0-9a-fA-F]{64})$/
const ALGORITHM = { name: 'HMAC', hash: 'SHA-256' } as const

/**
 * The bytes of the signature, or `undefined` for anything that cannot be one. Never throws.
 * @internal Left out of the package's declarations: `Uint8Array<ArrayBuffer>` is unknown to TypeScript before 5.7.
 */
export function readSignature(header: string | null | undefined): Uint8Array<ArrayBuffer> | undefined {
  const hex = typeof header === 'string' ? FORM.exec(header)?.[1] : undefined
  if (hex === undefined) return undefined
  return Uint8Array.from({ length: hex.length / 2 }, (_, at) => Number.parseInt(hex.slice(2 * at, 2 * at + 2), 16))
}

/** Caty shows secrets as text; bytes are for secrets that are not text. */
export type WebhookSecret = string | Uint8Array

/** True for bytes, also of another realm, such as a `Buffer` inside jsdom: `instanceof` is false for those. @internal */
export const isBytes = (value: unknown): value is Uint8Array => ArrayBuffer.isView(value)

/** The bytes in memory of their own: a view on a shared buffer could change between two readings. @internal */
export const copyOf = (bytes: Uint8Array): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength))

/**
 * A secret as a key that can only verify. Throws for an empty one: anybody can sign with that.
 * @internal
 */
export async function importSecret(secret: WebhookSecret): Promise<CryptoKey> {
  const bytes = typeof secret === 'string' ? new TextEncoder().encode(secret) : copyOf(secret)
  if (bytes.length === 0) throw new TypeError('A webhook secret may not be empty.')
  return crypto.subtle.importKey('raw', bytes, ALGORITHM, false, ['verify'])
}

/**
 * Whether one of these secrets signed these bytes. The platform compares in constant time; a comparison of strings
 * would tell an attacker by its time how many letters are right.
 * @internal
 */
export async function signedByOneOf(
  body: Uint8Array<ArrayBuffer>,
  signature: Uint8Array<ArrayBuffer>,
  keys: readonly CryptoKey[],
): Promise<boolean> {
  const verdicts = await Promise.all(keys.map((key) => crypto.subtle.verify('HMAC', key, signature, body)))
  return verdicts.includes(true)
}

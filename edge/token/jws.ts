/**
 * Signatures of compact JWS (RFC 7515) on Web Crypto, by the four algorithms of the edge. The caller says which one it
 * expects, by the key that it holds; a token's own header can only agree with that (RFC 8725 section 3.1). The gate
 * beside it has spelled out the token before.
 */

import { decodeBase64Url, encodeBase64Url } from '../base/base64url.ts'
import { utf8 } from '../base/bytes.ts'
import { hmac, sha256 } from '../base/digest.ts'
import type { CompactJws } from './jws-gate.ts'

/** RFC 7518 section 3.1 and RFC 8037, as Web Crypto wants to hear it: the same to import a key, to sign and to verify. */
const ALGORITHMS = {
  HS256: { name: 'HMAC', hash: 'SHA-256' },
  ES256: { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' },
  RS256: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
  EdDSA: { name: 'Ed25519' },
} as const
export type JwsAlgorithm = keyof typeof ALGORITHMS

/** RFC 7518 section 3.3: a shorter modulus can be factored. */
const RSA_BITS = 2048
/** RFC 7518 section 6.2.1.2. */
const COORDINATE_BYTES = 32

/** The required members of a public key (RFC 7638 section 3.2) and no other: a private part is not even looked at. */
export type PublicJwk =
  | { kty: 'EC'; crv: 'P-256'; x: string; y: string }
  | { kty: 'RSA'; n: string; e: string }
  | { kty: 'OKP'; crv: 'Ed25519'; x: string }

/** The key, able to verify and nothing else; `undefined` when it is none. Never throws. */
export async function importPublicKey(jwk: PublicJwk, algorithm: JwsAlgorithm): Promise<CryptoKey | undefined> {
  // A second spelling of a coordinate would give the same key another thumbprint, and its visitor another name.
  if (jwk.kty === 'EC' && ![jwk.x, jwk.y].every(isCoordinate)) return undefined
  // That the point is on its curve (RFC 8725 section 3.4) is looked at by the platform.
  return crypto.subtle.importKey('jwk', jwk, ALGORITHMS[algorithm], false, ['verify']).catch(() => undefined)
}

const isCoordinate = (text: string): boolean => decodeBase64Url(text)?.length === COORDINATE_BYTES

/**
 * Did this key sign these bytes by this algorithm? Never throws. That an ES256 signature is two integers of 32 bytes and
 * not their DER (RFC 7518 section 3.4), the platform sees to; a test holds it to that.
 */
export async function signedBy(
  { header, signature, signed }: Omit<CompactJws, 'payload'>,
  algorithm: JwsAlgorithm,
  key: CryptoKey,
): Promise<boolean> {
  if (header.alg !== algorithm) return false
  if (algorithm === 'RS256' && !(modulusBits(key) >= RSA_BITS)) return false
  return crypto.subtle.verify(ALGORITHMS[algorithm], key, signature, signed).catch(() => false)
}

const modulusBits = ({ algorithm }: CryptoKey): number => ('modulusLength' in algorithm && algorithm.modulusLength) || 0

/** A compact JWS with the claims as payload, by HS256. */
export async function signHs256(header: object, claims: object, key: CryptoKey): Promise<string> {
  const parts = [{ alg: 'HS256', ...header }, claims]
  const signed = parts.map((part) => encodeBase64Url(utf8(JSON.stringify(part)))).join('.')
  return `${signed}.${encodeBase64Url(await hmac(key, signed))}`
}

/** RFC 7638: the hash of the required members in the order of their names. */
export function thumbprintOf(jwk: PublicJwk): Promise<string> {
  return sha256(JSON.stringify(jwk, Object.keys(jwk).sort()))
}

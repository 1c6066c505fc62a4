/** Tokens as an attacker makes them: well signed ones with odd contents, and then every kind of damage. */
import fc from 'fast-check'
import { base64url, exportJWK, generateKeyPair, type JWK } from 'jose'
import type { JwsAlgorithm } from '../../edge/token/algorithms.ts'

export const utf8 = new TextEncoder()

export const ALGORITHMS: readonly JwsAlgorithm[] = ['HS256', 'ES256', 'RS256', 'EdDSA']
const SIGN = {
  HS256: { name: 'HMAC', hash: 'SHA-256' },
  ES256: { name: 'ECDSA', hash: 'SHA-256' },
  RS256: { name: 'RSASSA-PKCS1-v1_5' },
  EdDSA: { name: 'Ed25519' },
}

/** `verifies` is what a verifier holds, `signs` what its owner holds. */
export type Pair = { signs: CryptoKey; verifies: CryptoKey; jwk: JWK }
export type Pairs = Record<JwsAlgorithm, Pair>

export const hmacKey = (bytes: Uint8Array<ArrayBuffer>): Promise<CryptoKey> =>
  crypto.subtle.importKey('raw', bytes, SIGN.HS256, true, ['sign', 'verify'])

async function pairOf(algorithm: string): Promise<Pair> {
  const { privateKey, publicKey } = await generateKeyPair(algorithm, { extractable: true })
  return { signs: privateKey, verifies: publicKey, jwk: await exportJWK(publicKey) }
}

export async function makePairs(): Promise<Pairs> {
  const secret = await hmacKey(crypto.getRandomValues(new Uint8Array(32)))
  const [ES256, RS256, EdDSA] = await Promise.all([pairOf('ES256'), pairOf('RS256'), pairOf('EdDSA')])
  return { HS256: { signs: secret, verifies: secret, jwk: await exportJWK(secret) }, ES256, RS256, EdDSA }
}

/** JSON text, or bytes that need not be JSON. */
export type Content = string | Uint8Array
export const encoded = (content: Content): string => base64url.encode(content)

/** A compact JWS over exactly these contents, whatever they are. */
export async function sealed(algorithm: JwsAlgorithm, key: CryptoKey, header: Content, payload: Content) {
  const signed = `${encoded(header)}.${encoded(payload)}`
  return `${signed}.${base64url.encode(new Uint8Array(await crypto.subtle.sign(SIGN[algorithm], key, utf8.encode(signed))))}`
}

/** The two integers of an ES256 signature as DER, which is what most other protocols send. */
export function der(signature: Uint8Array): Uint8Array {
  const integer = (bytes: Uint8Array): number[] => {
    const short = [...bytes.subarray(bytes.findIndex((byte) => byte !== 0))]
    const body = (short[0] ?? 0) > 127 ? [0, ...short] : short
    return [2, body.length, ...body]
  }
  const body = [...integer(signature.subarray(0, 32)), ...integer(signature.subarray(32))]
  return Uint8Array.from([48, body.length, ...body])
}

type Damage = (parts: string[]) => string[]

const part = fc.nat(2)
const onBytes = (at: number, change: (bytes: Uint8Array) => Uint8Array): Damage =>
  onText(at, (text) => {
    try {
      return base64url.encode(change(base64url.decode(text)))
    } catch {
      return `${text}A`
    }
  })
const onText =
  (at: number, change: (text: string) => string): Damage =>
  (parts) =>
    parts.map((text, place) => (place === at ? change(text) : text))

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

/** One thing done to the text of a token. */
const damage: fc.Arbitrary<Damage> = fc.oneof(
  fc
    .tuple(part, fc.nat(4000))
    .map(([at, place]) =>
      onBytes(at, (bytes) => bytes.map((byte, n) => (n === place % bytes.length ? byte ^ (1 << (place % 8)) : byte))),
    ),
  fc
    .tuple(part, fc.nat(4000), fc.constantFrom(...ALPHABET, '=', ' ', '\n', '+', '/', '.', 'é'))
    .map(([at, place, letter]) =>
      onText(at, (text) => {
        const n = place % (text.length + 1)
        return text.slice(0, n) + letter + text.slice(n + (place % 2))
      }),
    ),
  fc.nat(70).map((length) => onBytes(2, (bytes) => bytes.subarray(0, length))),
  fc.nat(8).map((more) => onBytes(2, (bytes) => Uint8Array.from([...bytes, ...Array<number>(more).fill(0)]))),
  fc.nat(8).map((more) => onBytes(2, (bytes) => Uint8Array.from([...Array<number>(more).fill(0), ...bytes]))),
  fc.constant(onBytes(2, der)),
  fc.constant(onBytes(2, (bytes) => bytes.map(() => 0))),
  part.map((at) => onText(at, (text) => text + '='.repeat((4 - (text.length % 4)) % 4))),
  part.map((at) => onText(at, (text) => text.replaceAll('-', '+').replaceAll('_', '/'))),
  // The letter beside: where bits are left over, the same bytes by another spelling.
  part.map((at) => onText(at, (text) => text.slice(0, -1) + (ALPHABET[ALPHABET.indexOf(text.slice(-1)) ^ 1] ?? 'A'))),
  part.map((at) => onText(at, () => '')),
  part.map(
    (at): Damage =>
      (parts) =>
        parts.filter((_, n) => n !== at),
  ),
  part.map(
    (at): Damage =>
      (parts) => [...parts, parts[at] ?? ''],
  ),
  fc.constant((parts: string[]) => [...parts, '', '']),
  fc.constant((parts: string[]) => parts.toReversed()),
)

/** A value of `usual` most of the time. */
export const mostly = <T>(usual: fc.Arbitrary<T>, odd: fc.Arbitrary<T>, weight = 4): fc.Arbitrary<T> =>
  fc.oneof({ weight, arbitrary: usual }, { weight: 1, arbitrary: odd })

/** Half of them are left as they are. */
export const damages = mostly<Damage[]>(fc.constant([]), fc.array(damage, { maxLength: 2 }), 1)

export const damaged = (token: string, all: readonly Damage[]): string =>
  all.reduce((parts, one) => one(parts), token.split('.')).join('.')

/** Members that headers have, may have, and should not have. */
export const oddHeader: fc.Arbitrary<Record<string, unknown>> = fc.record(
  {
    typ: fc.constantFrom('JWT', 'at+jwt', 'dpop+jwt', 'application/at+jwt', 'AT+JWT', 7),
    kid: fc.constantFrom('test', 'other', '../../x', '', 1),
    crit: fc.constantFrom(['b64'], ['exp'], [], 'b64', ['b64', 'b64'], null),
    b64: fc.constantFrom(true, false, 'no'),
    zip: fc.constant('DEF'),
    jku: fc.constant('https://evil.example/keys'),
    jwk: fc.constantFrom({ kty: 'oct', k: 'AA' }, 'x'),
    cty: fc.constant('JWT'),
    ['__proto__']: fc.constant({ alg: 'none' }),
  },
  { requiredKeys: [] },
)

/** JSON, and what JSON.stringify cannot write: numbers that are too large to be one. */
export const HUGE = '(1e999)'
export const jsonOf = (claims: object): string => JSON.stringify(claims).replaceAll(`"${HUGE}"`, '1e999')

/** Signatures, keys and thumbprints: what the RFCs print, and what no token may get through with. */
import { env } from 'cloudflare:workers'
import { base64url, exportJWK, generateKeyPair } from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'
import { Secret } from '../../edge/base/secret.ts'
import { KeySet } from '../../edge/supabase/jwks.ts'
import { readUserToken } from '../../edge/supabase/user-token.ts'
import { type AccessToken, signAccessToken, verifyAccessToken } from '../../edge/token/access-token.ts'
import { verifyProof } from '../../edge/token/dpop.ts'
import { importPublicKey, type JwsAlgorithm, signedBy, signHs256, thumbprintOf } from '../../edge/token/jws.ts'
import { readCompactJws } from '../../edge/token/jws-gate.ts'
import { KeyRing } from '../../edge/token/key-ring.ts'
import { ReplayStore } from '../../edge/token/replay.ts'
import { parseTokenSecrets } from '../../edge/token/secrets.ts'
import * as printed from '../vectors/jose.ts'
import { ALGORITHMS, der, hmacKey, makePairs, type Pairs, sealed } from './forge.ts'

const SECRET = 'a shared secret of at least thirty-two characters'
const ISSUER = 'https://chat.example'
const NOW = new Date(1_800_000_000_000)
const seconds = NOW.getTime() / 1000
const ring = new KeyRing(parseTokenSecrets(env.TOKEN_SECRETS).secrets)

let pairs: Pairs
beforeAll(async () => {
  pairs = await makePairs()
})

/** The parts as they come, also where the payload is no JSON and the gate would not let it by. */
function partsOf(jws: string) {
  const [header = '', , signature = ''] = jws.split('.')
  return {
    header: JSON.parse(new TextDecoder().decode(base64url.decode(header))),
    signature: Uint8Array.from(base64url.decode(signature)),
    signed: new TextEncoder().encode(jws.slice(0, jws.lastIndexOf('.'))),
  }
}

describe('what the RFCs print', () => {
  it.each<[string, { jws: string; key: string }]>([
    ['RFC 7515 A.1', printed.RFC7515_A1],
    ['RFC 7520 4.4', printed.RFC7520_4_4],
  ])('%s: HS256', async (_name, { jws, key }) => {
    const secret = await hmacKey(Uint8Array.from(base64url.decode(key)))
    expect(await signedBy(partsOf(jws), 'HS256', secret)).toBe(true)
    expect(await signedBy(partsOf(jws), 'HS256', pairs.HS256.verifies)).toBe(false)
  })

  it.each([
    ['RFC 7515 A.2', 'RS256', printed.RFC7515_A2],
    ['RFC 7515 A.3', 'ES256', printed.RFC7515_A3],
    ['RFC 7520 4.1', 'RS256', printed.RFC7520_4_1],
    ['RFC 8037 A.4', 'EdDSA', printed.RFC8037_A4],
  ] as const)('%s: %s', async (_name, algorithm, { jws, jwk }) => {
    const key = await importPublicKey(jwk, algorithm)
    if (!key) throw new Error('the key was not read')
    expect(await signedBy(partsOf(jws), algorithm, key)).toBe(true)
    expect(await signedBy(partsOf(jws), algorithm, pairs[algorithm].verifies)).toBe(false)
    expect([key.type, key.extractable, key.usages]).toEqual(['public', false, ['verify']])
  })

  it('RFC 7638 3.1 and RFC 9449 6.1: thumbprints, in any order of the members', async () => {
    const { kty, n, e } = printed.RFC7638.jwk
    expect(await thumbprintOf({ n, kty, e })).toBe(printed.RFC7638.thumbprint)
    const { kty: _kty, ...point } = partsOf(printed.RFC9449.proof).header.jwk
    expect(await thumbprintOf({ ...point, kty: 'EC' })).toBe(printed.RFC9449.thumbprint)
  })

  it('RFC 7797: a header of an unencoded payload is not read', () => {
    expect(readCompactJws('eyJhbGciOiJIUzI1NiIsImI2NCI6ZmFsc2UsImNyaXQiOlsiYjY0Il19.e30.AAAA')).toBeUndefined()
  })
})

const gated = (jws: string) => {
  const read = readCompactJws(jws)
  if (!read) throw new Error('the gate refused it')
  return read
}
const signed = (algorithm: JwsAlgorithm, header: object = {}) =>
  sealed(algorithm, pairs[algorithm].signs, JSON.stringify({ alg: algorithm, ...header }), '{"sub":"a"}')

describe('a signature', () => {
  it.each(ALGORITHMS)('by %s counts, and with one bit changed it does not', async (algorithm) => {
    const jws = gated(await signed(algorithm))
    expect(await signedBy(jws, algorithm, pairs[algorithm].verifies)).toBe(true)
    for (const at of [0, 7, jws.signature.length * 8 - 1]) {
      const signature = jws.signature.map((byte, n) => (n === at >> 3 ? byte ^ (1 << (at & 7)) : byte))
      expect(await signedBy({ ...jws, signature }, algorithm, pairs[algorithm].verifies)).toBe(false)
    }
  })

  it.each(ALGORITHMS)('by %s under the name of another algorithm does not count', async (algorithm) => {
    for (const alg of [...ALGORITHMS, 'none', 'HS384', 'Ed25519', algorithm.toLowerCase(), '', null]) {
      const right = alg === algorithm
      expect(await signedBy(gated(await signed(algorithm, { alg })), algorithm, pairs[algorithm].verifies)).toBe(right)
    }
  })

  it('is never judged by the key of another algorithm', async () => {
    for (const algorithm of ALGORITHMS)
      for (const expected of ALGORITHMS)
        for (const holder of ALGORITHMS) {
          const right = algorithm === expected && expected === holder
          expect(await signedBy(gated(await signed(algorithm)), expected, pairs[holder].verifies)).toBe(right)
        }
  })

  it('by ES256 has 64 bytes: cut, filled up or as DER it does not count', async () => {
    const jws = gated(await signed('ES256'))
    const bytes = [...jws.signature]
    const forms = [[], bytes.slice(1), bytes.slice(0, 63), bytes.slice(0, 32), [...bytes, 0], [0, ...bytes]]
    const zeros = [Array<number>(64).fill(0), [...bytes.slice(0, 32), ...Array<number>(32).fill(0)]]
    for (const form of [...forms, ...zeros, [...der(jws.signature)], [...bytes, ...bytes]])
      expect(await signedBy({ ...jws, signature: Uint8Array.from(form) }, 'ES256', pairs.ES256.verifies)).toBe(false)
  })

  it('by an RSA key of fewer than 2048 bits does not count', async () => {
    const weak = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256', publicExponent: new Uint8Array([1, 0, 1]) }
    const made = await crypto.subtle.generateKey({ ...weak, modulusLength: 1024 }, true, ['sign', 'verify'])
    if (!('privateKey' in made)) throw new Error('no pair')
    const jws = gated(await sealed('RS256', made.privateKey, '{"alg":"RS256"}', '{"sub":"a"}'))
    expect(await crypto.subtle.verify(weak, made.publicKey, jws.signature, jws.signed)).toBe(true)
    expect(await signedBy(jws, 'RS256', made.publicKey)).toBe(false)
  })
})

describe('a public key of P-256', () => {
  const { jwk } = printed.RFC7515_A3
  const [x, y] = [jwk.x, jwk.y]
  const zero = base64url.encode(new Uint8Array(32))

  it.each([
    ['with padding', { x: `${x}=` }],
    ['with left-over bits', { x: x.replace(/U$/, 'V') }],
    ['with white space', { y: ` ${y}` }],
    ['in base64', { y: y.replaceAll('_', '/') }],
    ['with a zero before a coordinate', { x: base64url.encode(Uint8Array.from([0, ...base64url.decode(x)])) }],
    ['with a short coordinate', { y: base64url.encode(base64url.decode(y).subarray(1)) }],
    ['beside its curve', { y: x }],
    ['at infinity', { x: zero, y: zero }],
    ['without a coordinate', { x: '' }],
  ])('%s is none: it would have a second thumbprint, or no owner', async (_name, change) => {
    expect(await importPublicKey(jwk, 'ES256')).toBeInstanceOf(CryptoKey)
    expect(await importPublicKey({ ...jwk, ...change }, 'ES256')).toBeUndefined()
  })
})

describe('extensions of a header (RFC 7515 4.1.11, RFC 7797) end every kind of token', () => {
  const HEADERS = [
    {},
    { crit: ['b64'], b64: true },
    { crit: ['exp'], exp: seconds + 60 },
    { crit: [] },
    { crit: null },
    { b64: true },
    { b64: false },
    { zip: 'DEF' },
  ]
  /** Whether each of the headers is taken. */
  const taken = (verdict: (header: object) => Promise<boolean>) => Promise.all(HEADERS.map(verdict))
  const ONLY_THE_FIRST = HEADERS.map((_, at) => at === 0)

  it('an access token', async () => {
    const claims: AccessToken = {
      iss: ISSUER,
      aud: ISSUER,
      sub: 'vis_1',
      client_id: 'default',
      iat: seconds,
      exp: seconds + 60,
      jti: 'j',
      scope: ['config'],
      org: 'https://shop.example',
      ep: 0,
      sid_exp: seconds + 60,
    }
    const { kid, key } = await ring.signing('access-token')
    const expected = { issuer: ISSUER, origin: claims.org, epoch: 0, now: NOW, grace: 0 }
    const verdict = async (header: object) => {
      const token = await signHs256({ typ: 'at+jwt', kid, ...header }, { ...claims, scope: 'config' }, key)
      return (await verifyAccessToken(token, ring, expected)).ok
    }
    expect(await taken(verdict)).toEqual(ONLY_THE_FIRST)
    expect((await verifyAccessToken(await signAccessToken(claims, ring), ring, expected)).ok).toBe(true)
  })

  it('a proof', async () => {
    const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true })
    const jwk = await exportJWK(publicKey)
    const claims = JSON.stringify({ jti: 'j', htm: 'GET', htu: ISSUER, iat: seconds })
    const verdict = async (header: object) => {
      const proof = await sealed(
        'ES256',
        privateKey,
        JSON.stringify({ typ: 'dpop+jwt', alg: 'ES256', jwk, ...header }),
        claims,
      )
      const expected = { method: 'GET', url: `${ISSUER}/`, now: NOW, ring, replays: new ReplayStore() }
      return (await verifyProof(proof, expected)).ok
    }
    expect(await taken(verdict)).toEqual(ONLY_THE_FIRST)
    // The same key, and what it says of its own use.
    const uses = [
      { use: 'sig', alg: 'ES256', key_ops: ['verify'], ext: true },
      { use: 'enc' },
      { alg: 'ES384' },
      { key_ops: ['sign'] },
      { d: 'AA' },
    ]
    expect(await Promise.all(uses.map((use) => verdict({ jwk: { ...jwk, ...use } })))).toEqual([
      true,
      ...Array(4).fill(false),
    ])
    expect(await verdict({ jwk: { ...jwk, x: `${jwk.x}=` } })).toBe(false)
  })

  it('a user of the project', async () => {
    const supabaseUrl = 'https://project.example'
    const keys = new KeySet({ url: supabaseUrl, now: () => NOW, fetch: async () => Response.json({ keys: [] }) })
    const settings = { supabaseUrl, jwtSecrets: [new Secret(SECRET)], origins: [], role: undefined }
    const key = await hmacKey(Uint8Array.from(new TextEncoder().encode(SECRET)))
    const claims = { iss: `${supabaseUrl}/auth/v1`, aud: 'authenticated', sub: 'u', exp: seconds + 60 }
    const verdict = async (header: object) => {
      const token = await signHs256(header, claims, key)
      return (
        (await readUserToken(`Bearer ${token}`, { settings, keys, now: NOW, waitUntil: () => undefined })).kind ===
        'valid'
      )
    }
    expect(await taken(verdict)).toEqual(ONLY_THE_FIRST)
  })
})

/** Signatures, claims and keys: what the RFCs print, and what the edge refuses. */
import { env } from 'cloudflare:workers'
import { base64url, calculateJwkThumbprint, compactVerify, exportJWK, generateKeyPair, importJWK } from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'
import { SecretKey } from '../../edge/base/secret-key.ts'
import { KeySet } from '../../edge/supabase/jwks.ts'
import { readUserToken } from '../../edge/supabase/user-token.ts'
import { type AccessToken, signAccessToken, verifyAccessToken } from '../../edge/token/access-token.ts'
import type { JwsAlgorithm } from '../../edge/token/algorithms.ts'
import { verifyProof } from '../../edge/token/dpop.ts'
import { readCompactJws } from '../../edge/token/jws-gate.ts'
import { verifyJwt } from '../../edge/token/jwt.ts'
import { KeyRing } from '../../edge/token/key-ring.ts'
import { ReplayStore } from '../../edge/token/replay.ts'
import { parseTokenSecrets } from '../../edge/token/secrets.ts'
import * as printed from '../vectors/jose.ts'
import { ALGORITHMS, der, HUGE, hmacKey, jsonOf, makePairs, type Pairs, sealed } from './forge.ts'

const SECRET = 'a shared secret of at least thirty-two characters'
const ISSUER = 'https://chat.example'
const NOW = new Date(1_800_000_000_000)
const seconds = NOW.getTime() / 1000
const ring = new KeyRing(parseTokenSecrets(env.TOKEN_SECRETS).secrets)

let pairs: Pairs
beforeAll(async () => {
  pairs = await makePairs()
})

/** The claims, or why the edge refuses the token. The clock stands at the time of the RFC's examples. */
async function verdict(text: string, algorithm: JwsAlgorithm, key: CryptoKey) {
  const jws = readCompactJws(text)
  if (!jws) return 'the gate'
  const verified = await verifyJwt(jws, { algorithm, key, now: new Date(0), tolerance: 0 })
  return verified.ok ? verified.claims : verified.fault
}

describe('what the RFCs print', () => {
  const joe = { iss: 'joe', exp: 1_300_819_380, 'http://example.com/is_root': true }
  const imported = async (jwk: object, algorithm: string) => {
    const key = await importJWK(jwk, algorithm)
    if (!(key instanceof CryptoKey)) throw new Error('no key')
    return key
  }

  it('RFC 7515 A.1: HS256', async () => {
    const { jws, key } = printed.RFC7515_A1
    const secret = await hmacKey(Uint8Array.from(base64url.decode(key)))
    expect(await verdict(jws, 'HS256', secret)).toEqual(joe)
    expect(await verdict(jws, 'HS256', pairs.HS256.verifies)).toBe('bad_signature')
  })

  it.each([
    ['RFC 7515 A.2', 'RS256', printed.RFC7515_A2],
    ['RFC 7515 A.3', 'ES256', printed.RFC7515_A3],
  ] as const)('%s: %s', async (_name, algorithm, { jws, jwk }) => {
    expect(await verdict(jws, algorithm, await imported(jwk, algorithm))).toEqual(joe)
    expect(await verdict(jws, algorithm, pairs[algorithm].verifies)).toBe('bad_signature')
  })

  it.each([
    ['RFC 7520 4.1', 'RS256', printed.RFC7520_4_1],
    ['RFC 8037 A.4', 'EdDSA', printed.RFC8037_A4],
  ] as const)(
    '%s: %s verifies, and is no token because its payload is text',
    async (_name, algorithm, { jws, jwk }) => {
      const key = await imported(jwk, algorithm)
      expect(await compactVerify(jws, key, { algorithms: [algorithm] })).toBeDefined()
      expect(await verdict(jws, algorithm, key)).toBe('the gate')
    },
  )

  it('RFC 7520 4.4: HS256 verifies, and is no token because its payload is text', async () => {
    const { jws, key } = printed.RFC7520_4_4
    const secret = await hmacKey(Uint8Array.from(base64url.decode(key)))
    expect(await compactVerify(jws, secret, { algorithms: ['HS256'] })).toBeDefined()
    expect(await verdict(jws, 'HS256', secret)).toBe('the gate')
  })

  it('RFC 7638 3.1: thumbprints, in any order of the members', async () => {
    const { kty, n, e } = printed.RFC7638.jwk
    expect(await calculateJwkThumbprint({ n, kty, e })).toBe(printed.RFC7638.thumbprint)
  })

  it('RFC 7797: a header of an unencoded payload is not read', () => {
    expect(readCompactJws('eyJhbGciOiJIUzI1NiIsImI2NCI6ZmFsc2UsImNyaXQiOlsiYjY0Il19.e30.AAAA')).toBeUndefined()
  })
})

const signed = (algorithm: JwsAlgorithm, header: object = {}) =>
  sealed(algorithm, pairs[algorithm].signs, JSON.stringify({ alg: algorithm, ...header }), '{"sub":"a"}')
/** The token with other bytes in place of its signature. */
const withSignature = (token: string, change: (bytes: Uint8Array) => ArrayLike<number>) => {
  const end = token.lastIndexOf('.') + 1
  return token.slice(0, end) + base64url.encode(Uint8Array.from(change(base64url.decode(token.slice(end)))))
}

describe('a signature', () => {
  it.each(ALGORITHMS)('by %s counts, and with one bit changed it does not', async (algorithm) => {
    const token = await signed(algorithm)
    const { verifies } = pairs[algorithm]
    expect(await verdict(token, algorithm, verifies)).toEqual({ sub: 'a' })
    for (const at of [0, 7, 255]) {
      const changed = withSignature(token, (bytes) =>
        bytes.map((byte, n) => (n === at >> 3 ? byte ^ (1 << (at & 7)) : byte)),
      )
      expect(await verdict(changed, algorithm, verifies)).toBe('bad_signature')
    }
  })

  it.each(ALGORITHMS)('by %s under the name of another algorithm does not count', async (algorithm) => {
    for (const alg of [...ALGORITHMS, 'none', 'HS384', 'Ed25519', algorithm.toLowerCase(), '', null]) {
      const right = alg === algorithm
      const said = await verdict(await signed(algorithm, { alg }), algorithm, pairs[algorithm].verifies)
      expect([alg, said]).toEqual([alg, right ? { sub: 'a' } : 'bad_signature'])
    }
  })

  it('is never judged by the key of another algorithm', async () => {
    for (const algorithm of ALGORITHMS)
      for (const expected of ALGORITHMS)
        for (const holder of ALGORITHMS) {
          const right = algorithm === expected && expected === holder
          const said = await verdict(await signed(algorithm), expected, pairs[holder].verifies)
          expect(said).toEqual(right ? { sub: 'a' } : 'bad_signature')
        }
  })

  it('by ES256 has 64 bytes: cut, filled up or as DER it does not count', async () => {
    const token = await signed('ES256')
    const forms: ((bytes: Uint8Array) => ArrayLike<number>)[] = [
      (bytes) => bytes.slice(1),
      (bytes) => bytes.slice(0, 63),
      (bytes) => bytes.slice(0, 32),
      (bytes) => [...bytes, 0],
      (bytes) => [0, ...bytes],
      (bytes) => bytes.map(() => 0),
      (bytes) => bytes.map((byte, n) => (n < 32 ? byte : 0)),
      (bytes) => [...bytes, ...bytes],
      der,
    ]
    for (const form of forms)
      expect(await verdict(withSignature(token, form), 'ES256', pairs.ES256.verifies)).toBe('bad_signature')
    expect(await verdict(token.replace(/[^.]+$/, ''), 'ES256', pairs.ES256.verifies)).toBe('the gate')
  })

  it('by an RSA key of fewer than 2048 bits does not count', async () => {
    const weak = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256', publicExponent: new Uint8Array([1, 0, 1]) }
    const made = await crypto.subtle.generateKey({ ...weak, modulusLength: 1024 }, true, ['sign', 'verify'])
    if (!('privateKey' in made)) throw new Error('no pair')
    const token = await sealed('RS256', made.privateKey, '{"alg":"RS256"}', '{"sub":"a"}')
    expect(await verdict(token, 'RS256', made.publicKey)).toBe('bad_signature')
  })
})

describe('the claims of a token', () => {
  const expected = { issuer: ISSUER, audience: 'authenticated', tolerance: 5 }
  const judged = async (changes: Record<string, unknown>, without?: string) => {
    const all: Record<string, unknown> = { iss: ISSUER, aud: 'authenticated', exp: seconds + 90, ...changes }
    if (without) delete all[without]
    const jws = readCompactJws(await sealed('HS256', pairs.HS256.signs, '{"alg":"HS256"}', jsonOf(all)))
    if (!jws) throw new Error('the gate refused it')
    const verified = await verifyJwt(jws, { algorithm: 'HS256', key: pairs.HS256.verifies, now: NOW, ...expected })
    return verified.ok ? 'taken' : verified.fault
  }

  it.each<[string, Record<string, unknown>]>([
    ['taken', {}],
    ['taken', { aud: ['anon', 'authenticated'] }],
    ['taken', { nbf: seconds + 5, iat: seconds }],
    ['not_yet_valid', { nbf: seconds + 6 }],
    ['taken', { exp: seconds - 4 }],
    ['expired', { exp: seconds - 5 }],
    ['expired', { exp: seconds - 5.5 }],
    ['wrong_issuer', { iss: `${ISSUER}/` }],
    ['wrong_issuer', { iss: [ISSUER] }],
    ['wrong_audience', { aud: 'anon' }],
    ['wrong_audience', { aud: [['authenticated']] }],
    ['wrong_audience', { aud: { 0: 'authenticated', length: 1 } }],
    ['wrong_claims', { exp: String(seconds + 60) }],
    ['wrong_claims', { exp: HUGE }],
    ['wrong_claims', { iat: HUGE }],
    ['wrong_claims', { iat: null }],
    ['wrong_claims', { nbf: [seconds] }],
  ])('%s: %j', async (fault, changes) => {
    expect(await judged(changes)).toBe(fault)
  })

  it.each([
    ['iss', 'wrong_issuer'],
    ['aud', 'wrong_audience'],
  ])('that leave out %s are refused: %s', async (claim, fault) => {
    expect(await judged({}, claim)).toBe(fault)
  })
})

describe('the key of a proof', () => {
  const { jwk } = printed.RFC7515_A3
  const [x, y] = [jwk.x, jwk.y]
  const zero = base64url.encode(new Uint8Array(32))
  const faultOf = async (change: object) => {
    const header = JSON.stringify({ typ: 'dpop+jwt', alg: 'ES256', jwk: { ...jwk, ...change } })
    const proof = await sealed('ES256', pairs.ES256.signs, header, '{"jti":"j"}')
    const verified = await verifyProof(proof, {
      method: 'GET',
      url: `${ISSUER}/`,
      now: NOW,
      ring,
      replays: new ReplayStore(),
    })
    return verified.ok ? undefined : verified.fault
  }

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
    ['with a private part', { d: 'AA' }],
    ['with an empty private part', { k: null }],
  ])('%s is refused: it would have a second thumbprint, or no owner', async (_name, change) => {
    expect(await faultOf(change)).toBe('wrong_jwk')
    // The same key as it should be: then the signature is looked at, which is by another one.
    expect(await faultOf({})).toBe('bad_signature')
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
      const said = JSON.stringify({ alg: 'HS256', typ: 'at+jwt', kid, ...header })
      const token = await sealed('HS256', key, said, JSON.stringify({ ...claims, scope: 'config' }))
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
    const settings = {
      supabaseUrl,
      jwtSecrets: [new SecretKey(Uint8Array.from(new TextEncoder().encode(SECRET)))],
      origins: [],
      role: undefined,
    }
    const key = await hmacKey(Uint8Array.from(new TextEncoder().encode(SECRET)))
    const claims = { iss: `${supabaseUrl}/auth/v1`, aud: 'authenticated', sub: 'u', exp: seconds + 60 }
    const verdict = async (header: object) => {
      const token = await sealed('HS256', key, JSON.stringify({ alg: 'HS256', ...header }), JSON.stringify(claims))
      return (
        (await readUserToken(`Bearer ${token}`, { settings, keys, now: NOW, waitUntil: () => undefined })).kind ===
        'valid'
      )
    }
    expect(await taken(verdict)).toEqual(ONLY_THE_FIRST)
  })
})

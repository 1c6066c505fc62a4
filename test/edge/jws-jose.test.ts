/**
 * The edge's own reading of tokens beside jose's, over thousands of damaged and odd ones. What the edge takes, jose takes
 * too, and with the same claims. What jose takes and the edge does not is refused by a rule of `stricter.ts`.
 */
import fc from 'fast-check'
import { base64url, compactVerify, errors, type JWK, jwtVerify } from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'
import type { ClaimsFault } from '../../edge/base/reason.ts'
import { type JwsAlgorithm, signedBy } from '../../edge/token/jws.ts'
import { readCompactJws } from '../../edge/token/jws-gate.ts'
import { claimsFault } from '../../edge/token/jwt-claims.ts'
import {
  ALGORITHMS,
  type Content,
  damaged,
  damages,
  HUGE,
  hmacKey,
  jsonOf,
  makePairs,
  mostly,
  oddHeader,
  type Pairs,
  sealed,
  utf8,
} from './forge.ts'
import { ruleFor, taken } from './stricter.ts'

const RUNS = { numRuns: 4000 }
const ISSUER = 'https://chat.example'
const NOW = new Date(1_800_000_000_750)
const seconds = Math.floor(NOW.getTime() / 1000)

let pairs: Pairs
beforeAll(async () => {
  pairs = await makePairs()
})

/** The payload, when the edge takes it. */
async function byEdge(token: string, algorithm: JwsAlgorithm, key: CryptoKey) {
  const jws = readCompactJws(token)
  return jws && (await signedBy(jws, algorithm, key)) ? jws.payload : undefined
}

describe('signatures', () => {
  const odd: fc.Arbitrary<Content> = fc.oneof(
    fc.constantFrom('[]', 'null', '"text"', '1', '{', '\ufeff{}', '{"a":1}{}', ''),
    fc.uint8Array({ maxLength: 40 }),
  )
  const contents = fc.dictionary(fc.string({ maxLength: 8 }), fc.jsonValue({ maxDepth: 1 }), { maxKeys: 4 })
  const tokens = fc.record({
    algorithm: fc.constantFrom(...ALGORITHMS),
    alg: fc.option(fc.constantFrom(...ALGORITHMS, 'none', 'HS512', 'ES384', 'PS256', 'Ed25519', 'es256', '', null, 1)),
    header: mostly(fc.constant({}), oddHeader, 2),
    payload: mostly<Content>(
      contents.map((claims) => JSON.stringify(claims)),
      odd,
    ),
    expected: fc.option(fc.constantFrom(...ALGORITHMS), { freq: 3 }),
    damages,
    confused: mostly(fc.constant(undefined), fc.constantFrom('jwk', 'spki', 'x', 'raw'), 9),
  })

  it('are judged as jose judges them, or more strictly by name', async () => {
    await fc.assert(
      fc.asyncProperty(tokens, async ({ algorithm, alg, header, payload, expected, damages, confused }) => {
        const name = expected ?? algorithm
        const { verifies, jwk } = pairs[name]
        // An HMAC whose secret is the public key that the verifier holds, in one of the forms that it is published in.
        const confusing = confused && name !== 'HS256' ? await publicBytes(confused, verifies, jwk) : undefined
        const [by, key] = confusing
          ? (['HS256', await hmacKey(confusing)] as const)
          : ([algorithm, pairs[algorithm].signs] as const)
        // One in four names an algorithm of its own choice.
        const said = { ...header, alg: alg ?? by }
        const token = damaged(await sealed(by, key, JSON.stringify(said), payload), damages)
        const ours = await byEdge(token, name, verifies)
        const theirs = await taken(compactVerify(token, verifies, { algorithms: [name] }))
        if (ours) {
          expect(theirs && JSON.parse(new TextDecoder().decode(theirs.payload))).toEqual(ours)
          expect(readCompactJws(token)?.header).toEqual(theirs?.protectedHeader)
        } else if (theirs) expect([token, ruleFor(token)]).toEqual([token, expect.any(String)])
      }),
      RUNS,
    )
  })

  it('of good tokens are taken by both, so that the property above says something', async () => {
    for (const algorithm of ALGORITHMS) {
      const { signs, verifies } = pairs[algorithm]
      const token = await sealed(algorithm, signs, JSON.stringify({ alg: algorithm }), '{"sub":"a"}')
      expect(await byEdge(token, algorithm, verifies)).toEqual({ sub: 'a' })
      expect(await taken(compactVerify(token, verifies, { algorithms: [algorithm] }))).toBeDefined()
    }
  })

  it.each<[string, (sign: (header: object, payload: Content) => Promise<string>) => Promise<string>]>([
    ['another spelling', async (sign) => `${await sign({}, '{}')}=`],
    ['another spelling', async (sign) => `${await sign({}, '{}')}\n`],
    ['more than 8 KB', (sign) => sign({}, JSON.stringify({ text: 'x'.repeat(9000) }))],
    ['no object', (sign) => sign({}, '[]')],
    ['no object', (sign) => sign({}, 'text')],
    ['no object', (sign) => sign({}, '\ufeff{}')],
    ['an extension', (sign) => sign({ crit: ['b64'], b64: true }, '{}')],
    ['an extension', (sign) => sign({ b64: false }, '{}')],
    ['an extension', (sign) => sign({ zip: 'DEF' }, '{}')],
  ])('jose takes %s, the edge does not', async (rule, make) => {
    const { signs, verifies } = pairs.HS256
    const token = await make((header, payload) =>
      sealed('HS256', signs, JSON.stringify({ alg: 'HS256', ...header }), payload),
    )
    expect(ruleFor(token)).toBe(rule)
    expect(await taken(compactVerify(token, verifies, { algorithms: ['HS256'] }))).toBeDefined()
    expect(await byEdge(token, 'HS256', verifies)).toBeUndefined()
  })
})

async function publicBytes(form: 'jwk' | 'spki' | 'x' | 'raw', key: CryptoKey, jwk: JWK) {
  if (form === 'jwk') return Uint8Array.from(utf8.encode(JSON.stringify(jwk)))
  if (form === 'x') return Uint8Array.from(utf8.encode(jwk.x ?? jwk.n ?? ''))
  if (form === 'raw') return Uint8Array.from(base64url.decode(jwk.x ?? jwk.n ?? ''))
  const spki = await crypto.subtle.exportKey('spki', key)
  return spki instanceof ArrayBuffer ? new Uint8Array(spki) : undefined
}

describe('claims', () => {
  const AUDIENCE = 'authenticated'
  const offsets = [-61, -60, -59, -6, -5, -4, -1, 0, 1, 4, 5, 6, 59, 60, 61].flatMap((n) => [n, n - 0.5, n + 0.25])
  const times = fc.oneof(
    fc.constantFrom(...offsets).map((offset) => seconds + offset),
    fc.constantFrom(0, -1, 1e15, 2 ** 53, -(2 ** 53), 1e300, HUGE),
    fc.constantFrom('1800000000', null, true, [], {}, [seconds]),
  )
  const claims = fc.record(
    {
      iss: fc.constantFrom('https://evil.example', `${ISSUER}/`, ISSUER.toUpperCase(), '', 1, null, [ISSUER], {}),
      aud: fc.constantFrom(
        'anon',
        '',
        1,
        null,
        {},
        [],
        [AUDIENCE],
        ['anon', AUDIENCE],
        [1, AUDIENCE],
        [[AUDIENCE]],
        ['anon'],
        { 0: AUDIENCE, length: 1 },
        'authenticated ',
      ),
      exp: times,
      nbf: times,
      iat: times,
    },
    { requiredKeys: [] },
  )
  const without = fc.option(fc.constantFrom('iss', 'aud', 'exp'), { freq: 3 })

  /** The faults that both find in claims which are right but for these. */
  async function faults(altered: object, tolerance: number, missing?: string) {
    const all: Record<string, unknown> = { iss: ISSUER, aud: AUDIENCE, exp: seconds + 90, ...altered }
    if (missing) delete all[missing]
    const payload = jsonOf(all)
    const token = await sealed('HS256', pairs.HS256.signs, '{"alg":"HS256"}', payload)
    const theirs = await jwtVerify(token, pairs.HS256.verifies, {
      algorithms: ['HS256'],
      issuer: ISSUER,
      audience: AUDIENCE,
      currentDate: NOW,
      clockTolerance: tolerance,
    }).then(() => undefined, faultOf)
    const expected = { issuer: ISSUER, audience: AUDIENCE, now: NOW, tolerance }
    return { ours: claimsFault(JSON.parse(payload), expected), theirs, payload }
  }

  it('are judged as jose judges them, with the same fault where there is one', async () => {
    await fc.assert(
      fc.asyncProperty(claims, without, fc.constantFrom(0, 5, 60), async (altered, missing, tolerance) => {
        const { ours, theirs, payload } = await faults(altered, tolerance, missing ?? undefined)
        // The only rule that is stricter than jose's: a time is a finite number.
        if (payload.includes('1e999') && (theirs === undefined || theirs === 'expired' || theirs === 'not_yet_valid'))
          expect(ours).toBe('wrong_claims')
        else if (Object.keys(altered).length + (missing ? 1 : 0) < 2) expect(ours).toBe(theirs)
        else expect(ours === undefined).toBe(theirs === undefined)
      }),
      RUNS,
    )
  })

  it.each([0, 5, 60])('end and begin in the same second, with a tolerance of %d', async (tolerance) => {
    const seen = new Set<string | undefined>()
    for (const offset of [-1, -0.75, -0.5, -0.25, 0, 0.25, 0.5, 0.75, 1]) {
      for (const altered of [{ exp: seconds - tolerance + offset }, { nbf: seconds + tolerance + offset }]) {
        const { ours, theirs } = await faults(altered, tolerance)
        expect([altered, ours]).toEqual([altered, theirs])
        seen.add(ours)
      }
    }
    expect([...seen].sort()).toEqual(['expired', 'not_yet_valid', undefined])
  })

  /** jose's error, as a fault of the edge. */
  function faultOf(error: unknown): ClaimsFault | 'no_claims' {
    if (error instanceof errors.JWTExpired) return 'expired'
    if (!(error instanceof errors.JWTClaimValidationFailed)) return 'no_claims'
    if (error.claim === 'iss') return 'wrong_issuer'
    if (error.claim === 'aud') return 'wrong_audience'
    return error.claim === 'nbf' && error.reason === 'check_failed' ? 'not_yet_valid' : 'wrong_claims'
  }
})

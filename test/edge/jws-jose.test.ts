/**
 * The edge beside jose alone, over thousands of damaged and odd tokens. What the edge accepts, jose accepts with the same
 * claims. What jose accepts and the edge refuses, the gate refuses by a rule of `stricter.ts`.
 */
import fc from 'fast-check'
import { base64url, compactVerify, type JWK } from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'
import type { JwsAlgorithm } from '../../edge/token/algorithms.ts'
import { readCompactJws } from '../../edge/token/jws-gate.ts'
import { verifyJwt } from '../../edge/token/jwt.ts'
import {
  ALGORITHMS,
  type Content,
  damaged,
  damages,
  hmacKey,
  makePairs,
  mostly,
  oddHeader,
  type Pairs,
  sealed,
  utf8,
} from './forge.ts'
import { ruleFor, taken } from './stricter.ts'

const RUNS = { numRuns: 4000 }
/** Signatures only: the claims have tests of their own in jws.test.ts. */
const ANY_TIME = { now: new Date(0), tolerance: Number.MAX_SAFE_INTEGER }

let pairs: Pairs
beforeAll(async () => {
  pairs = await makePairs()
})

/** The payload, when the edge takes it. */
async function byEdge(token: string, algorithm: JwsAlgorithm, key: CryptoKey) {
  const jws = readCompactJws(token)
  if (!jws) return undefined
  const verified = await verifyJwt(jws, { algorithm, key, ...ANY_TIME })
  return verified.ok ? verified.claims : undefined
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

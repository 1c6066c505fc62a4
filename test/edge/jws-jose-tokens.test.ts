/** Whole tokens of the edge's three kinds beside jose: what the edge takes, jose takes too (see jws-jose.test.ts). */
import { env } from 'cloudflare:workers'
import fc from 'fast-check'
import { base64url, calculateJwkThumbprint, EmbeddedJWK, jwtVerify } from 'jose'
import { beforeAll, expect, it } from 'vitest'
import { SecretKey } from '../../edge/base/secret-key.ts'
import { KeySet } from '../../edge/supabase/jwks.ts'
import { LEEWAY_S, readUserToken } from '../../edge/supabase/user-token.ts'
import { verifyAccessToken } from '../../edge/token/access-token.ts'
import type { JwsAlgorithm } from '../../edge/token/algorithms.ts'
import { verifyProof } from '../../edge/token/dpop.ts'
import { KeyRing } from '../../edge/token/key-ring.ts'
import { ReplayStore } from '../../edge/token/replay.ts'
import { parseTokenSecrets } from '../../edge/token/secrets.ts'
import {
  ALGORITHMS,
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
import { canonical, ruleFor, taken } from './stricter.ts'

const RUNS = { numRuns: 4000 }
const SECRET = 'a shared secret of at least thirty-two characters'
const ISSUER = 'https://chat.example'
const NOW = new Date(1_800_000_000_750)
const seconds = Math.floor(NOW.getTime() / 1000)
const ring = new KeyRing(parseTokenSecrets(env.TOKEN_SECRETS).secrets)

let pairs: Pairs
beforeAll(async () => {
  pairs = await makePairs()
})

const names = fc.constantFrom<JwsAlgorithm>(...ALGORITHMS)

it('an access token that the edge takes is one for jose', async () => {
  const { kid, key } = await ring.signing('access-token')
  const claims = { iss: ISSUER, aud: ISSUER, sub: 'vis_1', client_id: 'default', iat: seconds, exp: seconds + 60 }
  const rest = { jti: 'j', scope: 'config', org: 'https://shop.example', ep: 0, sid_exp: seconds + 60 }
  const odd = fc.record(
    { exp: fc.integer({ min: seconds - 3, max: seconds + 3 }), nbf: fc.nat(9) },
    { requiredKeys: [] },
  )
  const header = mostly(fc.constant({}), oddHeader, 1)
  let good = 0
  await fc.assert(
    fc.asyncProperty(header, mostly(fc.constant({}), odd), names, damages, async (more, changed, alg, done) => {
      const said = { alg: Object.keys(more).length > 1 ? alg : 'HS256', typ: 'at+jwt', kid, ...more }
      const payload = JSON.stringify({ ...claims, ...rest, ...changed })
      const token = damaged(await sealed('HS256', key, JSON.stringify(said), payload), done)
      const expected = { issuer: ISSUER, origin: rest.org, epoch: 0, now: NOW, grace: 1 }
      const ours = await verifyAccessToken(token, ring, expected)
      const theirs = await taken(
        jwtVerify(token, key, {
          algorithms: ['HS256'],
          typ: 'at+jwt',
          issuer: ISSUER,
          audience: ISSUER,
          currentDate: NOW,
          clockTolerance: 1,
        }),
      )
      if (ours.ok) {
        good += 1
        expect(theirs?.payload).toMatchObject({ sub: ours.token.sub, exp: ours.token.exp })
        // jose takes other spellings of a type (RFC 7515 section 4.1.9), and is not asked which key it was.
      } else if (theirs?.protectedHeader.typ === 'at+jwt' && theirs.protectedHeader.kid === kid)
        expect([token, ruleFor(token)]).toEqual([token, expect.any(String)])
    }),
    RUNS,
  )
  expect(good).toBeGreaterThan(100)
})

it('a proof that the edge takes is one for jose, and of the same key', async () => {
  const { signs, jwk } = pairs.ES256
  const { x = '', y = '' } = jwk
  const jwks = fc.record(
    {
      kty: fc.constantFrom('EC', 'RSA', 'ec'),
      crv: fc.constantFrom('P-256', 'P-384', 'p-256'),
      x: fc.constantFrom(y, `${x}=`, `${x} `, base64url.encode(Uint8Array.from([0, ...base64url.decode(x)])), ''),
      y: fc.constantFrom(x, y.slice(0, -2), 1, null),
      use: fc.constantFrom('sig', 'enc', '', null),
      alg: fc.constantFrom('ES256', 'ES384', 'none', null),
      key_ops: fc.constantFrom(['verify'], ['sign'], ['verify', 'sign'], ['verify', 'verify'], [], 'verify', null),
      ext: fc.constantFrom(true, false, 'yes', null),
      d: fc.constantFrom('AA', '', null),
      k: fc.constant('AA'),
      priv: fc.constantFrom('AA', ''),
      kid: fc.constant('mine'),
      x5u: fc.constant('https://evil.example'),
    },
    { requiredKeys: [] },
  )
  const times = fc.record(
    {
      exp: fc.constantFrom(0, 'never', -(2 ** 53), HUGE),
      nbf: fc.constantFrom(2 ** 54, 0, null),
      iat: fc.constantFrom(String(seconds), seconds),
    },
    { requiredKeys: [] },
  )
  const one = fc.record({}, { requiredKeys: [] })
  let good = 0
  await fc.assert(
    fc.asyncProperty(
      mostly(one, jwks, 1),
      mostly(one, oddHeader),
      mostly(one, times),
      damages,
      async (odd, more, changed, done) => {
        const shown = { ...jwk, ...odd }
        const header = JSON.stringify({ alg: 'ES256', jwk: shown, ...more, typ: 'dpop+jwt' })
        const payload = jsonOf({ jti: 'j', htm: 'GET', htu: ISSUER, iat: seconds, ...changed })
        const token = damaged(await sealed('ES256', signs, header, payload), done)
        const ours = await verifyProof(token, {
          method: 'GET',
          url: `${ISSUER}/`,
          now: NOW,
          ring,
          replays: new ReplayStore(),
        })
        const theirs = await taken(
          jwtVerify(token, EmbeddedJWK, {
            algorithms: ['ES256'],
            typ: 'dpop+jwt',
            currentDate: new Date(0),
            clockTolerance: Number.MAX_SAFE_INTEGER,
          }),
        )
        if (ours.ok) {
          good += 1
          expect(theirs?.payload.jti).toBe('j')
          expect(ours.thumbprint).toBe(await calculateJwkThumbprint(theirs?.protectedHeader.jwk ?? {}))
        } else if (theirs && ruleFor(token) === undefined) {
          // A key has one spelling and shows no private part, not even an empty one; a time is a finite number.
          const read: Record<string, unknown> = theirs.protectedHeader.jwk ?? {}
          const spelled = [read.x, read.y].every(
            (text) => typeof text === 'string' && /^[\w-]{43}$/.test(text) && canonical(text),
          )
          const why = {
            spelled,
            bare: !['d', 'k', 'priv'].some((name) => name in read),
            finite: !payload.includes('1e999'),
          }
          expect([token, Object.values(why).every(Boolean)]).toEqual([token, false])
        }
      },
    ),
    RUNS,
  )
  expect(good).toBeGreaterThan(100)
})

it('a user whom the edge lets in has a token for jose', async () => {
  const supabaseUrl = 'https://project.example'
  const issuer = `${supabaseUrl}/auth/v1`
  const published = (['ES256', 'RS256', 'EdDSA'] as const).map((name) => ({ ...pairs[name].jwk, kid: name }))
  const keys = new KeySet({ url: supabaseUrl, now: () => NOW, fetch: async () => Response.json({ keys: published }) })
  const settings = {
    supabaseUrl,
    jwtSecrets: [new SecretKey(Uint8Array.from(new TextEncoder().encode(SECRET)))],
    origins: [],
    role: undefined,
  }
  const shared = await hmacKey(Uint8Array.from(utf8.encode(SECRET)))
  const kids = fc.option(fc.constantFrom('ES256', 'RS256', 'EdDSA', 'other', '', 1), { freq: 3 })
  const header = mostly(fc.constant({}), oddHeader)
  let good = 0
  await fc.assert(
    fc.asyncProperty(names, fc.option(names, { freq: 3 }), kids, header, damages, async (by, alg, kid, more, done) => {
      const key = by === 'HS256' ? shared : pairs[by].signs
      const said = JSON.stringify({ kid: kid ?? by, ...more, alg: alg ?? by })
      const claims = { iss: issuer, aud: 'authenticated', sub: 'user', exp: seconds + 60 }
      // Spaces before the token belong to the header, which may have several (RFC 6750 section 2.1).
      const token = damaged(await sealed(by, key, said, JSON.stringify(claims)), done).replace(/^ +/, '')
      const options = { settings, keys, now: NOW, waitUntil: () => undefined }
      const ours = await readUserToken(`Bearer ${token}`, options)
      const theirs = await taken(
        jwtVerify(token, by === 'HS256' ? shared : pairs[by].verifies, {
          algorithms: [by],
          issuer,
          audience: 'authenticated',
          requiredClaims: ['exp', 'sub'],
          clockTolerance: LEEWAY_S,
          currentDate: NOW,
        }),
      )
      if (ours.kind === 'valid') {
        good += 1
        expect(theirs?.payload.sub).toBe(ours.user.id)
      } else if (theirs && ruleFor(token) === undefined) {
        // Here a token names its key by an id of the project, is typed as a JWT or not at all, and brings no key.
        const { kid: named, typ, jwk, jku } = theirs.protectedHeader
        const ours = (by === 'HS256' || named === by) && (typ ?? 'JWT') === 'JWT' && !jwk && !jku
        expect([token, ours]).toEqual([token, false])
      }
    }),
    RUNS,
  )
  expect(good).toBeGreaterThan(100)
})

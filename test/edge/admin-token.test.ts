/**
 * Who gets into the Admin API. Every attack is answered 401 (RFC 6750), and the upstream never hears of it; what the
 * key set's own look-ups cost is in jwks.test.ts.
 */
import { env } from 'cloudflare:workers'
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose'
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { RFC7515_A1, RFC7515_A2, RFC7515_A3, RFC7515_A5, RFC8037_A4 } from '../vectors/jose.ts'
import { ask, hash, json, ORIGIN, type Settings, Visitor } from './client.ts'
import { askAdmin, DASHBOARD, mint, newUser, newWorker, resetAuth, rotateKeys, unlimited } from './dashboard.ts'
import { received, resetSandbox } from './sandbox.ts'

const PATH = '/api/admin/leads'
const ISSUER = `${env.SUPABASE_URL}/auth/v1`
const utf8 = new TextEncoder()
const b64 = (value: unknown) =>
  btoa(typeof value === 'string' ? value : JSON.stringify(value))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')
const now = () => Math.floor(Date.now() / 1000)
const claims = (): JWTPayload => ({
  iss: ISSUER,
  aud: 'authenticated',
  sub: 'attacker',
  role: 'authenticated',
  is_anonymous: false,
  exp: now() + 600,
})
const parts = (token: string) => token.split('.')
const published = async () =>
  (await json(await fetch(`${ISSUER}/.well-known/jwks.json`))).keys[0] as Record<string, string>

beforeAll(resetAuth)
beforeEach(resetSandbox)

async function statusOf(token: string, settings: Settings = unlimited) {
  const response = await askAdmin(PATH, token, {}, settings)
  return [response.status, response.headers.get('WWW-Authenticate')]
}
const REFUSED = [401, 'Bearer realm="caty-keyless", error="invalid_token"']
const adminCalls = async () => (await received()).filter(({ path }) => path.startsWith('/api/admin/'))

describe('a user of the project', () => {
  it.each(['ES256', 'RS256', 'EdDSA'])('is let in with %s', async (algorithm) => {
    await rotateKeys({ algorithm })
    const token = await newUser()
    // A Worker of its own: another's cooldown would keep it from seeing this key.
    const response = await askAdmin(PATH, token, {}, newWorker())
    expect([response.status, await json(response)]).toEqual([200, { success: true, leads: [] }])
    const [call] = await adminCalls()
    expect(call?.headers.authorization).toBe(`Bearer ${token}`)
    for (const name of ['x-api-key', 'cookie', 'origin', 'referer']) expect(call?.headers).not.toHaveProperty(name)
  })

  it('is let in with the shared secret where one is set, and only there', async () => {
    const secret = 'a shared secret of at least thirty-two characters'
    const token = await new SignJWT(claims()).setProtectedHeader({ alg: 'HS256', typ: 'JWT' }).sign(utf8.encode(secret))
    // The stand-in for Caty knows only the published keys, so what comes back is its refusal, not ours.
    expect((await askAdmin(PATH, token, {}, { ...unlimited, SUPABASE_JWT_SECRET: secret })).status).toBe(403)
    expect(await adminCalls()).toHaveLength(1)
    expect(await statusOf(token)).toEqual(REFUSED)
    const other = { ...unlimited, SUPABASE_JWT_SECRET: `${secret}!` }
    expect(await statusOf(token, other)).toEqual(REFUSED)
    expect(await adminCalls()).toHaveLength(1)
    // While the secret changes, either is good, and no third.
    for (const both of [{ SUPABASE_JWT_SECRET_NEXT: secret }, { SUPABASE_JWT_SECRET_NEXT: `${secret}?` }])
      await askAdmin(PATH, token, {}, { ...other, ...both })
    expect(await adminCalls()).toHaveLength(2)
  })

  it('may be some seconds ahead or behind', async () => {
    const tokens = await Promise.all([{ exp: now() - 2 }, { nbf: now() + 2 }].map((claims) => newUser({ claims })))
    // The clock stands still while they are judged, or a slow machine would be the one that is behind.
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() })
    for (const token of tokens) await askAdmin(PATH, token, {}, unlimited)
    vi.useRealTimers()
    // Both are forwarded; the stand-in for Caty itself forgives nobody's clock.
    expect(await adminCalls()).toHaveLength(2)
  })

  it('is told to refresh a session that Caty no longer takes', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() })
    expect(await statusOf(await newUser({ claims: { exp: now() - 3 } }))).toEqual(REFUSED)
    vi.useRealTimers()
    expect(await adminCalls()).toHaveLength(1)
  })

  it('learns that a session is too long, and what to do', async () => {
    const response = await askAdmin(PATH, await newUser({ claims: { user_metadata: { notes: 'x'.repeat(8192) } } }))
    expect(response.status).toBe(401)
    expect((await json(response)).detail).toMatch(/longer than 8192 characters\. Keep less in the metadata/)
    expect(await adminCalls()).toEqual([])
  })
})

describe('without a token', () => {
  it('the challenge carries no error', async () => {
    const response = await askAdmin(PATH, undefined)
    expect(response.status).toBe(401)
    expect(response.headers.get('WWW-Authenticate')).toBe('Bearer realm="caty-keyless"')
    expect(await json(response)).toMatchObject({ success: false, code: 'UNAUTHORIZED', status: 401 })
  })

  it.each(['', 'Bearer', 'Bearer ', 'Basic b3duZXI6cHc=', 'DPoP a.b.c', 'Bearer a.b.c, Bearer d.e.f', 'a.b.c'])(
    'what is no Bearer token is an invalid one: “%s”',
    async (Authorization) => {
      const response = await ask(PATH, { headers: { Origin: DASHBOARD, Authorization } })
      expect([response.status, response.headers.get('WWW-Authenticate')]).toEqual(REFUSED)
    },
  )

  it('the key of Caty opens nothing here', async () => {
    const response = await ask(PATH, { headers: { Origin: DASHBOARD, 'X-API-Key': env.CATY_API_KEY } })
    expect(response.status).toBe(401)
    expect(await adminCalls()).toEqual([])
  })
})

/** Tokens that an attacker can make: each gets a good one of the project and its published key. */
const ATTACKS: Record<string, (good: string) => Promise<string> | string> = {
  'alg none': () => `${b64({ alg: 'none', typ: 'JWT' })}.${b64(claims())}.`,
  'alg none with a signature': (good) => `${b64({ alg: 'none', typ: 'JWT' })}.${b64(claims())}.${parts(good)[2]}`,
  'alg NoNe': (good) => `${b64({ alg: 'NoNe', typ: 'JWT' })}.${b64(claims())}.${parts(good)[2]}`,
  'HS256 with the public key as text': async () => {
    const jwk = await published()
    return new SignJWT(claims())
      .setProtectedHeader({ alg: 'HS256', typ: 'JWT', kid: String(jwk.kid) })
      .sign(utf8.encode(JSON.stringify(jwk)))
  },
  'HS256 with a coordinate of the public key': async () => {
    const jwk = await published()
    return new SignJWT(claims())
      .setProtectedHeader({ alg: 'HS256', typ: 'JWT', kid: String(jwk.kid) })
      .sign(utf8.encode(String(jwk.x)))
  },
  'HS384 and HS512 are nobody’s': async () =>
    new SignJWT(claims()).setProtectedHeader({ alg: 'HS512', typ: 'JWT' }).sign(utf8.encode('x'.repeat(64))),
  'another algorithm with the kid of an EC key': async () => {
    const { privateKey } = await generateKeyPair('RS256')
    return foreign(privateKey, { alg: 'RS256' })
  },
  'ES384 under the kid of an ES256 key': async () => {
    const { privateKey } = await generateKeyPair('ES384')
    return foreign(privateKey, { alg: 'ES384' })
  },
  'a key of the attacker under a known kid': async () => foreign((await generateKeyPair('ES256')).privateKey),
  'a key of the attacker under an unknown kid': async () =>
    foreign((await generateKeyPair('ES256')).privateKey, { kid: 'mine' }),
  'no kid': async () => foreign((await generateKeyPair('ES256')).privateKey, { kid: undefined }),
  'a kid that is a path': async () => foreign((await generateKeyPair('ES256')).privateKey, { kid: '../../keys' }),
  'a key in the header (jwk)': async () => {
    const pair = await generateKeyPair('ES256', { extractable: true })
    return foreign(pair.privateKey, { jwk: await exportJWK(pair.publicKey) })
  },
  'a key URL in the header (jku)': async () =>
    foreign((await generateKeyPair('ES256')).privateKey, { jku: `${env.SANDBOX_URL}/api/admin/keys`, kid: 'mine' }),
  'a certificate URL in the header (x5u)': async () =>
    foreign((await generateKeyPair('ES256')).privateKey, { x5u: `${env.SANDBOX_URL}/api/admin/keys` }),
  'a certificate in the header (x5c)': async () =>
    foreign((await generateKeyPair('ES256')).privateKey, { x5c: ['MIIB'] }),
  'a well signed token that names a key URL': () => mint({ header: { jku: `${env.SANDBOX_URL}/api/admin/keys` } }),
  'a well signed token with a key inside': async () => mint({ header: { jwk: await published() } }),
  'another typ: an access token': () => mint({ header: { typ: 'at+jwt' } }),
  'another typ: a proof': () => mint({ header: { typ: 'dpop+jwt' } }),
  'another typ: a logout token': () => mint({ header: { typ: 'logout+jwt' } }),
  'a wrong issuer': () => mint({ claims: { iss: 'https://evil.example/auth/v1' } }),
  'the issuer with a slash more': () => mint({ claims: { iss: `${ISSUER}/` } }),
  'no issuer': () => mint({ without: ['iss'] }),
  'a wrong audience': () => mint({ claims: { aud: 'anon' } }),
  'no audience': () => mint({ without: ['aud'] }),
  expired: () => mint({ claims: { exp: now() - 30 } }),
  'no end': () => mint({ without: ['exp'] }),
  'an end that is text': () => mint({ claims: { exp: String(now() + 60) } }),
  'not yet valid': () => mint({ claims: { nbf: now() + 60 } }),
  'a beginning that is text': () => mint({ claims: { nbf: String(now() - 60) } }),
  'no user': () => mint({ without: ['sub'] }),
  'a user without a name': () => mint({ claims: { sub: '' } }),
  'a user that is a number': () => mint({ claims: { sub: 1 } }),
  'an anonymous user': () => mint({ claims: { is_anonymous: true } }),
  'an anonymous user by text': () => mint({ claims: { is_anonymous: 'true' } }),
  'a changed payload': (good) => `${parts(good)[0]}.${b64({ ...claims(), sub: 'someone' })}.${parts(good)[2]}`,
  'a changed signature': (good) => good.replace(/.(.{4})$/, (_, end) => `${good.at(-5) === 'A' ? 'B' : 'A'}${end}`),
  'padding after the signature': (good) => `${good}=`,
  'padding in the payload': (good) => `${parts(good)[0]}.${parts(good)[1]}=.${parts(good)[2]}`,
  'base64 instead of base64url': (good) =>
    `${parts(good)[0]}.${parts(good)[1]}.${parts(good)[2]?.replaceAll('-', '+')}+`,
  'left-over bits in the signature': (good) => good.replace(/.$/, (end) => String.fromCharCode(end.charCodeAt(0) + 1)),
  'a fourth part': (good) => `${good}.${parts(good)[2]}`,
  'two parts': (good) => parts(good).slice(0, 2).join('.'),
  'five parts, as an encrypted one has': (good) => `${good}.a.b`,
  'a header that is a list': (good) => `${b64([])}.${parts(good)[1]}.${parts(good)[2]}`,
  'a critical extension': (good) => `${b64({ alg: 'ES256', crit: ['x'], x: 1 })}.${parts(good)[1]}.${parts(good)[2]}`,
  'an unencoded payload': (good) =>
    `${b64({ alg: 'ES256', b64: false, crit: ['b64'] })}.${parts(good)[1]}.${parts(good)[2]}`,
  '9 kilobytes': () => mint({ claims: { user_metadata: { text: 'x'.repeat(9000) } } }),
  'RFC 7515 A.1': () => RFC7515_A1.jws,
  'RFC 7515 A.2': () => RFC7515_A2.jws,
  'RFC 7515 A.3': () => RFC7515_A3.jws,
  'RFC 7515 A.5': () => RFC7515_A5,
  'RFC 8037 A.4': () => RFC8037_A4.jws,
}

async function foreign(privateKey: CryptoKey, header: Record<string, unknown> = {}): Promise<string> {
  const { kid } = await published()
  const all: Record<string, unknown> = { alg: 'ES256', typ: 'JWT', kid, ...header }
  const kept = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined))
  return new SignJWT(claims()).setProtectedHeader({ alg: 'ES256', ...kept }).sign(privateKey)
}

describe('an attack is 401, and Caty never hears of it', () => {
  beforeAll(() => rotateKeys({ keep: false }))

  it.each(Object.entries(ATTACKS))('%s', async (_name, make) => {
    const token = await make(await newUser())
    // A Worker that knows no keys yet, so that none is refused only because a look-up is not due.
    const settings = newWorker()
    expect(await statusOf(token, settings)).toEqual(REFUSED)
    expect(await received()).toEqual([])
    expect((await askAdmin(PATH, await newUser(), {}, settings)).status).toBe(200)
  })

  it('a visitor’s token on the Admin API, and an owner’s on the widget', async () => {
    const visitor = await (await Visitor.create()).login()
    await resetSandbox()
    expect(await statusOf(visitor.token)).toEqual(REFUSED)
    const asIs = await ask(PATH, { headers: { ...(await visitor.headers('GET', PATH)), Origin: DASHBOARD } })
    expect(asIs.status).toBe(401)
    const owner = await newUser()
    for (const scheme of ['Bearer', 'DPoP']) {
      const headers = {
        Origin: ORIGIN,
        Authorization: `${scheme} ${owner}`,
        DPoP: await visitor.proof('GET', '/api/widget/config', { claims: { ath: await hash(owner) } }),
      }
      expect((await ask('/api/widget/config', { headers })).status).toBe(401)
    }
    expect(await received()).toEqual([])
  })

  it('a token of this project on a Worker of another', async () => {
    const token = await newUser()
    const other = { ...unlimited, SUPABASE_URL: 'http://127.0.0.1:9' }
    // Its keys cannot be had at all, so nobody is let in, and the answer says that it is not the session's fault.
    const response = await askAdmin(PATH, token, {}, other)
    expect([response.status, response.headers.get('Retry-After')]).toEqual([503, '30'])
    expect(await received()).toEqual([])
  })
})

/**
 * Conformance over HTTP, as a black box: each row names a requirement and its section, sends a request and checks the
 * answer. Nothing here imports the Worker.
 */
import { calculateJwkThumbprint, decodeJwt, decodeProtectedHeader, type JWK } from 'jose'
import { parseList } from 'structured-headers'
import { beforeAll, describe, expect, inject, it } from 'vitest'
import { HttpVisitor } from '../support/visitor.ts'

const { edge, shop } = inject('stack')
const EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange'
const WIDGET = 'urn:caty:token-type:widget-id'
const ACCESS = 'urn:ietf:params:oauth:token-type:access_token'
const FIRST = { grant_type: EXCHANGE, subject_token: 'default', subject_token_type: WIDGET }

type Answer = { status: number; headers: Headers; body: Record<string, unknown> }
const read = async (response: Response): Promise<Answer> => ({
  status: response.status,
  headers: response.headers,
  body: Object(await response.json().catch(() => ({}))),
})
const get = async (path: string, headers: Record<string, string> = {}) => read(await fetch(edge + path, { headers }))
const token = async (form: Record<string, string>, headers: Record<string, string> = {}) =>
  read(
    await fetch(`${edge}/token`, {
      method: 'POST',
      headers: { Origin: shop, ...headers },
      body: new URLSearchParams(form),
    }),
  )
let visitor: HttpVisitor
beforeAll(async () => {
  visitor = await HttpVisitor.login(edge, shop)
})

/** `GET /api/widget/config` with a proof that may be wrong. */
async function withProof(change: Record<string, unknown>, header: object = {}, more: Record<string, string> = {}) {
  const DPoP = await visitor.proof('GET', '/api/widget/config', change, header)
  return get('/api/widget/config', { Origin: shop, Authorization: `DPoP ${visitor.token}`, DPoP, ...more })
}

type Row = [section: string, requirement: string, check: () => Promise<void>]

const OAUTH: Row[] = [
  [
    'RFC 8414 §3.2',
    'the metadata is JSON and names the issuer that was asked',
    async () => {
      const { body, headers } = await get('/.well-known/oauth-authorization-server')
      expect([body.issuer, body.token_endpoint]).toEqual([edge, `${edge}/token`])
      expect(headers.get('Content-Type')).toContain('application/json')
    },
  ],
  [
    'RFC 8414 §2',
    'grant types, scopes and DPoP algorithms are announced',
    async () => {
      const { body } = await get('/.well-known/oauth-authorization-server')
      expect(body).toMatchObject({
        grant_types_supported: [EXCHANGE],
        scopes_supported: ['config', 'track', 'chat', 'lead'],
        dpop_signing_alg_values_supported: ['ES256'],
        token_endpoint_auth_methods_supported: ['none'],
      })
    },
  ],
  [
    'RFC 8693 §2.1',
    'the request must be form-encoded; JSON is refused',
    async () => {
      const response = await read(
        await fetch(`${edge}/token`, {
          method: 'POST',
          headers: { Origin: shop, 'Content-Type': 'application/json' },
          body: JSON.stringify(FIRST),
        }),
      )
      expect(response.status).toBe(415)
    },
  ],
  [
    'RFC 8693 §2.2.1',
    'the answer has issued_token_type, token_type and expires_in, and is not cached',
    async () => {
      const { body, headers } = await token(FIRST)
      expect(body).toMatchObject({
        issued_token_type: ACCESS,
        token_type: 'Bearer',
        expires_in: expect.any(Number),
        scope: 'config track',
      })
      expect(headers.get('Cache-Control')).toBe('no-store')
    },
  ],
  [
    'RFC 8693 §2.2.2',
    'an unacceptable subject_token is invalid_request, another audience invalid_target',
    async () => {
      expect((await token({ ...FIRST, subject_token: 'nobody' })).body.error).toBe('invalid_request')
      expect((await token({ ...FIRST, audience: 'https://other.example' })).body.error).toBe('invalid_target')
    },
  ],
  [
    'RFC 6749 §5.2',
    'errors are 400 with JSON and a description of printable ASCII',
    async () => {
      const { status, body } = await token({ ...FIRST, grant_type: 'password' })
      expect([status, body.error]).toEqual([400, 'unsupported_grant_type'])
      expect(body.error_description).toMatch(/^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/)
      expect((await token({ ...FIRST, scope: 'everything' })).body.error).toBe('invalid_scope')
    },
  ],
  [
    'RFC 6749 §3.2',
    'a parameter that comes twice is refused; an empty one counts as absent',
    async () => {
      const twice = await fetch(`${edge}/token`, {
        method: 'POST',
        headers: { Origin: shop, 'Content-Type': 'application/x-www-form-urlencoded' },
        body: `${new URLSearchParams(FIRST)}&scope=config&scope=track`,
      })
      expect((await read(twice)).body.error).toBe('invalid_request')
      expect((await token({ ...FIRST, scope: '' })).status).toBe(200)
    },
  ],
  [
    'RFC 6750 §3',
    'without credentials, the challenge carries no error',
    async () => {
      const { status, headers } = await get('/api/widget/config', { Origin: shop })
      expect(status).toBe(401)
      expect(headers.get('WWW-Authenticate')).toMatch(/DPoP realm=".+", algs="ES256", Bearer realm=".+"/)
      expect(headers.get('WWW-Authenticate')).not.toContain('error=')
    },
  ],
  [
    'RFC 6750 §3.1',
    'a bad token gets 401 invalid_token; a missing scope gets 403 insufficient_scope',
    async () => {
      const bad = await get('/api/widget/config', { Origin: shop, Authorization: 'Bearer a.b.c' })
      expect([bad.status, bad.headers.get('WWW-Authenticate')]).toEqual([
        401,
        expect.stringContaining('error="invalid_token"'),
      ])
      const { body } = await token({ ...FIRST, scope: 'track' })
      const narrow = await get('/api/widget/config', { Origin: shop, Authorization: `Bearer ${body.access_token}` })
      expect([narrow.status, narrow.headers.get('WWW-Authenticate')]).toEqual([
        403,
        expect.stringContaining('insufficient_scope'),
      ])
    },
  ],
  [
    'RFC 6750 §2',
    'a token in the query is refused',
    async () => {
      const { body } = await token(FIRST)
      expect((await get(`/api/widget/config?access_token=${body.access_token}`, { Origin: shop })).status).toBe(401)
    },
  ],
  [
    'RFC 9068 §2.1, §2.2',
    'typ is at+jwt, and the required claims are present',
    async () => {
      expect(decodeProtectedHeader(visitor.token)).toMatchObject({ typ: 'at+jwt', alg: 'HS256' })
      expect(decodeJwt(visitor.token)).toMatchObject({
        iss: edge,
        aud: edge,
        sub: expect.any(String),
        client_id: 'default',
        exp: expect.any(Number),
        iat: expect.any(Number),
        jti: expect.any(String),
      })
    },
  ],
  [
    'RFC 7638 §3',
    "cnf.jkt is the thumbprint of the proof's key",
    async () => {
      const { jwk } = decodeProtectedHeader(await visitor.proof('POST', '/token'))
      const claims: { cnf?: { jkt?: string } } = decodeJwt(visitor.token)
      expect(claims.cnf?.jkt).toBe(await calculateJwkThumbprint(Object(jwk) satisfies JWK))
    },
  ],
  [
    'RFC 8725 §3.1, §3.2',
    'a token with any other algorithm is refused',
    async () => {
      const [, payload = '', signature = ''] = visitor.token.split('.')
      for (const alg of ['none', 'HS512', 'ES256', 'RS256']) {
        const header = Buffer.from(JSON.stringify({ ...decodeProtectedHeader(visitor.token), alg })).toString(
          'base64url',
        )
        const { status } = await get('/api/widget/config', {
          Origin: shop,
          Authorization: `DPoP ${header}.${payload}.${signature}`,
          DPoP: await visitor.proof('GET', '/api/widget/config'),
        })
        expect([alg, status]).toEqual([alg, 401])
      }
    },
  ],
  [
    'RFC 8725 §3.11',
    'a proof is refused as an access token',
    async () => {
      const proof = await visitor.proof('GET', '/api/widget/config')
      expect((await get('/api/widget/config', { Origin: shop, Authorization: `Bearer ${proof}` })).status).toBe(401)
    },
  ],
]

const DPOP: Row[] = [
  [
    'RFC 9449 §7.1',
    'a bound token with its proof is accepted, in upper or lower case of the scheme',
    async () => {
      expect((await withProof({})).status).toBe(200)
      expect((await withProof({}, {}, { Authorization: `dpop ${visitor.token}` })).status).toBe(200)
    },
  ],
  [
    'RFC 9449 §7.2',
    'a bound token is refused as Bearer',
    async () => {
      expect((await get('/api/widget/config', { Origin: shop, Authorization: `Bearer ${visitor.token}` })).status).toBe(
        401,
      )
    },
  ],
  [
    '§4.3 check 1',
    'more than one proof is refused',
    async () => {
      const proof = await visitor.proof('GET', '/api/widget/config')
      expect((await withProof({}, {}, { DPoP: `${proof}, ${proof}` })).status).toBe(401)
      expect((await withProof({}, {}, { DPoP: '' })).status).toBe(401)
    },
  ],
  [
    '§4.3 check 2',
    'the proof is one well-formed JWT',
    async () => {
      expect((await withProof({}, {}, { DPoP: 'nonsense' })).status).toBe(401)
    },
  ],
  ...['jti', 'htm', 'htu', 'iat'].map(
    (claim): Row => [
      '§4.3 check 3',
      `a proof without ${claim} is refused`,
      async () => {
        expect((await withProof({ [claim]: undefined })).status).toBe(401)
      },
    ],
  ),
  ['§4.3 check 4', 'typ is dpop+jwt', async () => expect((await withProof({}, { typ: 'JWT' })).status).toBe(401)],
  [
    '§4.3 check 7',
    'a jwk with a private member is refused',
    async () => {
      const { jwk } = decodeProtectedHeader(await visitor.proof('GET', '/'))
      expect((await withProof({}, { jwk: { ...jwk, d: 'AAAA' } })).status).toBe(401)
    },
  ],
  ['§4.3 check 8', 'htm is the method', async () => expect((await withProof({ htm: 'POST' })).status).toBe(401)],
  [
    '§4.3 check 9',
    'htu is the address',
    async () => expect((await withProof({ htu: `${edge}/token` })).status).toBe(401),
  ],
  [
    '§4.3 check 9',
    'htu is compared without query and fragment',
    async () => expect((await withProof({ htu: `${edge}/api/widget/config?a=1#b` })).status).toBe(200),
  ],
  [
    '§4.3 check 10, §9',
    'an unknown nonce is answered with a new one, which then works',
    async () => {
      const { status, headers } = await withProof({ nonce: 'old' })
      expect([status, headers.get('WWW-Authenticate')]).toEqual([
        401,
        expect.stringContaining('error="use_dpop_nonce"'),
      ])
      expect((await withProof({ nonce: headers.get('DPoP-Nonce') })).status).toBe(200)
    },
  ],
  [
    '§8',
    'the token endpoint answers 400 use_dpop_nonce',
    async () => {
      const DPoP = await visitor.proof('POST', '/token', { nonce: 'old' })
      const { status, body, headers } = await token(FIRST, { DPoP })
      expect([status, body.error, headers.has('DPoP-Nonce')]).toEqual([400, 'use_dpop_nonce', true])
    },
  ],
  [
    '§4.3 check 11',
    'an old proof is refused, and a visitor with a wrong clock recovers through the nonce',
    async () => {
      const iat = Math.floor(Date.now() / 1000) - 86_400
      const { status, headers } = await withProof({ iat })
      expect(status).toBe(401)
      expect((await withProof({ iat, nonce: headers.get('DPoP-Nonce') })).status).toBe(200)
    },
  ],
  [
    '§4.3 check 12',
    'ath is the hash of this access token',
    async () => {
      expect((await withProof({ ath: 'x' })).status).toBe(401)
      expect((await withProof({ ath: undefined })).status).toBe(401)
    },
  ],
  [
    '§4.3 check 12',
    "the proof's key is the key of the token",
    async () => {
      const other = await HttpVisitor.login(edge, shop)
      other.token = visitor.token
      const DPoP = await other.proof('GET', '/api/widget/config')
      expect((await withProof({}, {}, { DPoP })).status).toBe(401)
    },
  ],
  [
    '§11.1',
    'a proof that was used is refused',
    async () => {
      const DPoP = await visitor.proof('GET', '/api/widget/config')
      expect((await withProof({}, {}, { DPoP })).status).toBe(200)
      expect((await withProof({}, {}, { DPoP })).status).toBe(401)
    },
  ],
]

const HTTP: Row[] = [
  [
    'RFC 9457 §3',
    'a refusal is problem+json with type, title, status, detail and instance',
    async () => {
      const { body, headers, status } = await get('/nowhere', { Origin: shop })
      // Static assets answer every path that is not the Worker's own.
      if (status === 404 && !headers.get('Content-Type')?.includes('problem')) return
      expect(body).toMatchObject({ status: 404 })
    },
  ],
  [
    'RFC 9457 §3.1',
    'type is an absolute URL, instance names the request',
    async () => {
      const { body, headers } = await get('/api/nowhere', { Origin: shop })
      expect(headers.get('Content-Type')).toBe('application/problem+json')
      expect(body.type).toBe(`${edge}/problems#not-found`)
      expect(body.instance).toBe(`urn:uuid:${headers.get('X-Request-Id')}`)
      expect(body).toMatchObject({
        title: expect.any(String),
        detail: expect.any(String),
        status: 404,
        success: false,
        code: 'NOT_FOUND',
      })
    },
  ],
  [
    'RFC 9110 §15.5.6',
    '405 names the allowed methods',
    async () => {
      const response = await fetch(`${edge}/api/widget/message`, { method: 'PUT', headers: { Origin: shop } })
      expect([response.status, response.headers.get('Allow')]).toEqual([405, 'POST, OPTIONS'])
    },
  ],
  [
    'RFC 9110 §9.3.2',
    'HEAD answers as GET does, without a body',
    async () => {
      const response = await fetch(`${edge}/health`, { method: 'HEAD' })
      expect([response.status, await response.text()]).toEqual([200, ''])
    },
  ],
  [
    'draft ratelimit-headers, RFC 9651',
    'RateLimit-Policy is a list of strings with q and w',
    async () => {
      const { headers } = await token(FIRST)
      const [[name, parameters] = []] = parseList(headers.get('RateLimit-Policy') ?? '').map(([item, more]) => [
        item,
        Object.fromEntries(more),
      ])
      expect([name, parameters]).toEqual(['tokens', { q: expect.any(Number), w: 60 }])
    },
  ],
  [
    'Fetch, CORS',
    'an allowed origin is named exactly, without credentials, and answers vary by Origin',
    async () => {
      const { headers } = await token(FIRST)
      expect(headers.get('Access-Control-Allow-Origin')).toBe(shop)
      expect(headers.get('Access-Control-Allow-Credentials')).toBeNull()
      expect(headers.get('Vary')).toContain('Origin')
    },
  ],
  [
    'Fetch, CORS',
    'the edge itself refuses an unknown origin, not only the browser',
    async () => {
      const { status, headers, body } = await token(FIRST, { Origin: 'https://evil.example' })
      expect([status, headers.get('Access-Control-Allow-Origin')]).toEqual([403, null])
      expect(body.detail).toContain('https://evil.example')
    },
  ],
  [
    'Fetch, CORS preflight',
    'a preflight answers with the headers that the edge reads and those the page asks for, for two hours',
    async () => {
      const response = await fetch(`${edge}/api/widget/message`, {
        method: 'OPTIONS',
        headers: {
          Origin: shop,
          'Access-Control-Request-Method': 'POST',
          'Access-Control-Request-Headers': 'authorization,dpop,traceparent',
        },
      })
      expect(response.status).toBe(204)
      expect(response.headers.get('Access-Control-Allow-Headers')).toBe(
        'Authorization, Content-Type, DPoP, Idempotency-Key, traceparent',
      )
      expect(response.headers.get('Access-Control-Max-Age')).toBe('7200')
    },
  ],
]

describe.each([
  ['OAuth', OAUTH],
  ['DPoP', DPOP],
  ['HTTP', HTTP],
])('%s', (_name, rows) => {
  it.each(rows)('%s: %s', (_section, _requirement, check) => check())
})

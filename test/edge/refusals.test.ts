/** What must be refused, with which status and problem, and without one call upstream. */
import { beforeEach, describe, expect, it } from 'vitest'
import {
  ask,
  askToken,
  claimsOf,
  EDGE,
  firstExchange,
  form,
  hash,
  json,
  ORIGIN,
  TOKEN_TYPE,
  Visitor,
} from './client.ts'
import { received, resetSandbox } from './sandbox.ts'

beforeEach(resetSandbox)

const message = (session_id: string, text = 'Hello') => ({ session_id, message: text })

async function expectProblem(response: Response, status: number, code: string): Promise<Record<string, unknown>> {
  const problem = await json(response)
  expect([response.status, problem.code]).toEqual([status, code])
  expect(response.headers.get('Content-Type')).toBe('application/problem+json')
  expect(response.headers.get('Cache-Control')).toBe('no-store')
  expect(problem).toMatchObject({
    status,
    success: false,
    error: expect.any(String),
    type: expect.stringMatching(/^https:/),
  })
  return problem
}

/** Calls that came upstream beside the ones that a test needed to get started. */
const upstream = async () => (await received()).map(({ path }) => path)

describe('tokens', () => {
  it('from another origin', async () => {
    const visitor = await newVisitor()
    const headers = {
      ...(await visitor.headers('POST', '/api/widget/message')),
      Origin: 'https://other.example',
      'Content-Type': 'application/json',
    }
    const settings = { ALLOWED_ORIGINS: `${ORIGIN},https://other.example` }
    const response = await ask('/api/widget/message', { method: 'POST', headers, body: '{}' }, settings)
    await expectProblem(response, 401, 'UNAUTHORIZED')
    expect(response.headers.get('WWW-Authenticate')).toContain('error="invalid_token"')
    expect(await upstream()).toEqual([])
  })

  it('altered, unsigned, of another type, or none at all', async () => {
    const visitor = await newVisitor()
    const [header = '', payload = '', signature = ''] = visitor.token.split('.')
    const encode = (value: object) =>
      btoa(JSON.stringify(value)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
    const claims = claimsOf(visitor.token)
    const wrong = [
      `${header}.${encode({ ...claims, exp: claims.exp + 3600 })}.${signature}`,
      `${encode({ alg: 'none', typ: 'at+jwt' })}.${payload}.`,
      `${encode({ alg: 'none', typ: 'at+jwt', kid: 'k1' })}.${payload}.${signature}`,
      `${encode({ alg: 'HS256', typ: 'JWT', kid: 'k1' })}.${payload}.${signature}`,
      `${encode({ alg: 'HS256', typ: 'at+jwt', kid: 'k9' })}.${payload}.${signature}`,
      `${visitor.token}=`,
      `${visitor.token}.x`,
      `${header}.${payload}`,
    ]
    for (const token of wrong) {
      const headers = {
        Origin: ORIGIN,
        Authorization: `DPoP ${token}`,
        DPoP: await visitor.proof('POST', '/api/widget/message', { claims: { ath: await hash(token) } }),
        'Content-Type': 'application/json',
      }
      const response = await ask('/api/widget/message', { method: 'POST', headers, body: '{}' })
      expect([token.slice(0, 20), response.status]).toEqual([token.slice(0, 20), 401])
    }
    const bare = await ask('/api/widget/message', { method: 'POST', headers: { Origin: ORIGIN }, body: '{}' })
    await expectProblem(bare, 401, 'UNAUTHORIZED')
    expect(bare.headers.get('WWW-Authenticate')).toBe('DPoP realm="caty-keyless", algs="ES256"')
    expect(await upstream()).toEqual([])
  })

  it('with the proof of another key', async () => {
    const visitor = await newVisitor()
    const thief = await Visitor.create()
    thief.token = visitor.token
    const response = await thief.post('/api/widget/message', message('x'))
    await expectProblem(response, 401, 'UNAUTHORIZED')
    expect(response.headers.get('WWW-Authenticate')).toContain('error="invalid_dpop_proof"')
    expect(await upstream()).toEqual([])
  })

  it('bound ones shown as Bearer, and Bearer ones on a call that needs a key', async () => {
    const visitor = await newVisitor()
    const call = (Authorization: string, more: Record<string, string> = {}) =>
      ask('/api/widget/message', {
        method: 'POST',
        headers: { Origin: ORIGIN, Authorization, 'Content-Type': 'application/json', ...more },
        body: '{}',
      })
    expect((await call(`Bearer ${visitor.token}`)).status).toBe(401)
    // Not even with a proof beside it: a client that means to prove its key says so in the scheme.
    const { DPoP = '' } = await visitor.headers('POST', '/api/widget/message')
    expect((await call(`Bearer ${visitor.token}`, { DPoP })).status).toBe(401)
    const { access_token } = await json(await askToken({ ...firstExchange, scope: 'config track' }))
    const response = await call(`Bearer ${access_token}`)
    await expectProblem(response, 403, 'UNAUTHORIZED')
    expect(response.headers.get('WWW-Authenticate')).toContain('error="insufficient_scope", scope="chat"')
    expect(await upstream()).toEqual([])
  })

  it('after TOKEN_EPOCH was raised', async () => {
    const visitor = await newVisitor()
    const response = await visitor.post('/api/widget/session', {}, {}, { TOKEN_EPOCH: '1' })
    await expectProblem(response, 401, 'UNAUTHORIZED')
    expect(await upstream()).toEqual([])
  })
})

describe('session handles', () => {
  it("somebody else's looks like one that never was", async () => {
    const owner = await newVisitor()
    const handle = await owner.openSession()
    expect(handle).not.toContain('sess_')
    const other = await newVisitor()
    const stolen = await json(await other.post('/api/widget/message', message(handle)))
    const invented = await json(await other.post('/api/widget/message', message('s1.k1.AAAA')))
    expect([stolen.status, stolen.code]).toEqual([404, 'SESSION_NOT_FOUND'])
    expect({ ...stolen, instance: '' }).toEqual({ ...invented, instance: '' })
    expect(await upstream()).toEqual(['/api/widget/session'])
  })

  it('the visitor is who the key says, whatever the body claims', async () => {
    const visitor = await newVisitor()
    await visitor.post('/api/widget/session', { visitor_id: 'vis_somebody_else', page: {} })
    const [call] = await received()
    expect(JSON.parse(call?.body ?? '')).toMatchObject({ visitor_id: claimsOf(visitor.token).sub })
    expect(call?.body).not.toContain('somebody_else')
  })
})

describe('origins', () => {
  it.each(['/token', '/api/widget/config', '/api/widget/session', '/api/widget/message'])(
    '%s for an unknown one',
    async (path) => {
      const method = path.endsWith('config') ? 'GET' : 'POST'
      const response = await ask(path, { method, headers: { Origin: 'https://evil.example' } })
      const problem = await json(response)
      expect(response.status).toBe(403)
      expect(problem.detail).toContain('https://evil.example')
      expect(problem.detail).toContain('ALLOWED_ORIGINS')
      expect(response.headers.get('Access-Control-Allow-Origin')).toBeNull()
      expect(response.headers.get('Access-Control-Allow-Credentials')).toBeNull()
      expect(response.headers.get('Vary')).toContain('Origin')
      expect(await upstream()).toEqual([])
    },
  )

  it.each([
    'null',
    '*',
    'https://shop.example.evil.example',
    'http://shop.example',
    'https://shop.example:444',
    'https://SHOP.example',
  ])('%s', async (origin) => {
    expect((await ask('/token', { method: 'POST', headers: { Origin: origin } })).status).toBe(403)
  })

  it('none at all, and a navigation', async () => {
    expect((await ask('/token', { method: 'POST', body: form(firstExchange) })).status).toBe(403)
    const headers = { Origin: ORIGIN, 'Sec-Fetch-Mode': 'navigate' }
    expect((await ask('/token', { method: 'POST', headers, body: form(firstExchange) })).status).toBe(403)
  })

  it('answers a preflight of an allowed one exactly', async () => {
    const headers = { Origin: ORIGIN, 'Access-Control-Request-Method': 'POST' }
    const response = await ask('/api/widget/message', { method: 'OPTIONS', headers })
    expect(response.status).toBe(204)
    expect(response.headers.get('Access-Control-Allow-Origin')).toBe(ORIGIN)
    expect(response.headers.get('Access-Control-Allow-Methods')).toBe('POST')
    expect(response.headers.get('Access-Control-Max-Age')).toBe('7200')
    expect(response.headers.get('Access-Control-Allow-Credentials')).toBeNull()
    const refused = await ask('/api/widget/message', {
      method: 'OPTIONS',
      headers: { ...headers, Origin: 'https://evil.example' },
    })
    expect(refused.status).toBe(403)
  })
})

describe('a preflight of a page with monitoring', () => {
  // What the SDKs of Sentry, OpenTelemetry, Datadog, New Relic, Elastic and Dynatrace add to `fetch`.
  const TRACING =
    'authorization,baggage,dpop,newrelic,sentry-trace,traceparent,tracestate,x-datadog-trace-id,x-datadog-origin,x-dtc,elastic-apm-traceparent'
  const preflight = (path: string, asked: string) =>
    ask(path, { method: 'OPTIONS', headers: { Origin: ORIGIN, 'Access-Control-Request-Headers': asked } })
  const allowed = async (path: string, asked: string) =>
    ((await preflight(path, asked)).headers.get('Access-Control-Allow-Headers') ?? '').toLowerCase().split(', ')

  it.each([
    '/token',
    '/api/widget/message',
    '/api/widget/config',
    '/.well-known/oauth-authorization-server',
    '/health',
  ])('allows its headers on %s', async (path) => {
    expect((await preflight(path, TRACING)).status).toBe(204)
    expect(await allowed(path, TRACING)).toEqual(expect.arrayContaining(TRACING.split(',')))
  })

  it('repeats field names only, and at most thirty', async () => {
    const bad = ['a b', 'x:y', 'é', '"', 'x'.repeat(101), '*\t(']
    expect(await allowed('/token', ['x-good', ...bad, ''].join(','))).toEqual([
      'authorization',
      'content-type',
      'dpop',
      'idempotency-key',
      'x-good',
    ])
    const many = Array.from({ length: 50 }, (_, n) => `x-${n}`).join(',')
    expect(await allowed('/token', many)).toHaveLength(34)
  })
})

describe('bad input', () => {
  it('another content type', async () => {
    const visitor = await newVisitor()
    await expectProblem(
      await visitor.post('/api/widget/message', '{}', { 'Content-Type': 'text/plain' }),
      415,
      'VALIDATION_ERROR',
    )
    expect(
      (
        await ask('/token', {
          method: 'POST',
          headers: { Origin: ORIGIN, 'Content-Type': 'application/json' },
          body: '{}',
        })
      ).status,
    ).toBe(415)
  })

  it.each([
    ['no JSON', '{', undefined],
    ['a list', '[]', undefined],
    ['a missing member', { session_id: 'x' }, 'message'],
    ['an empty message', { session_id: 'x', message: '' }, 'message'],
    ['a message of 4,001 characters', { session_id: 'x', message: 'a'.repeat(4001) }, 'message'],
    [
      'a nested member of another type',
      { session_id: 'x', message: 'a', context: { page_url: 1 } },
      'context.page_url',
    ],
  ])('%s', async (_name, body, field) => {
    const visitor = await newVisitor()
    const problem = await expectProblem(await visitor.post('/api/widget/message', body), 400, 'VALIDATION_ERROR')
    expect(problem.field).toBe(field)
    expect(await upstream()).toEqual([])
  })

  it.each([
    ['lead', { session_id: 'x', email: 'ada' }, 'The member email must be an e-mail address.'],
    [
      'schedule',
      { session_id: 'x', name: 'Ada', date: '2026-13-45', time: '9' },
      'The member date must be a date as YYYY-MM-DD.',
    ],
    [
      'form',
      { session_id: 'x', form_type: 'contact', custom_fields: Object.fromEntries([...Array(21).keys()].entries()) },
      'The member custom_fields holds more than 20 members.',
    ],
  ])('in a %s is named in words, not as a pattern', async (path, body, detail) => {
    const visitor = await newVisitor()
    const problem = await expectProblem(await visitor.post(`/api/widget/${path}`, body), 400, 'VALIDATION_ERROR')
    expect(problem.detail).toBe(detail)
  })

  it('a body over the cap, also when it comes in chunks and names no length', async () => {
    const visitor = await newVisitor()
    const large = JSON.stringify(message('x', 'a'.repeat(17_000)))
    await expectProblem(await visitor.post('/api/widget/message', large), 413, 'VALIDATION_ERROR')
    const chunk = new TextEncoder().encode('a'.repeat(4096))
    let sent = 0
    const stream = new ReadableStream<Uint8Array>({
      pull(controller) {
        sent += 1
        if (sent > 1000) controller.close()
        else controller.enqueue(chunk)
      },
    })
    const headers = { ...(await visitor.headers('POST', '/api/widget/message')), 'Content-Type': 'application/json' }
    await expectProblem(
      await ask('/api/widget/message', { method: 'POST', headers, body: stream }),
      413,
      'VALIDATION_ERROR',
    )
    expect(sent).toBeLessThan(20)
  })

  it.each([
    '/nope',
    '/api/widget',
    '/api/widget/config/',
    '/api//widget/config',
    '/api/widget/%63onfig',
    '/api/widget/..%2fadmin',
    '/token;x',
    '/API/widget/config',
    '/api/widget/config%00',
  ])('an unknown path: %s', async (path) => {
    await expectProblem(await ask(path, { headers: { Origin: ORIGIN } }), 404, 'NOT_FOUND')
  })

  it.each([
    ['GET', '/token', 'POST, OPTIONS'],
    ['DELETE', '/api/widget/config', 'GET, HEAD, OPTIONS'],
    ['PUT', '/api/widget/message', 'POST, OPTIONS'],
    ['POST', '/health', 'GET, HEAD, OPTIONS'],
  ])('%s %s', async (method, path, allow) => {
    const response = await ask(path, { method, headers: { Origin: ORIGIN } })
    expect([response.status, response.headers.get('Allow')]).toEqual([405, allow])
  })
})

describe('settings', () => {
  it.each([
    [{ CATY_API_KEY: 'caty_short' }, 'CATY_API_KEY'],
    [{ TOKEN_SECRETS: 'k1:abc' }, 'TOKEN_SECRETS'],
    [{ ALLOWED_ORIGINS: 'shop.example' }, 'ALLOWED_ORIGINS'],
    [{ ALLOWED_ORIGINS: 'https://*.co.uk' }, 'ALLOWED_ORIGINS'],
    [{ DPOP: 'maybe' }, 'DPOP'],
    [{ CATY_API_URL: 'http://api.catyai.io' }, 'CATY_API_URL'],
  ])('%o is named on every call, its value is not', async (settings, name) => {
    for (const path of ['/health', '/token', '/api/widget/config', '/nope']) {
      const response = await ask(path, {}, settings)
      const problem = await json(response)
      expect([response.status, problem.code]).toEqual([503, 'NOT_CONFIGURED'])
      expect(problem.detail).toContain(name)
      if (name !== 'ALLOWED_ORIGINS') expect(problem.detail).not.toContain(Object.values(settings)[0])
    }
  })

  it('closes for maintenance with a time to come back', async () => {
    const response = await askToken(firstExchange, {}, { MAINTENANCE: '1' })
    expect(response.status).toBe(503)
    expect(Number(response.headers.get('Retry-After'))).toBeGreaterThan(0)
  })
})

describe('renewal', () => {
  it('of a bound token needs a proof of the same key', async () => {
    const visitor = await newVisitor()
    const renew = { grant_type: firstExchange.grant_type, subject_token: visitor.token, subject_token_type: TOKEN_TYPE }
    expect((await json(await askToken(renew))).error).toBe('invalid_dpop_proof')
    const thief = await Visitor.create()
    expect((await json(await askToken(renew, { DPoP: await thief.proof('POST', '/token') }))).error).toBe(
      'invalid_dpop_proof',
    )
    const renewed = await json(await askToken(renew, { DPoP: await visitor.proof('POST', '/token') }))
    expect(renewed.token_type).toBe('DPoP')
    expect(claimsOf(renewed.access_token).sub).toBe(claimsOf(visitor.token).sub)
    expect(claimsOf(renewed.access_token).sid_exp).toBe(claimsOf(visitor.token).sid_exp)
  })

  it('never widens the scope of a token without a new key', async () => {
    const bearer = await json(await askToken({ ...firstExchange, scope: 'config' }))
    const renew = {
      grant_type: firstExchange.grant_type,
      subject_token: bearer.access_token,
      subject_token_type: TOKEN_TYPE,
    }
    expect((await json(await askToken({ ...renew, scope: 'track' }))).error).toBe('invalid_scope')
    expect((await json(await askToken({ ...renew, scope: 'chat' }))).error).toBe('invalid_scope')
    const visitor = await Visitor.create()
    const bound = await json(
      await askToken({ ...renew, scope: 'chat' }, { DPoP: await visitor.proof('POST', '/token') }),
    )
    expect([bound.token_type, bound.scope]).toEqual(['DPoP', 'chat'])
    expect(EDGE).toBe(claimsOf(bound.access_token).aud)
  })
})

const newVisitor = async () => (await Visitor.create()).login()

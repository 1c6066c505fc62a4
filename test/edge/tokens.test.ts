/** The life of a token: its end, the grace for renewals, the last renewal, and the rotation of the ring behind it. */
import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, it } from 'vitest'
import { type AccessToken, RENEWALS_END_S, signAccessToken } from '../../edge/token/access-token.ts'
import { KeyRing } from '../../edge/token/key-ring.ts'
import { parseTokenSecrets } from '../../edge/token/secrets.ts'
import { visitorOfKey } from '../../edge/token/visitor.ts'
import { askToken, claimsOf, EDGE, firstExchange, json, ORIGIN, TOKEN_TYPE, Visitor } from './client.ts'
import { received, resetSandbox } from './sandbox.ts'

beforeEach(resetSandbox)

const now = () => Math.floor(Date.now() / 1000)
const ring = new KeyRing(parseTokenSecrets(env.TOKEN_SECRETS).secrets)

/** A visitor whose token is of another time than now. */
async function visitorWith(claims: Partial<AccessToken>): Promise<Visitor> {
  const visitor = await Visitor.create()
  const jkt = await visitor.thumbprint()
  visitor.token = await signAccessToken(
    {
      iss: EDGE,
      aud: EDGE,
      sub: await visitorOfKey(jkt, 'default'),
      client_id: 'default',
      iat: now() - 300,
      exp: now() + 300,
      jti: crypto.randomUUID(),
      scope: ['config', 'track', 'chat', 'lead'],
      org: ORIGIN,
      ep: 0,
      sid_exp: now() + RENEWALS_END_S,
      cnf: { jkt },
      ...claims,
    },
    ring,
  )
  return visitor
}

const renew = async (visitor: Visitor, settings = {}) =>
  json(
    await askToken(
      { grant_type: firstExchange.grant_type, subject_token: visitor.token, subject_token_type: TOKEN_TYPE },
      { DPoP: await visitor.proof('POST', '/token') },
      settings,
    ),
  )

describe('an expired token', () => {
  it('opens nothing, and Caty hears nothing of it', async () => {
    const visitor = await visitorWith({ exp: now() - 1 })
    const response = await visitor.post('/api/widget/message', { session_id: 'x', message: 'Hello' })
    expect(response.status).toBe(401)
    expect(response.headers.get('WWW-Authenticate')).toContain('error="invalid_token"')
    expect(await received()).toEqual([])
  })

  it('renews for a minute, so a page that slept keeps its visitor, and not after that', async () => {
    const visitor = await visitorWith({ exp: now() - 30 })
    const renewed = await renew(visitor)
    expect(claimsOf(renewed.access_token).sub).toBe(claimsOf(visitor.token).sub)
    expect((await renew(await visitorWith({ exp: now() - 62 }))).error).toBe('invalid_request')
  })

  it('is renewed for 12 hours after the first exchange and no longer', async () => {
    expect((await renew(await visitorWith({ sid_exp: now() - 1 }))).error).toBe('invalid_request')
    const last = await renew(await visitorWith({ sid_exp: now() + 100 }))
    expect(last.expires_in).toBeLessThanOrEqual(100)
  })
})

describe('a token that is not for here', () => {
  it.each([
    ['issuer', { iss: 'https://other.example' }],
    ['audience', { aud: 'https://other.example' }],
    ['epoch', { ep: 7 }],
    ['origin', { org: 'https://other.example' }],
    ['widget', { client_id: 'gone' }],
  ])('another %s', async (_name, claims) => {
    const visitor = await visitorWith(claims)
    expect((await visitor.post('/api/widget/session', {})).status).toBe(401)
    expect(await received()).toEqual([])
  })
})

describe('the key ring', () => {
  const fresh = (kid: string) => `${kid}:${'A'.repeat(42)}${kid === 'k2' ? 'E' : 'I'}`
  const rolled = { TOKEN_SECRETS: `${fresh('k2')},${env.TOKEN_SECRETS}` }

  it('rotates without a visitor noticing: token, handle and renewal go on under the new key', async () => {
    const visitor = await (await Visitor.create()).login()
    const session_id = await visitor.openSession()
    const sent = await visitor.post('/api/widget/message', { session_id, message: 'When are you open?' }, {}, rolled)
    expect(sent.status).toBe(200)
    visitor.token = (await renew(visitor, rolled)).access_token
    expect(JSON.parse(atob(visitor.token.split('.')[0] ?? '')).kid).toBe('k2')
    expect((await visitor.post('/api/widget/message', { session_id, message: 'Thanks' }, {}, rolled)).status).toBe(200)
  })

  it('ends what was signed with a secret that is taken out', async () => {
    const visitor = await (await Visitor.create()).login()
    const session_id = await visitor.openSession()
    const without = { TOKEN_SECRETS: fresh('k2') }
    expect((await visitor.post('/api/widget/message', { session_id, message: 'x' }, {}, without)).status).toBe(401)
    await visitor.login(without)
    const lost = await visitor.post('/api/widget/message', { session_id, message: 'x' }, {}, without)
    expect([lost.status, (await json(lost)).code]).toEqual([404, 'SESSION_NOT_FOUND'])
  })

  it('never lets the key of one purpose stand for another', async () => {
    const [token, nonce] = await Promise.all([ring.signing('access-token'), ring.signing('dpop-nonce')])
    const text = new TextEncoder().encode('the same text')
    const [first, second] = await Promise.all(
      [token, nonce].map(async ({ key }) => [...new Uint8Array(await crypto.subtle.sign('HMAC', key, text))]),
    )
    expect(first).not.toEqual(second)
  })
})

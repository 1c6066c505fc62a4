/** The challenge before the first bound token, against a stand-in of the verification service. */
import { env, runInDurableObject } from 'cloudflare:test'
import { beforeEach, describe, expect, it } from 'vitest'
import { forgetPasses, hasPassed } from '../../edge/ledger/challenge-passes.ts'
import { ask, askToken, firstExchange, json, TOKEN_TYPE, Visitor } from './client.ts'
import { planFaults, received, resetSandbox } from './sandbox.ts'

beforeEach(resetSandbox)

const settings = {
  TURNSTILE_SITE_KEY: '0x4AAAA_site',
  TURNSTILE_SECRET: '0x4AAAA_secret_of_the_site',
  TURNSTILE_VERIFY_URL: `${env.SANDBOX_URL}/turnstile/siteverify`,
}
const bind = async (visitor: Visitor, more: Record<string, string> = {}) =>
  askToken({ ...firstExchange, ...more }, { DPoP: await visitor.proof('POST', '/token') }, settings)
const solved = (id: string, hostname = 'shop.example') => ({ turnstile_response: `solved:${hostname}:${id}` })

describe('with Turnstile', () => {
  it('a page view needs no challenge, the first bound token does, and a renewal does not', async () => {
    expect((await askToken(firstExchange, {}, settings)).status).toBe(200)
    const visitor = await Visitor.create()
    const asked = await bind(visitor)
    const problem = await json(asked)
    expect([asked.status, problem.error, problem.challenge]).toEqual([
      400,
      'invalid_request',
      { site_key: '0x4AAAA_site' },
    ])
    const bound = await json(await bind(visitor, solved('1')))
    expect(bound.token_type).toBe('DPoP')
    const renew = {
      grant_type: firstExchange.grant_type,
      subject_token: bound.access_token,
      subject_token_type: TOKEN_TYPE,
    }
    const renewed = await askToken(renew, { DPoP: await visitor.proof('POST', '/token') }, settings)
    expect(renewed.status).toBe(200)
  })

  it('asks a key once: its first token on the next page needs no response, another key and another epoch do', async () => {
    const visitor = await Visitor.create()
    await bind(visitor, solved('once'))
    expect((await bind(visitor)).status).toBe(200)
    expect((await received()).filter(({ path }) => path === '/turnstile/siteverify')).toHaveLength(1)
    expect((await bind(await Visitor.create())).status).toBe(400)
    const later = await askToken(
      firstExchange,
      { DPoP: await visitor.proof('POST', '/token') },
      { ...settings, TOKEN_EPOCH: '7' },
    )
    expect(later.status).toBe(400)
  })

  it('a refused response is no pass, and a pass ends after twelve hours', async () => {
    const refused = await Visitor.create()
    await bind(refused, { turnstile_response: 'nonsense' })
    expect((await bind(refused)).status).toBe(400)
    const visitor = await Visitor.create()
    await bind(visitor, solved('for a while'))
    const ledger = env.LEDGER.getByName('tenant')
    const passes = (after: number) =>
      runInDurableObject(ledger, (_, { storage }) => {
        const now = Date.now() + after
        const [row] = storage.sql.exec('SELECT id FROM passed ORDER BY at DESC LIMIT 1').toArray()
        const known = hasPassed(storage.sql, String(row?.id), now)
        forgetPasses(storage.sql, now)
        return [known, storage.sql.exec('SELECT * FROM passed').toArray().length]
      })
    expect(await passes(11 * 3_600_000)).toEqual([true, expect.any(Number)])
    expect(await passes(12 * 3_600_000)).toEqual([false, 0])
  })

  it.each([
    ['used before', solved('twice')],
    ['of another site', solved('x', 'evil.example')],
    ['made up', { turnstile_response: 'nonsense' }],
    ['too long', { turnstile_response: 'x'.repeat(3000) }],
  ])('a response %s does not count', async (name, response) => {
    if (name === 'used before') await bind(await Visitor.create(), response)
    const refused = await bind(await Visitor.create(), response)
    expect([refused.status, (await json(refused)).error]).toEqual([400, 'invalid_request'])
  })

  it.each([
    ['down', { status: 500 }],
    ['hanging up', { hangUp: true }],
    ['redirecting', { redirectTo: 'https://evil.example/' }],
    ['talking nonsense', { body: 'nonsense' }],
    ['saying yes in another form', { body: { success: 'yes' } }],
  ])('no token is given while the service is %s', async (_name, fault) => {
    await planFaults({ path: '/turnstile/siteverify', ...fault })
    const refused = await bind(await Visitor.create(), solved('2'))
    const text = await refused.text()
    expect([refused.status, JSON.parse(text).error]).toEqual([503, 'temporarily_unavailable'])
    expect(text).not.toContain('secret_of_the_site')
  })

  it('sends the service the secret and the response, and nothing of the visitor', async () => {
    await bind(await Visitor.create(), solved('3'))
    const call = (await received()).find(({ path }) => path === '/turnstile/siteverify')
    expect(Object.fromEntries(new URLSearchParams(call?.body))).toEqual({
      secret: '0x4AAAA_secret_of_the_site',
      response: 'solved:shop.example:3',
    })
  })

  it('one of the two settings alone is refused', async () => {
    for (const name of ['TURNSTILE_SITE_KEY', 'TURNSTILE_SECRET'] as const) {
      const response = await ask('/health', {}, { [name]: 'x' })
      expect([response.status, (await json(response)).detail]).toEqual([
        503,
        expect.stringContaining('set both or none'),
      ])
    }
  })
})

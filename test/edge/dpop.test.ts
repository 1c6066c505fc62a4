/** RFC 9449 section 4.3: each of the twelve checks, alone. A proof that fails one is refused; the one beside it passes. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ask, askToken, firstExchange, json, ORIGIN, type ProofParts, Visitor } from './client.ts'
import { received, resetSandbox } from './sandbox.ts'

beforeEach(resetSandbox)
afterEach(() => vi.useRealTimers())

const PATH = '/api/widget/session'

/** A session call with a proof of these parts; the status, and the error of the challenge. */
async function call(
  visitor: Visitor,
  parts: ProofParts = {},
  header?: string | null,
): Promise<[number, string | undefined]> {
  const { DPoP, ...headers } = await visitor.headers('POST', PATH, parts)
  const proof = header === undefined ? DPoP : header
  const response = await ask(PATH, {
    method: 'POST',
    headers: { ...headers, 'Content-Type': 'application/json', ...(proof !== null && { DPoP: proof ?? '' }) },
    body: '{}',
  })
  return [response.status, /error="(\w+)"/.exec(response.headers.get('WWW-Authenticate') ?? '')?.[1]]
}

const login = async () => (await Visitor.create()).login()
const REFUSED = [401, 'invalid_dpop_proof']

describe('a proof', () => {
  it('that is right passes', async () => {
    expect(await call(await login())).toEqual([200, undefined])
  })

  it('1: must be there, and once', async () => {
    const visitor = await login()
    const { DPoP = '' } = await visitor.headers('POST', PATH)
    expect(await call(visitor, {}, null)).toEqual(REFUSED)
    expect(await call(visitor, {}, `${DPoP}, ${DPoP}`)).toEqual(REFUSED)
  })

  it('2: must be one well-formed JWT', async () => {
    const visitor = await login()
    const { DPoP = '' } = await visitor.headers('POST', PATH)
    for (const header of ['x', 'a.b', `${DPoP}.x`, `${DPoP}=`, ` ${DPoP.replace('.', ' .')}`, 'a'.repeat(9000)]) {
      expect(await call(visitor, {}, header)).toEqual(REFUSED)
    }
  })

  it.each(['jti', 'htm', 'htu', 'iat'])('3: must claim %s', async (without) => {
    expect(await call(await login(), { without })).toEqual(REFUSED)
  })

  it('4: must be of type dpop+jwt', async () => {
    expect(await call(await login(), { header: { typ: 'JWT' } })).toEqual(REFUSED)
  })

  it('5, 6: must be signed with ES256 by the key it shows', async () => {
    const visitor = await login()
    const other = await Visitor.create()
    expect(await call(visitor, { privateKey: other.pair.privateKey })).toEqual(REFUSED)
    const { DPoP = '' } = await visitor.headers('POST', PATH)
    const [, payload = '', signature = ''] = DPoP.split('.')
    for (const alg of ['none', 'HS256', 'RS256', 'ES384']) {
      const header = btoa(JSON.stringify({ typ: 'dpop+jwt', alg, jwk: visitor.jwk }))
        .replaceAll('+', '-')
        .replaceAll('/', '_')
        .replaceAll('=', '')
      expect(await call(visitor, {}, `${header}.${payload}.${signature}`)).toEqual(REFUSED)
    }
  })

  it('7: must not show a private key', async () => {
    const visitor = await login()
    expect(await call(visitor, { header: { jwk: { ...visitor.jwk, d: 'AAAA' } } })).toEqual(REFUSED)
  })

  it('8, 9: must be for this method and this address', async () => {
    const visitor = await login()
    expect(await call(visitor, { claims: { htm: 'GET' } })).toEqual(REFUSED)
    expect(await call(visitor, { claims: { htm: 'post' } })).toEqual(REFUSED)
    for (const htu of [
      'https://chat.example/api/widget/message',
      'https://other.example/api/widget/session',
      'http://chat.example/api/widget/session',
      'nonsense',
    ]) {
      expect(await call(visitor, { claims: { htu } })).toEqual(REFUSED)
    }
    // Query and fragment do not count, and the address is normalised before it is compared.
    for (const htu of [
      'https://CHAT.example:443/api/widget/session?x=1#y',
      'https://chat.example/api/./widget/%73ession',
    ]) {
      expect(await call(visitor, { claims: { htu } })).toEqual([200, undefined])
    }
    expect(await call(visitor, { claims: { htu: 'https://chat.example/api%2Fwidget/session' } })).toEqual(REFUSED)
  })

  it.each([-61, 31, -3600, 3600])(
    '10, 11: of another time (%d s) needs a nonce, and is good with it',
    async (shift) => {
      const visitor = await login()
      // The clock stands: if a second turned on the way, a proof 31 s ahead would be 30 s ahead, which is good.
      vi.useFakeTimers({ toFake: ['Date'], now: Date.now() })
      const iat = Math.floor(Date.now() / 1000) + shift
      const { DPoP = '', ...headers } = await visitor.headers('POST', PATH, { claims: { iat } })
      const refused = await ask(PATH, { method: 'POST', headers: { ...headers, DPoP }, body: '{}' })
      expect(refused.status).toBe(401)
      expect(refused.headers.get('WWW-Authenticate')).toContain('error="use_dpop_nonce"')
      const nonce = refused.headers.get('DPoP-Nonce')
      expect(await call(visitor, { claims: { iat, nonce } })).toEqual([200, undefined])
      expect(await call(visitor, { claims: { nonce: `${nonce}x` } })).toEqual([401, 'use_dpop_nonce'])
      expect(await call(visitor, { claims: { nonce: 'abc.def' } })).toEqual([401, 'use_dpop_nonce'])
    },
  )

  it('12: must name this token, and be of its key', async () => {
    const visitor = await login()
    expect(await call(visitor, { claims: { ath: 'AAAA' } })).toEqual(REFUSED)
    expect(await call(visitor, { without: 'ath' })).toEqual(REFUSED)
    const thief = await Visitor.create()
    thief.token = visitor.token
    expect(await call(thief)).toEqual(REFUSED)
  })

  it('counts once', async () => {
    const visitor = await login()
    const { DPoP = '' } = await visitor.headers('POST', PATH)
    expect(await call(visitor, {}, DPoP)).toEqual([200, undefined])
    expect(await call(visitor, {}, DPoP)).toEqual(REFUSED)
  })

  it('that is refused never reaches Caty', async () => {
    const visitor = await login()
    await call(visitor, { claims: { htm: 'GET' } })
    await call(visitor, { claims: { iat: 0 } })
    expect(await received()).toEqual([])
  })
})

describe('at the token endpoint', () => {
  it('a wrong proof is invalid_dpop_proof, a late one use_dpop_nonce', async () => {
    const visitor = await Visitor.create()
    const exchange = async (parts: ProofParts) => {
      const response = await askToken(
        { ...firstExchange, scope: 'chat' },
        { DPoP: await visitor.proof('POST', '/token', parts) },
      )
      return [response.status, (await json(response)).error]
    }
    expect(await exchange({ claims: { htm: 'GET' } })).toEqual([400, 'invalid_dpop_proof'])
    expect(await exchange({ claims: { iat: 0 } })).toEqual([400, 'use_dpop_nonce'])
    expect(await exchange({})).toEqual([200, undefined])
  })

  it('DPOP=optional serves a page without keys, required does not, off ignores proofs', async () => {
    const chat = { ...firstExchange, scope: 'chat' }
    expect((await json(await askToken(chat))).error).toBe('invalid_scope')
    const optional = await json(await askToken(chat, {}, { DPOP: 'optional' }))
    expect([optional.token_type, optional.scope]).toEqual(['Bearer', 'chat'])
    const headers = {
      Origin: ORIGIN,
      Authorization: `Bearer ${optional.access_token}`,
      'Content-Type': 'application/json',
    }
    expect((await ask(PATH, { method: 'POST', headers, body: '{}' }, { DPOP: 'optional' })).status).toBe(200)
    const visitor = await Visitor.create()
    const off = await json(await askToken(chat, { DPoP: await visitor.proof('POST', '/token') }, { DPOP: 'off' }))
    expect(off.token_type).toBe('Bearer')
  })
})

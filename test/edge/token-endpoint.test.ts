/** `POST /token` and what is wrong with it: RFC 8693 sections 2.1 and 2.2, RFC 6749 section 5.2. */
import { describe, expect, it } from 'vitest'
import { ask, askToken, EDGE, firstExchange, GRANT, json, ORIGIN, TOKEN_TYPE, WIDGET_TYPE } from './client.ts'

/** RFC 6749 section 5.2: what an `error_description` may be made of. */
const DESCRIPTION = /^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/

describe('a refused token request', () => {
  it.each([
    ['no grant_type', { ...firstExchange, grant_type: '' }, 400, 'invalid_request'],
    ['another grant', { ...firstExchange, grant_type: 'authorization_code' }, 400, 'unsupported_grant_type'],
    ['no subject', { ...firstExchange, subject_token: '' }, 400, 'invalid_request'],
    ['no type of subject', { ...firstExchange, subject_token_type: '' }, 400, 'invalid_request'],
    ['a type that is not taken', { ...firstExchange, subject_token_type: 'urn:x' }, 400, 'invalid_request'],
    ['a widget that is not here', { ...firstExchange, subject_token: 'nope' }, 400, 'invalid_request'],
    [
      'an access token that is none',
      { grant_type: GRANT, subject_token: 'a.b.c', subject_token_type: TOKEN_TYPE },
      400,
      'invalid_request',
    ],
    ['an unknown scope', { ...firstExchange, scope: 'admin' }, 400, 'invalid_scope'],
    ['a scope that needs a key', { ...firstExchange, scope: 'config chat' }, 400, 'invalid_scope'],
    ['a scope of bad letters', { ...firstExchange, scope: 'config  track' }, 400, 'invalid_scope'],
    ['another audience', { ...firstExchange, audience: 'https://other.example' }, 400, 'invalid_target'],
    ['another resource', { ...firstExchange, resource: 'https://other.example/' }, 400, 'invalid_target'],
    ['another client', { ...firstExchange, client_id: 'other' }, 401, 'invalid_client'],
    ['a client secret', { ...firstExchange, client_secret: 'x' }, 401, 'invalid_client'],
    ['an actor', { ...firstExchange, actor_token: 'x' }, 400, 'invalid_request'],
    ['another kind of token', { ...firstExchange, requested_token_type: 'urn:x' }, 400, 'invalid_request'],
    ['another include', { ...firstExchange, include: 'secrets' }, 400, 'invalid_request'],
  ])('%s', async (_name, parameters, status, error) => {
    const response = await askToken(parameters)
    const body = await json(response)
    expect([response.status, body.error]).toEqual([status, error])
    expect(body.error_description).toMatch(DESCRIPTION)
    expect(response.headers.get('Content-Type')).toBe('application/json')
    expect(response.headers.get('Cache-Control')).toBe('no-store')
    expect(response.headers.has('WWW-Authenticate')).toBe(status === 401)
  })

  it('a parameter that comes twice, and an Authorization header', async () => {
    const headers = { Origin: ORIGIN, 'Content-Type': 'application/x-www-form-urlencoded' }
    const body = `${new URLSearchParams(firstExchange)}&scope=config&scope=track`
    expect((await json(await ask('/token', { method: 'POST', headers, body }))).error).toBe('invalid_request')
    const basic = await askToken(firstExchange, { Authorization: 'Basic eDp5' })
    expect([basic.status, (await json(basic)).error]).toEqual([401, 'invalid_client'])
    expect(basic.headers.get('WWW-Authenticate')).toBe('Basic realm="caty-keyless"')
    const bearer = await askToken(firstExchange, { Authorization: 'Bearer x' })
    expect(bearer.headers.get('WWW-Authenticate')).toBe('Bearer realm="caty-keyless"')
  })
})

describe('a granted one', () => {
  it('answers as RFC 8693 section 2.2.1 says, with the configuration when it is asked for', async () => {
    const response = await askToken({ ...firstExchange, scope: 'config track', include: 'config', audience: EDGE })
    const { access_token, config, ...rest } = await json(response)
    expect(rest).toEqual({
      issued_token_type: TOKEN_TYPE,
      token_type: 'Bearer',
      expires_in: 300,
      scope: 'config track',
    })
    expect(access_token.split('.')).toHaveLength(3)
    expect(config.persona.name).toEqual(expect.any(String))
    expect(response.headers.get('Cache-Control')).toBe('no-store')
    expect(response.headers.get('Access-Control-Allow-Origin')).toBe(ORIGIN)
  })

  it('knows the widget by the name of the vendor too, and may be told the client', async () => {
    const settings = { WIDGET_ID: 'wgt_1' }
    const response = await askToken({ ...firstExchange, subject_token: 'wgt_1', client_id: 'default' }, {}, settings)
    expect(response.status).toBe(200)
    expect(WIDGET_TYPE).toBe('urn:caty:token-type:widget-id')
  })

  it('serves pages without a secure context where DPOP is optional, and everybody where it is off', async () => {
    const whole = { ...firstExchange, scope: 'config track chat lead' }
    for (const DPOP of ['optional', 'off']) {
      const answer = await json(await askToken(whole, {}, { DPOP }))
      expect([answer.token_type, answer.scope]).toEqual(['Bearer', 'config track chat lead'])
    }
  })

  it('lives as long as TOKEN_TTL says', async () => {
    expect((await json(await askToken(firstExchange, {}, { TOKEN_TTL: '60' }))).expires_in).toBe(60)
  })
})

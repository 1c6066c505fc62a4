/** A stock OAuth client that knows the issuer's URL and nothing else. */
import * as oauth from 'oauth4webapi'
import { beforeEach, describe, expect, it } from 'vitest'
import { ask, EDGE, json, ORIGIN, TOKEN_TYPE, WIDGET_TYPE } from './client.ts'
import { received, resetSandbox } from './sandbox.ts'

beforeEach(resetSandbox)

const GRANT_TYPE = 'urn:ietf:params:oauth:grant-type:token-exchange'

/** What a browser adds to every call. */
const options = {
  [oauth.customFetch]: (url: string, init: { method: string; headers: HeadersInit; body?: unknown }) => {
    const headers = new Headers(init.headers)
    headers.set('Origin', ORIGIN)
    const { pathname } = new URL(url)
    return ask(pathname, { method: init.method, headers, body: init.body === undefined ? null : String(init.body) })
  },
}

async function discover(): Promise<oauth.AuthorizationServer> {
  const issuer = new URL(EDGE)
  const response = await oauth.discoveryRequest(issuer, { algorithm: 'oauth2', ...options })
  return oauth.processDiscoveryResponse(issuer, response)
}

async function exchange(
  server: oauth.AuthorizationServer,
  client: oauth.Client,
  parameters: Record<string, string>,
  DPoP?: oauth.DPoPHandle,
): Promise<oauth.TokenEndpointResponse> {
  const response = await oauth.genericTokenEndpointRequest(server, client, oauth.None(), GRANT_TYPE, parameters, {
    ...options,
    ...(DPoP && { DPoP }),
  })
  return oauth.processGenericTokenEndpointResponse(server, client, response)
}

describe('a stock OAuth client', () => {
  it('discovers, exchanges, renews, narrows to a key and opens a session', async () => {
    const server = await discover()
    const client: oauth.Client = { client_id: 'default' }
    const first = await exchange(server, client, {
      subject_token: 'default',
      subject_token_type: WIDGET_TYPE,
      scope: 'config track',
    })
    expect(first.token_type).toBe('bearer')
    const renewed = await exchange(server, client, {
      subject_token: first.access_token,
      subject_token_type: TOKEN_TYPE,
    })
    expect(renewed.scope).toBe('config track')
    const DPoP = oauth.DPoP(client, await oauth.generateKeyPair('ES256'))
    const bound = await exchange(
      server,
      client,
      { subject_token: renewed.access_token, subject_token_type: TOKEN_TYPE, scope: 'chat lead track' },
      DPoP,
    )
    expect(bound.token_type).toBe('dpop')
    const response = await oauth.protectedResourceRequest(
      bound.access_token,
      'POST',
      new URL(`${EDGE}/api/widget/session`),
      new Headers({ 'Content-Type': 'application/json' }),
      JSON.stringify({ page: { url: `${ORIGIN}/` } }),
      { DPoP, ...options },
    )
    expect(response.status).toBe(200)
    expect((await received()).map(({ path }) => path)).toEqual(['/api/widget/session'])
  })

  it('answers a nonce challenge when its clock is an hour off, once at each endpoint', async () => {
    const server = await discover()
    const client: oauth.Client = { client_id: 'default', [oauth.clockSkew]: -3600 }
    const DPoP = oauth.DPoP(client, await oauth.generateKeyPair('ES256'))
    const parameters = { subject_token: 'default', subject_token_type: WIDGET_TYPE, scope: 'chat' }
    const challenge = await exchange(server, client, parameters, DPoP).catch((error: unknown) => error)
    expect(oauth.isDPoPNonceError(challenge)).toBe(true)
    const bound = await exchange(server, client, parameters, DPoP)
    const response = await oauth.protectedResourceRequest(
      bound.access_token,
      'POST',
      new URL(`${EDGE}/api/widget/session`),
      new Headers({ 'Content-Type': 'application/json' }),
      '{}',
      { DPoP, ...options },
    )
    expect(response.status).toBe(200)
  })

  it('that sends a secret learns that clients have none here', async () => {
    const server = await discover()
    const client: oauth.Client = { client_id: 'default' }
    const parameters = { subject_token: 'default', subject_token_type: WIDGET_TYPE }
    for (const [authentication, scheme] of [
      [oauth.ClientSecretBasic('secret'), 'basic'],
      [oauth.ClientSecretPost('secret'), 'bearer'],
    ] as const) {
      const response = await oauth.genericTokenEndpointRequest(
        server,
        client,
        authentication,
        GRANT_TYPE,
        parameters,
        options,
      )
      const said = response.clone()
      await expect(oauth.processGenericTokenEndpointResponse(server, client, response)).rejects.toMatchObject({
        cause: [{ scheme }],
      })
      expect([response.status, (await json(said)).error]).toEqual([401, 'invalid_client'])
    }
  })
})

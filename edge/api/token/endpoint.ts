/** The token endpoint, and its metadata (RFC 8414) for stock OAuth clients. */
import type { Call } from '../../app/call.ts'
import { PROOF_ALGORITHM } from '../../base/proof-algorithm.ts'
import { policyField } from '../../base/rate-limit-fields.ts'
import { type Reason, Refused } from '../../base/reason.ts'
import type { TokenAnswer } from '../../contract/edge.ts'
import { problemOf } from '../../http/problem/index.ts'
import { SCOPES } from '../../token/access-token.ts'
import { limitTokens } from '../rate-limit.ts'
import { exchangeToken } from './exchange.ts'
import { GRANT_TYPE, readTokenRequest } from './request.ts'

/** `POST /token`. `include=config` adds the configuration, which saves every page view a round trip. */
export async function tokenCall(call: Call): Promise<Response> {
  const authorization = call.request.headers.get('Authorization')
  if (authorization !== null) {
    throw new Refused({
      kind: 'oauth',
      error: 'invalid_client',
      scheme: /^basic\b/i.test(authorization) ? 'Basic' : 'Bearer',
      why: 'Clients here are public and send no Authorization.',
    })
  }
  const quota = await limitTokens(call.request, call.request.headers.has('DPoP'), call.edge)
  call.headers.set('RateLimit-Policy', policyField([quota]))
  const request = await readTokenRequest(call.request)
  const { answer, widget, nonce } = await exchangeToken(
    { request, proof: call.request.headers.get('DPoP'), origin: call.origin, issuer: call.issuer },
    call.edge,
  )
  call.note({ widget })
  const body: TokenAnswer = request.includeConfig ? { ...answer, ...(await configMember(call, widget)) } : answer
  if (nonce !== undefined) call.headers.set('DPoP-Nonce', nonce)
  return Response.json(body, { headers: { 'Cache-Control': 'no-store', Pragma: 'no-cache' } })
}

/** The configuration, or why there is none. A failure never fails the token: the launcher then uses its defaults. */
async function configMember(call: Call, widget: string): Promise<Pick<TokenAnswer, 'config' | 'config_error'>> {
  try {
    const { config, cacheStatus } = await call.edge.configs.get(widget, call.waitUntil)
    call.note({ cache: cacheStatus })
    return { config }
  } catch (error) {
    const reason: Reason = error instanceof Refused ? error.reason : { kind: 'internal' }
    return { config_error: problemOf(reason).code }
  }
}

/** `GET /.well-known/oauth-authorization-server`. */
export function metadataCall(issuer: string): Response {
  const metadata = {
    issuer,
    token_endpoint: `${issuer}/token`,
    response_types_supported: [],
    grant_types_supported: [GRANT_TYPE],
    token_endpoint_auth_methods_supported: ['none'],
    scopes_supported: SCOPES,
    dpop_signing_alg_values_supported: [PROOF_ALGORITHM],
  }
  return Response.json(metadata, { headers: { 'Cache-Control': 'public, max-age=300' } })
}

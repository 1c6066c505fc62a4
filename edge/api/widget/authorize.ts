/** Requires a valid access token with the scope, and the proof of its key if it is bound. */
import type { Edge } from '../../app/context.ts'
import { Refused } from '../../base/reason.ts'
import type { Scope } from '../../contract/edge.ts'
import { type AccessToken, BEARER_SCOPES, verifyAccessToken } from '../../token/access-token.ts'
import { requireProof } from '../require-proof.ts'

/** `nonce` is the next one for a client whose proof needed one. */
export type AuthorizedCall = { token: AccessToken; nonce: string | undefined }

export type CallFacts = { origin: string; issuer: string; path: string }

/** RFC 6750 section 2.1 and RFC 9449 section 7.1: a case-insensitive scheme and a token68. */
const AUTHORIZATION = /^(bearer|dpop) +([A-Za-z0-9._~+/-]+=*)$/i

/** The token of the call. Throws 401, or 403 when only the scope is missing. */
export async function authorize(
  request: Request,
  needed: Scope,
  facts: CallFacts,
  edge: Pick<Edge, 'settings' | 'ring' | 'replays' | 'platform'>,
): Promise<AuthorizedCall> {
  const header = request.headers.get('Authorization')
  if (header === null) throw new Refused({ kind: 'no_token', bearerToo: BEARER_SCOPES.includes(needed) })
  const [, word = '', text = ''] = AUTHORIZATION.exec(header) ?? []
  const scheme = word.toLowerCase() === 'dpop' ? 'DPoP' : 'Bearer'
  const verified = await verifyAccessToken(text, edge.ring, {
    issuer: facts.issuer,
    origin: facts.origin,
    epoch: edge.settings.tokenEpoch,
    now: edge.platform.now(),
    grace: 0,
  })
  if (!verified.ok) throw new Refused({ kind: 'token', scheme, fault: verified.fault })
  const { token } = verified
  // A bound token that is sent as a Bearer token may be stolen (RFC 9449 section 7.2).
  if ((token.cnf !== undefined) !== (scheme === 'DPoP'))
    throw new Refused({ kind: 'token', scheme, fault: 'wrong_scheme' })
  if (!edge.settings.widgets.has(token.client_id)) throw new Refused({ kind: 'token', scheme, fault: 'wrong_claims' })
  const url = facts.issuer + facts.path
  const proof =
    token.cnf &&
    (await requireProof(
      request.headers.get('DPoP'),
      { method: request.method, url, accessToken: text, thumbprint: token.cnf.jkt },
      edge,
    ))
  if (!token.scope.includes(needed)) throw new Refused({ kind: 'scope', scheme, needed })
  return { token, nonce: proof?.nonce }
}

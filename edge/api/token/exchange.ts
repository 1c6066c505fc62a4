/**
 * Token exchange (RFC 8693). The subject is the widget of the page, or an earlier token of the page. A token gets more
 * scope than its subject only with the proof of a key.
 */

import { type Edge, widgetNamed } from '../../app/context.ts'
import { encodeBase64Url } from '../../base/base64url.ts'
import type { Scope, TokenAnswer } from '../../contract/edge.ts'
import {
  type AccessToken,
  BEARER_SCOPES,
  RENEWAL_GRACE_S,
  RENEWALS_END_S,
  SCOPES,
  signAccessToken,
  verifyAccessToken,
} from '../../token/access-token.ts'
import { anonymousVisitor, visitorOfKey } from '../../token/visitor.ts'
import { type ProvenKey, requireProof } from '../require-proof.ts'
import { checkChallenge } from './challenge.ts'
import { ACCESS_TOKEN_TYPE, refuse, type TokenRequest, WIDGET_ID_TYPE } from './request.ts'

export type ExchangeCall = {
  request: TokenRequest
  /** The `DPoP` header as received. */
  proof: string | null
  /** The page's origin, already allowed. */
  origin: string
  issuer: string
}

/** The subject: a page with a widget, or the holder of an earlier token. */
type Subject = { widget: string; earlier: AccessToken | undefined }

/** `nonce` is the next one for a client whose proof needed one. */
export type Exchanged = { answer: TokenAnswer; widget: string; nonce: string | undefined }

/** Makes the exchange. Throws `Refused`: an OAuth error, a fault of the proof, a nonce or a challenge. */
export async function exchangeToken(call: ExchangeCall, edge: Edge): Promise<Exchanged> {
  const { request } = call
  checkTarget(request, call.issuer)
  const subject = await readSubject(call, edge)
  checkClient(request, subject, edge)
  const proof = await keyOf(call, subject, edge)
  const thumbprint = proof?.thumbprint
  // Only for the first bound token of a key: renewals need no challenge.
  if (thumbprint !== undefined && subject.earlier?.cnf === undefined)
    await checkChallenge({ response: request.challenge, origin: call.origin, thumbprint }, edge)
  const scope = grantedScope(request, subject, thumbprint !== undefined, edge)
  const claims = await newClaims({ call, subject, scope, thumbprint }, edge)
  return {
    widget: subject.widget,
    nonce: proof?.nonce,
    answer: {
      access_token: await signAccessToken(claims, edge.ring),
      issued_token_type: ACCESS_TOKEN_TYPE,
      token_type: thumbprint === undefined ? 'Bearer' : 'DPoP',
      expires_in: claims.exp - claims.iat,
      scope: scope.join(' '),
    },
  }
}

/** RFC 8693 section 2.2.2: a target that is not this edge is `invalid_target`. */
function checkTarget(request: TokenRequest, issuer: string): void {
  const fits = (target: string) => target === issuer || target === `${issuer}/`
  if (!request.audience.every(fits)) refuse('invalid_target', 'The audience must be the issuer of this edge.')
  if (!request.resource.every((target) => fits(target) || target.startsWith(`${issuer}/api/widget/`))) {
    refuse('invalid_target', 'The resource must be this edge.')
  }
}

async function readSubject(call: ExchangeCall, edge: Edge): Promise<Subject> {
  const { subject, subjectType } = call.request
  const earlier = subjectType === WIDGET_ID_TYPE ? undefined : await earlierToken(subject, call, edge)
  const widget =
    widgetNamed(edge.settings, earlier?.client_id ?? subject) ??
    refuse('invalid_request', 'The subject_token names no widget of this edge.')
  return { widget, earlier }
}

async function earlierToken(text: string, { issuer, origin }: ExchangeCall, edge: Edge): Promise<AccessToken> {
  const now = edge.platform.now()
  const verified = await verifyAccessToken(text, edge.ring, {
    issuer,
    origin,
    epoch: edge.settings.tokenEpoch,
    now,
    grace: RENEWAL_GRACE_S,
  })
  if (!verified.ok) return refuse('invalid_request', 'The subject_token does not count here, or no longer.')
  const { token } = verified
  if (now.getTime() / 1000 >= token.sid_exp)
    return refuse('invalid_request', 'The subject_token is past its last renewal.')
  return token
}

/** Clients are public. A `client_id` may be sent, and must be the widget. */
function checkClient(request: TokenRequest, subject: Subject, edge: Edge): void {
  if (request.clientId !== undefined && widgetNamed(edge.settings, request.clientId) !== subject.widget) {
    refuse('invalid_client', 'The client_id is not the widget of the subject_token.')
  }
}

/** The key the new token is bound to, `undefined` for a Bearer token. */
async function keyOf(call: ExchangeCall, subject: Subject, edge: Edge): Promise<ProvenKey | undefined> {
  const thumbprint = subject.earlier?.cnf?.jkt
  if (thumbprint === undefined && (edge.settings.dpop === 'off' || call.proof === null)) return undefined
  return requireProof(call.proof, { method: 'POST', url: `${call.issuer}/token`, thumbprint }, edge)
}

/** The requested scope, or all that is allowed. More than the earlier token had needs a new key. */
function grantedScope(request: TokenRequest, subject: Subject, bound: boolean, edge: Edge): Scope[] {
  const { earlier } = subject
  const byKind = bound || edge.settings.dpop !== 'required' ? SCOPES : BEARER_SCOPES
  const newlyBound = bound && earlier?.cnf === undefined
  // Where keys are not required anybody may have every scope from the start, so holding a page to less guards nothing.
  const held = earlier && !newlyBound && edge.settings.dpop === 'required'
  const allowed = held ? byKind.filter((scope) => earlier.scope.includes(scope)) : byKind
  if (request.scope === undefined) return [...(earlier && !newlyBound ? earlier.scope : byKind)]
  const asked = request.scope
  const refused = asked.find((scope) => !allowed.some((known) => known === scope))
  if (refused !== undefined) {
    const known = SCOPES.some((scope) => scope === refused)
    refuse(
      'invalid_scope',
      known
        ? `The scope ${refused} needs a DPoP proof, or was not in the subject_token.`
        : 'The scope has a member that is not known.',
    )
  }
  return SCOPES.filter((scope) => asked.includes(scope))
}

type TokenPlan = { call: ExchangeCall; subject: Subject; scope: Scope[]; thumbprint: string | undefined }

async function newClaims({ call, subject, scope, thumbprint }: TokenPlan, edge: Edge): Promise<AccessToken> {
  const { earlier, widget } = subject
  const iat = Math.floor(edge.platform.now().getTime() / 1000)
  const sidExp = earlier?.sid_exp ?? iat + RENEWALS_END_S
  return {
    iss: call.issuer,
    aud: call.issuer,
    sub:
      thumbprint === undefined
        ? (earlier?.sub ?? anonymousVisitor(edge.platform.random(18)))
        : await visitorOfKey(thumbprint, widget),
    client_id: widget,
    iat,
    exp: Math.min(iat + edge.settings.tokenTtl, sidExp),
    jti: encodeBase64Url(edge.platform.random(12)),
    scope,
    org: call.origin,
    ep: edge.settings.tokenEpoch,
    sid_exp: sidExp,
    ...(thumbprint !== undefined && { cnf: { jkt: thumbprint } }),
  }
}

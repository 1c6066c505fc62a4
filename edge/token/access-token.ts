/**
 * The access token: a JWT in the form of RFC 9068 (`typ: at+jwt`, its required claims), signed with HS256 because the
 * issuer is its only verifier. `org` binds it to the page's origin, `cnf.jkt` to the visitor's key, `ep` to `TOKEN_EPOCH`.
 */
import * as v from 'valibot'
import type { TokenFault } from '../base/reason.ts'
import type { Scope } from '../contract/edge.ts'
import { readCompactJws } from './jws-gate.ts'
import { signJwt, verifyJwt } from './jwt.ts'
import type { KeyRing } from './key-ring.ts'

/** Every scope, in the order of answers. */
export const SCOPES = ['config', 'track', 'chat', 'lead'] as const satisfies readonly Scope[]
/** Scopes of tokens that are not bound to a key. With any other, a copied token could act for the visitor. */
export const BEARER_SCOPES: readonly Scope[] = ['config', 'track']

/** Seconds after `exp` in which a token can still be renewed, so that a page that slept keeps its visitor. */
export const RENEWAL_GRACE_S = 60
/** Seconds after the first exchange at which renewals end, so that a stolen page state does not live for ever. */
export const RENEWALS_END_S = 12 * 3600

const Claims = v.object({
  iss: v.string(),
  aud: v.string(),
  sub: v.string(),
  client_id: v.string(),
  iat: v.number(),
  exp: v.number(),
  jti: v.string(),
  scope: v.pipe(
    v.string(),
    v.transform((text) => SCOPES.filter((scope) => text.split(' ').includes(scope))),
  ),
  org: v.string(),
  ep: v.number(),
  sid_exp: v.number(),
  cnf: v.optional(v.object({ jkt: v.string() })),
})

/** The claims of a verified token; times in seconds since the epoch. */
export type AccessToken = v.InferOutput<typeof Claims>

export type VerifiedToken = { ok: true; token: AccessToken } | { ok: false; fault: TokenFault }

export type TokenExpectation = {
  issuer: string
  /** The `Origin` of the call, compared with `org`. */
  origin: string
  epoch: number
  now: Date
  /** Seconds after `exp` in which the token still counts; for renewals only. */
  grace: number
}

/** Signs the claims with the ring's first key. */
export async function signAccessToken(claims: AccessToken, ring: KeyRing): Promise<string> {
  const { kid, key } = await ring.signing('access-token')
  const { scope, cnf, ...plain } = claims
  return signJwt({ typ: 'at+jwt', kid }, { ...plain, scope: scope.join(' '), ...(cnf && { cnf }) }, key)
}

/** Makes every check of a token except the proof of its key. Never throws. The fault is for the log: callers all see the same 401. */
export async function verifyAccessToken(
  text: string,
  ring: KeyRing,
  expected: TokenExpectation,
): Promise<VerifiedToken> {
  const refused = (fault: TokenFault): VerifiedToken => ({ ok: false, fault })
  const jws = readCompactJws(text)
  if (!jws) return refused('malformed')
  const { typ, alg, kid } = jws.header
  // Explicit typing (RFC 8725 section 3.11): a JWT that was signed for another purpose is no access token.
  if (typ !== 'at+jwt' || alg !== 'HS256') return refused('wrong_type')
  const key = typeof kid === 'string' ? await ring.named(kid, 'access-token') : undefined
  if (!key) return refused('unknown_key')
  const { issuer, now, grace } = expected
  const verified = await verifyJwt(jws, {
    algorithm: 'HS256',
    key,
    issuer,
    audience: issuer,
    now,
    tolerance: grace,
  })
  if (!verified.ok) return refused(verified.fault)
  const claims = v.safeParse(Claims, verified.claims)
  if (!claims.success) return refused('wrong_claims')
  if (claims.output.ep !== expected.epoch) return refused('revoked')
  if (claims.output.org !== expected.origin) return refused('wrong_origin')
  return { ok: true, token: claims.output }
}

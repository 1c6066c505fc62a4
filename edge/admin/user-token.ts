/**
 * The access token of a Supabase user, verified before anything is forwarded. It comes in with three results: valid, not
 * there, or there and invalid; the third never counts as the second, so nothing else is tried in its place.
 */
import { errors, type JWTPayload, jwtVerify } from 'jose'
import * as v from 'valibot'
import { Secret } from '../secret.ts'
import { readCompactJws } from '../token/jws-gate.ts'
import type { KeySet } from './jwks.ts'
import type { AdminSettings } from './settings.ts'

export type UserFault =
  | 'malformed'
  | 'wrong_type'
  | 'foreign_key'
  | 'wrong_algorithm'
  | 'unknown_key'
  | 'bad_signature'
  | 'wrong_issuer'
  | 'wrong_audience'
  | 'expired'
  | 'not_yet_valid'
  | 'anonymous'
  | 'wrong_claims'

/** `jwt` is forwarded as it came; `roles` are from `app_metadata`, which a user cannot edit. */
export type User = { id: string; jwt: Secret; roles: readonly string[] }
export type UserToken = { kind: 'valid'; user: User } | { kind: 'absent' } | { kind: 'invalid'; fault: UserFault }

export type UserTokenOptions = {
  settings: AdminSettings
  keys: KeySet
  now: Date
  later: (work: Promise<unknown>) => void
}

/** Seconds that the clocks of Supabase and of the edge may be apart. */
export const LEEWAY_S = 5
const AUDIENCE = 'authenticated'

/** RFC 6750 section 2.1. A JWS has no other letters; the gate looks at them again. */
const BEARER = /^bearer +([A-Za-z0-9._-]+)$/i

/** Headers that name a key or where to get one (RFC 7515 section 4.1). Supabase sends none; whoever does chose the key himself. */
const KEY_HEADERS = ['jku', 'jwk', 'x5u', 'x5c', 'x5t', 'x5t#S256', 'crit', 'b64', 'zip']

const Roles = v.fallback(
  v.pipe(
    v.object({ role: v.optional(v.string()), roles: v.fallback(v.array(v.string()), []) }),
    v.transform(({ role, roles }) => (role === undefined ? roles : [role, ...roles])),
  ),
  [],
)
const Claims = v.object({
  sub: v.pipe(v.string(), v.minLength(1), v.maxLength(255)),
  exp: v.number(),
  // Whatever is not plainly "no" is a "yes": an anonymous user is anybody at all.
  is_anonymous: v.optional(v.literal(false)),
  app_metadata: v.optional(v.unknown()),
})

/** Throws only when the keys of the project cannot be had (503). */
export async function readUserToken(header: string | null, options: UserTokenOptions): Promise<UserToken> {
  if (header === null) return { kind: 'absent' }
  const jwt = BEARER.exec(header)?.[1] ?? ''
  const protectedHeader = readCompactJws(jwt)
  if (!protectedHeader) return invalid('malformed')
  const { typ, alg, kid } = protectedHeader
  // Explicit typing (RFC 8725 section 3.11): a visitor's access token or a proof is a JWT too.
  if (typ !== undefined && !(typeof typ === 'string' && typ.toUpperCase() === 'JWT')) return invalid('wrong_type')
  if (KEY_HEADERS.some((name) => name in protectedHeader)) return invalid('foreign_key')
  const { supabaseUrl, jwtSecrets } = options.settings
  const claimed = { issuer: `${supabaseUrl}/auth/v1`, now: options.now }
  if (alg === 'HS256') {
    return verifiedByShared(jwt, jwtSecrets, claimed)
  }
  if (alg !== 'ES256' && alg !== 'RS256' && alg !== 'EdDSA') return invalid('wrong_algorithm')
  if (typeof kid !== 'string' || kid.length > 200) return invalid('unknown_key')
  const named = await options.keys.named(kid, options.later)
  if (named.length === 0) return invalid('unknown_key')
  const key = named.find(({ algorithm }) => algorithm === alg)
  return key ? verified(jwt, key.key, key.algorithm, claimed) : invalid('wrong_algorithm')
}

type Claimed = { issuer: string; now: Date }

/** While the project's secret changes, a token is signed by the old one or by the next. */
async function verifiedByShared(jwt: string, secrets: readonly Secret[], claimed: Claimed): Promise<UserToken> {
  let judged = invalid('wrong_algorithm')
  for (const secret of secrets) {
    judged = await verified(jwt, new TextEncoder().encode(secret.revealSecret()), 'HS256', claimed)
    if (judged.kind !== 'invalid' || judged.fault !== 'bad_signature') return judged
  }
  return judged
}

async function verified(
  jwt: string,
  key: CryptoKey | Uint8Array,
  algorithm: string,
  { issuer, now }: Claimed,
): Promise<UserToken> {
  try {
    const { payload } = await jwtVerify(jwt, key, {
      algorithms: [algorithm],
      issuer,
      audience: AUDIENCE,
      requiredClaims: ['exp', 'sub'],
      clockTolerance: LEEWAY_S,
      currentDate: now,
    })
    return judged(payload, jwt)
  } catch (error) {
    return invalid(faultOf(error))
  }
}

function judged(payload: JWTPayload, jwt: string): UserToken {
  const claims = v.safeParse(Claims, payload)
  if (!claims.success) return invalid(claims.issues.some(isAboutAnonymity) ? 'anonymous' : 'wrong_claims')
  const { sub, app_metadata } = claims.output
  return { kind: 'valid', user: { id: sub, jwt: new Secret(jwt), roles: v.parse(Roles, app_metadata) } }
}

const isAboutAnonymity = (issue: v.BaseIssue<unknown>): boolean => v.getDotPath(issue) === 'is_anonymous'
const invalid = (fault: UserFault): UserToken => ({ kind: 'invalid', fault })

function faultOf(error: unknown): UserFault {
  if (error instanceof errors.JWTExpired) return 'expired'
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'bad_signature'
  if (error instanceof errors.JWTClaimValidationFailed) {
    if (error.claim === 'iss') return 'wrong_issuer'
    if (error.claim === 'aud') return 'wrong_audience'
    return error.claim === 'nbf' && error.reason === 'check_failed' ? 'not_yet_valid' : 'wrong_claims'
  }
  return 'malformed'
}

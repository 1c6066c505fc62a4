/**
 * Verifies the access token of a Supabase user. The result is valid, absent or invalid; an invalid token is never treated
 * as an absent one.
 */
import * as v from 'valibot'
import type { UserFault } from '../base/reason.ts'
import { Secret } from '../base/secret.ts'
import type { SecretKey } from '../base/secret-key.ts'
import type { AdminSettings } from '../settings/index.ts'
import type { JwsAlgorithm } from '../token/algorithms.ts'
import { type CompactJws, MAX_JWS_CHARS, readCompactJws } from '../token/jws-gate.ts'
import { verifyJwt } from '../token/jwt.ts'
import type { KeySet } from './jwks.ts'

/** `jwt` is forwarded unchanged. `roles` are from `app_metadata`, which users cannot edit. `expires` in seconds since the epoch. */
export type User = { id: string; jwt: Secret; roles: readonly string[]; expires: number }
export type UserToken = { kind: 'valid'; user: User } | { kind: 'absent' } | { kind: 'invalid'; fault: UserFault }

export type UserTokenOptions = {
  settings: AdminSettings
  keys: KeySet
  now: Date
  waitUntil: (work: Promise<unknown>) => void
}

/** Seconds that the clocks of Supabase and of the edge may be apart. */
export const LEEWAY_S = 5
const AUDIENCE = 'authenticated'

/** RFC 6750 section 2.1, with the characters of a compact JWS. */
const BEARER = /^bearer +([A-Za-z0-9._-]+)$/i

/** Headers that bring a key or its address (RFC 7515 section 4.1). Supabase sends none of them; an attacker might. */
const KEY_HEADERS = ['jku', 'jwk', 'x5u', 'x5c', 'x5t', 'x5t#S256']

/** The roles in `app_metadata`, if there are any. */
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
  app_metadata: Roles,
})

/** Reads the `Authorization` header, `null` when there is none. Throws 503 when there is no copy of the project's keys. */
export async function readUserToken(header: string | null, options: UserTokenOptions): Promise<UserToken> {
  if (header === null) return { kind: 'absent' }
  const text = BEARER.exec(header)?.[1] ?? ''
  if (text.length > MAX_JWS_CHARS) return invalid('too_long')
  const jws = readCompactJws(text)
  if (!jws) return invalid('malformed')
  const { typ, alg, kid } = jws.header
  // Explicit typing (RFC 8725 section 3.11): a visitor's access token and a proof are JWTs too.
  if (typ !== undefined && !(typeof typ === 'string' && typ.toUpperCase() === 'JWT')) return invalid('wrong_type')
  if (KEY_HEADERS.some((name) => name in jws.header)) return invalid('foreign_key')
  const { supabaseUrl, jwtSecrets } = options.settings
  const token = { jws, issuer: `${supabaseUrl}/auth/v1`, now: options.now }
  if (alg === 'HS256') return verifiedByShared(token, jwtSecrets)
  if (alg !== 'ES256' && alg !== 'RS256' && alg !== 'EdDSA') return invalid('wrong_algorithm')
  if (typeof kid !== 'string' || kid.length > 200) return invalid('unknown_key')
  const named = await options.keys.named(kid, options.waitUntil)
  if (named.length === 0) return invalid('unknown_key')
  const key = named.find(({ algorithm }) => algorithm === alg)
  return key ? verified(token, key.algorithm, key.key) : invalid('wrong_algorithm')
}

type SessionToken = { jws: CompactJws; issuer: string; now: Date }

/** Tries each shared secret: during a rotation a token is signed by the old one or by the next. */
async function verifiedByShared(token: SessionToken, secrets: readonly SecretKey[]): Promise<UserToken> {
  let judged = invalid('wrong_algorithm')
  for (const secret of secrets) {
    judged = await verified(token, 'HS256', await secret.hmac())
    if (judged.kind !== 'invalid' || judged.fault !== 'bad_signature') return judged
  }
  return judged
}

async function verified(
  { jws, issuer, now }: SessionToken,
  algorithm: JwsAlgorithm,
  key: CryptoKey,
): Promise<UserToken> {
  const read = await verifyJwt(jws, { algorithm, key, issuer, audience: AUDIENCE, now, tolerance: LEEWAY_S })
  if (!read.ok) return invalid(read.fault)
  // Supabase leaves the claim out or sends a boolean. Any other value counts as anonymous, to be on the safe side.
  const { is_anonymous: anonymous } = read.claims
  if (anonymous !== undefined && anonymous !== false) return invalid('anonymous')
  const claims = v.safeParse(Claims, read.claims)
  if (!claims.success) return invalid('wrong_claims')
  const { sub, app_metadata, exp } = claims.output
  return { kind: 'valid', user: { id: sub, jwt: new Secret(jws.text), roles: app_metadata, expires: exp } }
}

const invalid = (fault: UserFault): UserToken => ({ kind: 'invalid', fault })

/**
 * Why the edge refuses a call: one closed union. `problem.ts` maps it to the wire, and a new member does not compile
 * until it is mapped there. What stands in a reason may go to the log; what goes outside is decided by the mapper.
 */

import type { Scope } from '../contract/edge.ts'
import type { Policy, Quota } from './rate-limit-fields.ts'

/** A setting that is missing or wrong: its name and the rest of the sentence, which repeats nothing of its value. */
export type SettingProblem = { setting: string; why: string }

/** The problem as one sentence: the name of the setting and what to change, never its value. */
export const settingSentence = ({ setting, why }: SettingProblem): string => `${setting} ${why}.`

/** Why the common claims of a JWT (RFC 7519 section 4.1) do not count. */
export type ClaimsFault = 'wrong_issuer' | 'wrong_audience' | 'not_yet_valid' | 'expired' | 'wrong_claims'

/** Why an access token does not count. */
export type TokenFault =
  | ClaimsFault
  | 'malformed'
  | 'wrong_type'
  | 'unknown_key'
  | 'bad_signature'
  | 'revoked'
  | 'wrong_origin'

/** Why a DPoP proof does not count, by the checks of RFC 9449 section 4.3. */
export type ProofFault =
  | 'missing'
  | 'several'
  | 'malformed'
  | 'wrong_type'
  | 'wrong_algorithm'
  | 'wrong_jwk'
  | 'bad_signature'
  | 'wrong_claims'
  | 'wrong_method'
  | 'wrong_url'
  | 'stale'
  | 'stale_nonce'
  | 'wrong_token_hash'
  | 'other_key'
  | 'replayed'

/** Why the access token of a Supabase user does not count. */
export type UserFault =
  | ClaimsFault
  | 'malformed'
  | 'wrong_type'
  | 'foreign_key'
  | 'wrong_algorithm'
  | 'unknown_key'
  | 'bad_signature'
  | 'anonymous'

export type OAuthError =
  | 'invalid_request'
  | 'invalid_client'
  | 'invalid_scope'
  | 'invalid_target'
  | 'unsupported_grant_type'

/** How an upstream call failed. `answered` is an error status, `unreadable` a body that is no JSON of the right shape. */
export type UpstreamFault =
  | 'unreachable'
  | 'timeout'
  | 'redirect'
  | 'too_large'
  | 'unreadable'
  | 'answered'
  | 'no_route'

/** The list an origin is looked up in: pages with the widget, or dashboards. */
export type OriginSetting = 'ALLOWED_ORIGINS' | 'ADMIN_ORIGINS'

export type Reason =
  | { kind: 'settings'; problems: readonly SettingProblem[] }
  | { kind: 'maintenance'; retryAfter: number }
  | { kind: 'origin_missing'; setting: OriginSetting }
  | { kind: 'origin_not_allowed'; origin: string; setting: OriginSetting }
  | { kind: 'fetch_metadata'; why: string }
  | { kind: 'not_found' }
  | { kind: 'method_not_allowed'; allow: readonly string[] }
  | { kind: 'content_type'; expected: string }
  | { kind: 'body_too_large'; limit: number }
  | { kind: 'body_slow' }
  | { kind: 'body_malformed'; why: string; field?: string | undefined }
  | { kind: 'no_token'; bearerToo: boolean }
  | { kind: 'token'; scheme: 'Bearer' | 'DPoP'; fault: TokenFault | 'wrong_scheme' }
  | { kind: 'scope'; scheme: 'Bearer' | 'DPoP'; needed: Scope }
  | { kind: 'proof'; fault: ProofFault }
  | { kind: 'nonce_needed'; nonce: string }
  | { kind: 'oauth'; error: OAuthError; why: string }
  | { kind: 'session_not_found' }
  | { kind: 'upstream'; fault: UpstreamFault; status?: number }
  | { kind: 'upstream_refused_key' }
  | { kind: 'upstream_refused_body' }
  | { kind: 'upstream_busy'; retryAfter: number }
  | { kind: 'upstream_resting'; retryAfter: number }
  | { kind: 'quota'; policy: Policy; quotas: readonly Quota[]; retryAfter: number }
  | { kind: 'idempotency_mismatch' }
  | { kind: 'idempotency_running'; retryAfter: number }
  | { kind: 'ledger_unreachable'; retryAfter: number }
  | { kind: 'challenge_needed'; siteKey: string }
  | { kind: 'challenge_failed'; siteKey: string }
  | { kind: 'challenge_unreachable'; retryAfter: number }
  | { kind: 'uploads_off' }
  | { kind: 'file_type'; allowed: readonly string[] }
  | { kind: 'no_user_token' }
  | { kind: 'user_token'; fault: UserFault }
  | { kind: 'role_missing' }
  | { kind: 'keys_unreachable'; retryAfter: number }
  | { kind: 'upstream_refused_user' }
  | { kind: 'record_not_found' }
  | { kind: 'webhook_signature'; fault: 'missing' | 'malformed' | 'wrong' }
  | { kind: 'webhook_not_kept'; fault: 'full' | 'ledger'; retryAfter: number }
  | { kind: 'internal' }

/** Thrown from any depth of a call and caught in one place, `index.ts`. */
export class Refused extends Error {
  readonly reason: Reason

  constructor(reason: Reason) {
    super(reason.kind)
    this.reason = reason
  }
}

/** What does not fit in a body or a query: `field` is its name, `why` the end of the sentence about it. */
export const malformed = (why: string, field?: string): Refused => new Refused({ kind: 'body_malformed', why, field })

/** An answer of Caty that is of no use: a route that is not there, or a body of another shape. */
export const unusable = (status: number): Refused =>
  new Refused({ kind: 'upstream', fault: status === 404 ? 'no_route' : 'unreadable' })

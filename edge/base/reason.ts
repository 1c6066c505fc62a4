/**
 * Why the edge refuses a call: one closed union. A new kind does not compile until `http/problem/table.ts` has a row for
 * it. A reason may go to the log as it is; the table alone decides what the caller is told.
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
  | 'too_long'
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

/** What belongs to each kind of reason. Numbers named `retryAfter` are seconds. */
type Details = {
  settings: { problems: readonly SettingProblem[] }
  maintenance: { retryAfter: number }
  origin_missing: { setting: OriginSetting }
  origin_not_allowed: { origin: string; setting: OriginSetting }
  fetch_metadata: { why: string }
  not_found: object
  method_not_allowed: { allow: readonly string[] }
  content_type: { expected: string }
  body_too_large: { limit: number }
  body_slow: object
  body_malformed: { why: string; field?: string | undefined }
  no_token: { bearerToo: boolean }
  token: { scheme: 'Bearer' | 'DPoP'; fault: TokenFault | 'wrong_scheme' }
  scope: { scheme: 'Bearer' | 'DPoP'; needed: Scope }
  proof: { fault: ProofFault }
  nonce_needed: { nonce: string }
  /** `scheme` is the one of the client's `Authorization`. */
  oauth: { error: OAuthError; why: string; scheme?: 'Basic' | 'Bearer' }
  session_not_found: object
  upstream: { fault: UpstreamFault; status?: number }
  upstream_refused_key: object
  upstream_refused_body: object
  upstream_busy: { retryAfter: number }
  upstream_resting: { retryAfter: number }
  /** Caty may have taken the message. `repeated`: its key was used before, with this ending. */
  outcome_unknown: { fault: UpstreamFault | 'internal' | 'repeated' }
  quota: { policy: Policy; quotas: readonly Quota[]; retryAfter: number }
  idempotency_mismatch: object
  idempotency_running: { retryAfter: number }
  ledger_unreachable: { retryAfter: number }
  challenge_needed: { siteKey: string }
  challenge_failed: { siteKey: string }
  challenge_unreachable: { retryAfter: number }
  uploads_off: object
  file_type: { allowed: readonly string[] }
  no_user_token: object
  user_token: { fault: UserFault }
  role_missing: object
  keys_unreachable: { retryAfter: number }
  upstream_refused_user: object
  record_not_found: object
  webhook_signature: { fault: 'missing' | 'malformed' | 'wrong' }
  webhook_stale: { fault: string }
  webhook_not_kept: { fault: 'full' | 'ledger'; retryAfter: number }
  internal: object
}

export type ReasonKind = keyof Details
/** The reasons of these kinds, each with its details. */
export type ReasonOf<K extends ReasonKind> = { [P in K]: { kind: P } & Details[P] }[K]
export type Reason = ReasonOf<ReasonKind>

/** Thrown from any depth of a call, and caught in one place (`onError` in app/call.ts). */
export class Refused extends Error {
  readonly reason: Reason

  constructor(reason: Reason) {
    super(reason.kind)
    this.reason = reason
  }
}

/** The error for a body or a query that does not fit. `field` names the member, `why` ends the sentence about it. */
export const malformed = (why: string, field?: string): Refused => new Refused({ kind: 'body_malformed', why, field })

/** The error for an answer of Caty with an unknown route or a body of another shape. */
export const unusable = (status: number): Refused =>
  new Refused({ kind: 'upstream', fault: status === 404 ? 'no_route' : 'unreadable' })

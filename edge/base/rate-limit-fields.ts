/**
 * The header fields of draft-ietf-httpapi-ratelimit-headers, as structured fields (RFC 9651): `RateLimit-Policy` states the
 * limits, `RateLimit` what is left of the one that will be reached first.
 */

export type Policy =
  | 'calls'
  | 'tokens'
  | 'bound-tokens'
  | 'visitor'
  | 'tenant'
  | 'day'
  | 'uploads'
  | 'proactive'
  | 'leads'
  | 'admin'
  | 'admin-tenant'
  | 'caty'
/** Requests in a window of so many seconds. */
export type Quota = { policy: Policy; quota: number; window: number }

/** `RateLimit-Policy`, one entry a policy: `"calls";q=120;w=60`. The names are ours and need no escaping. */
export const policyField = (quotas: readonly Quota[]): string =>
  quotas.map(({ policy, quota, window }) => `"${policy}";q=${quota};w=${window}`).join(', ')

/** `RateLimit`: the remaining requests of a policy, and the seconds until there are more. */
export const stateField = (policy: Policy, remaining: number, seconds?: number): string =>
  `"${policy}";r=${remaining}${seconds === undefined ? '' : `;t=${Math.max(1, Math.ceil(seconds))}`}`

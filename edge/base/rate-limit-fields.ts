/**
 * The fields of draft-ietf-httpapi-ratelimit-headers, as structured fields (RFC 9651): `RateLimit-Policy` says what the
 * limits are, `RateLimit` what is left of the one that is nearest to its end.
 */

export type Policy =
  | 'calls'
  | 'tokens'
  | 'bound-tokens'
  | 'visitor'
  | 'tenant'
  | 'day'
  | 'admin'
  | 'admin-tenant'
  | 'caty'
/** Requests and the window's length in seconds. */
export type Quota = { policy: Policy; quota: number; window: number }

/** One entry a policy: `"calls";q=120;w=60`. The names are our own words, so they need no escaping. */
export const policyField = (quotas: readonly Quota[]): string =>
  quotas.map(({ policy, quota, window }) => `"${policy}";q=${quota};w=${window}`).join(', ')

/** `remaining` of a policy, and the seconds until there is more. */
export const stateField = (policy: Policy, remaining: number, seconds?: number): string =>
  `"${policy}";r=${remaining}${seconds === undefined ? '' : `;t=${Math.max(1, Math.ceil(seconds))}`}`

/** The claims that mean the same in every JWT (RFC 7519 section 4.1): from whom, for whom, since when and until when. */
import type { ClaimsFault } from '../base/reason.ts'
import type { JsonObject } from './jws-gate.ts'

/** `tolerance`: seconds that the clocks may be apart, or that a token counts beyond its end. */
export type Clock = { now: Date; tolerance: number }

/** What is wrong with the claims of a verified token, or `undefined`. All that is expected must be there. */
export function claimsFault(
  claims: JsonObject,
  expected: Clock & { issuer: string; audience: string },
): ClaimsFault | undefined {
  if (claims.iss !== expected.issuer) return 'wrong_issuer'
  // One audience or a list of them.
  if (![claims.aud].flat().includes(expected.audience)) return 'wrong_audience'
  return timesFault(claims, expected)
}

/** A time that is not there does not count; which ones must be there is for the schema of the token to say. */
export function timesFault({ iat, nbf, exp }: JsonObject, { now, tolerance }: Clock): ClaimsFault | undefined {
  if (!isTime(iat) || !isTime(nbf) || !isTime(exp)) return 'wrong_claims'
  const seconds = Math.floor(now.getTime() / 1000)
  if (nbf !== undefined && nbf > seconds + tolerance) return 'not_yet_valid'
  if (exp !== undefined && exp <= seconds - tolerance) return 'expired'
  return undefined
}

/** JSON has numbers that are too large for a number here, such as 1e999: an end that never comes is none. */
const isTime = (value: unknown): value is number | undefined => value === undefined || Number.isFinite(value)

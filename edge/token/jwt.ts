/**
 * Signed JWTs, verified and signed by jose. The caller names the algorithm, by the key that it holds; the header of a
 * token can only agree with it (RFC 8725 section 3.1).
 */
import { errors, type JWTPayload, jwtVerify, SignJWT } from 'jose'
import type { ClaimsFault } from '../base/reason.ts'
import type { JwsAlgorithm } from './algorithms.ts'
import type { CompactJws } from './jws-gate.ts'

export type JwtExpectation = {
  algorithm: JwsAlgorithm
  key: CryptoKey
  now: Date
  /** Seconds by which the clocks may differ, or for which the token counts beyond its end. */
  tolerance: number
  issuer?: string
  audience?: string
}
export type VerifiedJwt = { ok: true; claims: JWTPayload } | { ok: false; fault: ClaimsFault | 'bad_signature' }

/**
 * Verifies the signature and the common claims (RFC 7519 section 4.1) of a token that passed the gate. A time that is
 * absent is not checked: the schema of the token says which ones are required. Never throws.
 */
export async function verifyJwt(jws: CompactJws, expected: JwtExpectation): Promise<VerifiedJwt> {
  const { algorithm, key, now, tolerance, issuer, audience } = expected
  try {
    const { payload } = await jwtVerify(jws.text, key, {
      algorithms: [algorithm],
      currentDate: now,
      clockTolerance: tolerance,
      ...(issuer !== undefined && { issuer }),
      ...(audience !== undefined && { audience }),
    })
    return timesAreFinite(payload) ? { ok: true, claims: payload } : { ok: false, fault: 'wrong_claims' }
  } catch (error) {
    return { ok: false, fault: faultOf(error) }
  }
}

/** JSON can spell numbers that overflow, such as 1e999. jose takes them for a time, and then a token never ends. */
const timesAreFinite = ({ iat, nbf, exp }: JWTPayload): boolean =>
  [iat, nbf, exp].every((time) => time === undefined || Number.isFinite(time))

function faultOf(error: unknown): ClaimsFault | 'bad_signature' {
  if (error instanceof errors.JWTExpired) return 'expired'
  if (!(error instanceof errors.JWTClaimValidationFailed)) return 'bad_signature'
  if (error.claim === 'iss') return 'wrong_issuer'
  if (error.claim === 'aud') return 'wrong_audience'
  return error.claim === 'nbf' && error.reason === 'check_failed' ? 'not_yet_valid' : 'wrong_claims'
}

/** Signs the claims with HS256 as a compact JWS. */
export const signJwt = (header: { typ: string; kid: string }, claims: JWTPayload, key: CryptoKey): Promise<string> =>
  new SignJWT(claims).setProtectedHeader({ alg: 'HS256', ...header }).sign(key)

/**
 * Proof of possession, RFC 9449. `verifyProof` makes the twelve checks of section 4.3 in their order; the numbers stand
 * beside them. A proof says that the caller holds the private key; it says nothing about what the caller may do.
 */
import { calculateJwkThumbprint, EmbeddedJWK, jwtVerify } from 'jose'
import * as v from 'valibot'
import { encodeBase64Url } from './base64url.ts'
import { readCompactJws } from './jws-gate.ts'
import type { KeyRing } from './key-ring.ts'
import { nonceIsFresh } from './nonce.ts'
import type { ReplayStore } from './replay.ts'

/** What a proof may be signed with. One algorithm, so no header can steer the verifier (RFC 8725 §3.1). */
export const PROOF_ALGORITHM = 'ES256'

/** Seconds a proof without a nonce may be old, and may be ahead: network time, and clocks that are nearly right. */
export const PROOF_MAX_AGE_S = 60
export const PROOF_MAX_LEAD_S = 30

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

/** `byNonce`: a nonce of ours proved the freshness, so the client should get the next one. */
export type VerifiedProof = { ok: true; thumbprint: string; byNonce: boolean } | { ok: false; fault: ProofFault }

export type ProofExpectation = {
  method: string
  /** The call's URL as the browser sees it: the issuer's origin and the path, without query and fragment. */
  url: string
  /** The access token that comes with the call; absent at the token endpoint. */
  accessToken?: string
  /** The thumbprint in that token's `cnf`. */
  thumbprint?: string
  now: Date
  ring: KeyRing
  replays: ReplayStore
}

const Jwk = v.object({ kty: v.literal('EC'), crv: v.literal('P-256'), x: v.string(), y: v.string() })
const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k']

const ProofClaims = v.object({
  jti: v.pipe(v.string(), v.minLength(1), v.maxLength(256)),
  htm: v.string(),
  htu: v.string(),
  iat: v.number(),
  ath: v.optional(v.string()),
  nonce: v.optional(v.string()),
})

/** `header` is the `DPoP` field as received, `null` when there is none. Never throws. */
export async function verifyProof(header: string | null, expected: ProofExpectation): Promise<VerifiedProof> {
  const refused = (fault: ProofFault): VerifiedProof => ({ ok: false, fault })
  if (header === null) return refused('missing')
  if (header.includes(',')) return refused('several') // 1: the runtime joins repeated fields by a comma
  const jws = readCompactJws(header) // 2
  if (!jws) return refused('malformed')
  if (jws.typ !== 'dpop+jwt') return refused('wrong_type') // 4
  if (jws.alg !== PROOF_ALGORITHM) return refused('wrong_algorithm') // 5
  const jwk = v.safeParse(Jwk, jws.jwk)
  if (!jwk.success || hasPrivateMember(jws.jwk)) return refused('wrong_jwk') // 7
  const payload = await verifiedPayload(header) // 6
  if (!payload) return refused('bad_signature')
  const claims = v.safeParse(ProofClaims, payload) // 3
  if (!claims.success) return refused('wrong_claims')
  const { htm, htu, iat, ath, nonce, jti } = claims.output
  if (htm !== expected.method) return refused('wrong_method') // 8
  if (!sameUrl(htu, expected.url)) return refused('wrong_url') // 9
  const fresh = await freshness(nonce, iat, expected) // 10, 11
  if (fresh !== 'fresh') return refused(fresh)
  const thumbprint = await calculateJwkThumbprint(jwk.output, 'sha256')
  if (expected.accessToken !== undefined && ath !== (await sha256(expected.accessToken)))
    return refused('wrong_token_hash') // 12
  if (expected.thumbprint !== undefined && expected.thumbprint !== thumbprint) return refused('other_key') // 12
  if (!expected.replays.isFirst(`${thumbprint} ${jti}`, expected.now)) return refused('replayed') // section 11.1
  return { ok: true, thumbprint, byNonce: nonce !== undefined }
}

const hasPrivateMember = (jwk: unknown): boolean =>
  typeof jwk === 'object' && jwk !== null && PRIVATE_MEMBERS.some((member) => Object.hasOwn(jwk, member))

async function verifiedPayload(proof: string): Promise<unknown> {
  try {
    // The clock is judged below, by nonce or window; an `exp` that somebody put into a proof must not shift that.
    const { payload } = await jwtVerify(proof, EmbeddedJWK, {
      algorithms: [PROOF_ALGORITHM],
      typ: 'dpop+jwt',
      currentDate: new Date(0),
      clockTolerance: Number.MAX_SAFE_INTEGER,
    })
    return payload
  } catch {
    return undefined
  }
}

/** `htu` is compared after normalisation (RFC 3986 section 6.2.2, 6.2.3) and without query and fragment (check 9). */
function sameUrl(htu: string, url: string): boolean {
  if (!URL.canParse(htu)) return false
  const claimed = new URL(htu)
  return `${claimed.origin}${claimed.pathname}` === url && claimed.username === '' && claimed.password === ''
}

/** With our own fresh nonce the client's clock does not matter; without one it must be nearly right (section 11.1). */
async function freshness(nonce: string | undefined, iat: number, expected: ProofExpectation) {
  if (nonce !== undefined) return (await nonceIsFresh(nonce, expected.ring, expected.now)) ? 'fresh' : 'stale_nonce'
  const age = expected.now.getTime() / 1000 - iat
  return age <= PROOF_MAX_AGE_S && age >= -PROOF_MAX_LEAD_S ? 'fresh' : 'stale'
}

async function sha256(text: string): Promise<string> {
  return encodeBase64Url(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))))
}

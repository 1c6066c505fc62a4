/**
 * Proof of possession (RFC 9449). `verifyProof` makes the twelve checks of section 4.3; their numbers stand beside them. A
 * proof shows that the caller holds the private key. It says nothing about what the caller may do.
 */
import { calculateJwkThumbprint, importJWK } from 'jose'
import * as v from 'valibot'
import { decodeBase64Url } from '../base/base64url.ts'
import { sha256 } from '../base/digest.ts'
import { PROOF_ALGORITHM } from '../base/proof-algorithm.ts'
import type { ProofFault } from '../base/reason.ts'
import { readCompactJws } from './jws-gate.ts'
import { verifyJwt } from './jwt.ts'
import type { KeyRing } from './key-ring.ts'
import { nonceIsFresh } from './nonce.ts'
import type { ReplayStore } from './replay.ts'

/** Seconds by which a proof without a nonce may be old or ahead: the network's delay and a clock that is nearly right. */
export const PROOF_MAX_AGE_S = 60
export const PROOF_MAX_LEAD_S = 30

/** `byNonce` is true when our nonce showed that the proof is fresh; such a client needs the next one. */
export type VerifiedProof = { ok: true; thumbprint: string; byNonce: boolean } | { ok: false; fault: ProofFault }

export type ProofExpectation = {
  method: string
  /** The call's URL as the browser sees it: the issuer's origin and the path, without query and fragment. */
  url: string
  /** The access token that comes with the call; absent at the token endpoint. */
  accessToken?: string | undefined
  /** The thumbprint in that token's `cnf`. */
  thumbprint?: string | undefined
  now: Date
  ring: KeyRing
  replays: ReplayStore
}

/** RFC 7518 section 6.2.1.2: 32 bytes. A second spelling of a coordinate would give the key a second thumbprint. */
const coordinate = v.pipe(
  v.string(),
  v.check((text) => decodeBase64Url(text)?.length === 32),
)
const absent = v.optional(v.never())

/** A public key and nothing private (RFC 7518 section 6). If it says what it is for, it must be for verifying proofs. */
const Jwk = v.object({
  kty: v.literal('EC'),
  crv: v.literal('P-256'),
  x: coordinate,
  y: coordinate,
  use: v.optional(v.literal('sig')),
  alg: v.optional(v.literal(PROOF_ALGORITHM)),
  key_ops: v.optional(
    v.pipe(
      v.array(v.string()),
      v.check((ops) => ops.join() === 'verify'),
    ),
  ),
  ext: v.optional(v.boolean()),
  ...{ d: absent, p: absent, q: absent, dp: absent, dq: absent, qi: absent, oth: absent, k: absent, priv: absent },
})

/** A proof is fresh by its nonce or its `iat` alone: an `exp` in it changes nothing, but must be a number. */
const ANY_TIME = { now: new Date(0), tolerance: Number.MAX_SAFE_INTEGER }

const ProofClaims = v.object({
  jti: v.pipe(v.string(), v.minLength(1), v.maxLength(256)),
  htm: v.string(),
  htu: v.string(),
  iat: v.number(),
  ath: v.optional(v.string()),
  nonce: v.optional(v.string()),
})

/** Verifies the `DPoP` header as received, `null` when there is none. Never throws. */
export async function verifyProof(header: string | null, expected: ProofExpectation): Promise<VerifiedProof> {
  const refused = (fault: ProofFault): VerifiedProof => ({ ok: false, fault })
  if (header === null) return refused('missing')
  if (header.includes(',')) return refused('several') // 1: the runtime joins repeated fields by a comma
  const jws = readCompactJws(header) // 2
  if (!jws) return refused('malformed')
  const { typ, alg, jwk } = jws.header
  if (typ !== 'dpop+jwt') return refused('wrong_type') // 4
  if (alg !== PROOF_ALGORITHM) return refused('wrong_algorithm') // 5
  const publicKey = await readPublicKey(jwk) // 7
  if (!publicKey) return refused('wrong_jwk')
  const { key, thumbprint } = publicKey
  const verified = await verifyJwt(jws, { algorithm: PROOF_ALGORITHM, key, ...ANY_TIME }) // 6
  if (!verified.ok) return refused(verified.fault === 'bad_signature' ? 'bad_signature' : 'wrong_claims')
  const claims = v.safeParse(ProofClaims, verified.claims) // 3
  if (!claims.success) return refused('wrong_claims')
  const { htm, htu, iat, ath, nonce, jti } = claims.output
  if (htm !== expected.method) return refused('wrong_method') // 8
  if (!sameUrl(htu, expected.url)) return refused('wrong_url') // 9
  const fresh = await freshness(nonce, iat, expected) // 10, 11
  if (fresh !== 'fresh') return refused(fresh)
  if (expected.accessToken !== undefined && ath !== (await sha256(expected.accessToken)))
    return refused('wrong_token_hash') // 12
  if (expected.thumbprint !== undefined && expected.thumbprint !== thumbprint) return refused('other_key') // 12
  if (!expected.replays.isFirst(`${thumbprint} ${jti}`, expected.now)) return refused('replayed') // section 11.1
  return { ok: true, thumbprint, byNonce: nonce !== undefined }
}

/** The key and its thumbprint (RFC 7638); `undefined` for another kind of key, another use, or a point not on the curve. */
async function readPublicKey(jwk: unknown) {
  const read = v.safeParse(Jwk, jwk)
  if (!read.success) return undefined
  const { kty, crv, x, y } = read.output
  const key = await importJWK({ kty, crv, x, y }, PROOF_ALGORITHM).catch(() => undefined)
  if (!(key instanceof CryptoKey)) return undefined
  return { key, thumbprint: await calculateJwkThumbprint({ kty, crv, x, y }) }
}

/** Decodes `%74` to `t`, an unreserved character (RFC 3986 section 6.2.2.2), and leaves `%2F`. The URL parser decodes neither. */
const decodeUnreserved = (code: string): string => {
  const character = String.fromCharCode(Number.parseInt(code.slice(1), 16))
  return /[\w.~-]/.test(character) ? character : code
}

/** Compares `htu` after normalisation (RFC 3986 sections 6.2.2 and 6.2.3) and without query and fragment. */
function sameUrl(htu: string, url: string): boolean {
  if (!URL.canParse(htu)) return false
  const claimed = new URL(htu)
  const path = claimed.pathname.replace(/%[\da-f]{2}/gi, decodeUnreserved)
  return `${claimed.origin}${path}` === url && claimed.username === '' && claimed.password === ''
}

/** With a fresh nonce of ours the client's clock does not matter. Without one it must be nearly right (section 11.1). */
async function freshness(nonce: string | undefined, iat: number, expected: ProofExpectation) {
  if (nonce !== undefined) return (await nonceIsFresh(nonce, expected.ring, expected.now)) ? 'fresh' : 'stale_nonce'
  const age = expected.now.getTime() / 1000 - iat
  return age <= PROOF_MAX_AGE_S && age >= -PROOF_MAX_LEAD_S ? 'fresh' : 'stale'
}

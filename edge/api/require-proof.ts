/** Requires a valid DPoP proof. A client whose clock is wrong gets a nonce to try again with. */
import type { Edge } from '../app/context.ts'
import { Refused } from '../base/reason.ts'
import { type ProofExpectation, verifyProof } from '../token/dpop.ts'
import { currentNonce } from '../token/nonce.ts'

/** `nonce` is the next one for a client whose proof needed one, else `undefined`. */
export type ProvenKey = { thumbprint: string; nonce: string | undefined }

/** The key of the proof. Throws `proof`, or `nonce_needed` when only its time is wrong. */
export async function requireProof(
  header: string | null,
  call: Omit<ProofExpectation, 'now' | 'ring' | 'replays'>,
  { ring, replays, platform }: Pick<Edge, 'ring' | 'replays' | 'platform'>,
): Promise<ProvenKey> {
  const now = platform.now()
  const proof = await verifyProof(header, { ...call, now, ring, replays })
  if (proof.ok)
    return { thumbprint: proof.thumbprint, nonce: proof.byNonce ? await currentNonce(ring, now) : undefined }
  const { fault } = proof
  throw new Refused(
    fault === 'stale' || fault === 'stale_nonce'
      ? { kind: 'nonce_needed', nonce: await currentNonce(ring, now) }
      : { kind: 'proof', fault },
  )
}

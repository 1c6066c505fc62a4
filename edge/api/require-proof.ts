/** The proof of a call, judged: what is wrong with it is said, and a clock that is wrong gets a nonce in its place. */
import type { Edge } from '../app/context.ts'
import { Refused } from '../base/reason.ts'
import { type ProofExpectation, verifyProof } from '../token/dpop.ts'
import { currentNonce } from '../token/nonce.ts'

/** `nonce` is the next one, for a client whose clock is wrong: its proof came with the last. */
export type ProvenKey = { thumbprint: string; nonce: string | undefined }

/** Throws `Refused`. */
export async function requireProof(
  header: string | null,
  call: Omit<ProofExpectation, 'now' | 'ring' | 'replays'>,
  { ring, replays, platform }: Edge,
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

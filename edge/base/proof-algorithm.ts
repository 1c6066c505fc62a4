/** What a DPoP proof may be signed with. One algorithm, so no header can steer the verifier (RFC 8725 section 3.1). */
export const PROOF_ALGORITHM = 'ES256'

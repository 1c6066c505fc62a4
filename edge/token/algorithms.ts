/** The signature algorithms of the edge's tokens (RFC 7518). */
export type JwsAlgorithm = 'HS256' | 'ES256' | 'RS256' | 'EdDSA'

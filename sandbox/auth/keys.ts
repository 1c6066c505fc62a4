/** The signing keys of the stand-in for Supabase Auth. One signs; all are published until a rotation drops the old ones. */
import { randomUUID } from 'node:crypto'
import { exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose'

export type Algorithm = 'ES256' | 'RS256' | 'EdDSA'
type SigningKey = { kid: string; algorithm: Algorithm; privateKey: CryptoKey; jwk: JWK }

export class SigningKeys {
  /** The newest first. */
  #keys: SigningKey[] = []

  /** From now on a new key signs. Without `keep`, tokens of old keys become invalid once the new key set is known. */
  async rotate(algorithm: Algorithm = 'ES256', keep = true): Promise<string> {
    const { privateKey, publicKey } = await generateKeyPair(algorithm)
    const kid = randomUUID()
    const jwk = { ...(await exportJWK(publicKey)), kid, alg: algorithm, use: 'sig', key_ops: ['verify'] }
    this.#keys = [{ kid, algorithm, privateKey, jwk }, ...(keep ? this.#keys : [])]
    return kid
  }

  /** The document at `/.well-known/jwks.json`. */
  published(): { keys: JWK[] } {
    return { keys: this.#keys.map(({ jwk }) => jwk) }
  }

  /** Signs claims unchanged; `header` adds or replaces members of the header. */
  sign(claims: JWTPayload, header: Record<string, unknown> = {}): Promise<string> {
    const [key] = this.#keys
    if (!key) throw new Error('no key was made yet')
    return new SignJWT(claims)
      .setProtectedHeader({ typ: 'JWT', kid: key.kid, ...header, alg: key.algorithm })
      .sign(key.privateKey)
  }
}

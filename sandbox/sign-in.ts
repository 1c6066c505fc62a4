/**
 * Decides who may use the Admin API of the sandbox: users of the stand-in for Supabase Auth, verified with its
 * published keys.
 */
import { createRemoteJWKSet, type JWTPayload, jwtVerify } from 'jose'

export class SignIn {
  readonly #issuer: string
  readonly #keys: ReturnType<typeof createRemoteJWKSet>

  constructor(authUrl: string) {
    this.#issuer = `${authUrl}/auth/v1`
    this.#keys = createRemoteJWKSet(new URL(`${this.#issuer}/.well-known/jwks.json`), { cooldownDuration: 0 })
  }

  /** The verified claims of an `Authorization` header, or `undefined`. */
  async user(header: string | undefined): Promise<JWTPayload | undefined> {
    const token = /^Bearer (\S+)$/i.exec(header ?? '')?.[1]
    if (token === undefined) return undefined
    const verified = await jwtVerify(token, this.#keys, { issuer: this.#issuer, audience: 'authenticated' }).catch(
      () => undefined,
    )
    return verified?.payload
  }
}

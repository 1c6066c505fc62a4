/**
 * The key ring: the token secrets, and the keys that HKDF (RFC 5869) derives from each for one purpose. A key never signs
 * two kinds of things, so a nonce cannot pass for a handle, nor a handle for a token.
 */

import { utf8 } from '../base/bytes.ts'
import type { TokenSecret } from './secrets.ts'

export type KeyPurpose =
  | 'access-token'
  | 'dpop-nonce'
  | 'session-handle'
  | 'client-address'
  | 'config-name'
  | 'webhook-operator'

export type RingKey = { kid: string; key: CryptoKey }

export class KeyRing {
  readonly #secrets: readonly TokenSecret[]
  readonly #derived = new Map<KeyPurpose, RingKey[]>()

  constructor(secrets: readonly TokenSecret[]) {
    this.#secrets = secrets
  }

  /** The signing key, the first of the ring. Throws if the ring is empty, which the settings do not allow. */
  async signing(purpose: KeyPurpose): Promise<RingKey> {
    const [first] = await this.all(purpose)
    if (!first) throw new Error('the key ring is empty')
    return first
  }

  /** The key with this `kid`, or `undefined`. A `kid` only selects among our own keys (RFC 8725 section 3.10). */
  async named(kid: string, purpose: KeyPurpose): Promise<CryptoKey | undefined> {
    return (await this.all(purpose)).find((known) => known.kid === kid)?.key
  }

  /** Every key of the ring, the signing one first. */
  async all(purpose: KeyPurpose): Promise<readonly RingKey[]> {
    const known = this.#derived.get(purpose)
    if (known) return known
    const made = await Promise.all(
      this.#secrets.map(async (secret) => ({ kid: secret.kid, key: await derivePurposeKey(secret, purpose) })),
    )
    // The keys and not their promise: one request must not wait for the work of another that may have been cancelled.
    this.#derived.set(purpose, made)
    return made
  }
}

async function derivePurposeKey(secret: TokenSecret, purpose: KeyPurpose): Promise<CryptoKey> {
  const master = await secret.secret.hkdf()
  const info = utf8(`caty-keyless/v1/${purpose}`)
  const seals = purpose === 'session-handle'
  return crypto.subtle.deriveKey(
    { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(32), info },
    master,
    { name: seals ? 'AES-GCM' : 'HMAC', hash: 'SHA-256', length: 256 },
    false,
    seals ? ['encrypt', 'decrypt'] : ['sign', 'verify'],
  )
}

/**
 * The ring of token secrets and the purpose keys that HKDF (RFC 5869) derives from each. One secret never signs two
 * kinds of things: a nonce cannot pass for a handle, nor a handle for a token.
 */
import { utf8 } from '../bytes.ts'
import { decodeBase64Url } from './base64url.ts'
import type { TokenSecret } from './secrets.ts'

type Derivation = {
  algorithm: { name: 'HMAC'; hash: 'SHA-256'; length: 256 } | { name: 'AES-GCM'; length: 256 }
  usages: KeyUse[]
}
type KeyUse = 'sign' | 'verify' | 'encrypt' | 'decrypt'

const HMAC: Derivation = { algorithm: { name: 'HMAC', hash: 'SHA-256', length: 256 }, usages: ['sign', 'verify'] }
const SEAL: Derivation = { algorithm: { name: 'AES-GCM', length: 256 }, usages: ['encrypt', 'decrypt'] }

const DERIVATIONS = {
  'access-token': HMAC,
  'dpop-nonce': HMAC,
  'session-handle': SEAL,
  'client-address': HMAC,
  'webhook-operator': HMAC,
} as const
export type KeyPurpose = keyof typeof DERIVATIONS

export type RingKey = { kid: string; key: CryptoKey }

export class KeyRing {
  readonly #secrets: readonly TokenSecret[]
  readonly #derived = new Map<string, Promise<CryptoKey>>()

  constructor(secrets: readonly TokenSecret[]) {
    this.#secrets = secrets
  }

  /** The key that signs: the first of the ring. Throws if the ring is empty, which the settings refuse before. */
  async signing(purpose: KeyPurpose): Promise<RingKey> {
    const first = this.#secrets[0]
    if (!first) throw new Error('the key ring is empty')
    return { kid: first.kid, key: await this.#derive(first, purpose) }
  }

  /** The key of that name, or `undefined`: a `kid` selects among our own keys and is trusted for nothing else (RFC 8725 §3.10). */
  async named(kid: string, purpose: KeyPurpose): Promise<CryptoKey | undefined> {
    const secret = this.#secrets.find((known) => known.kid === kid)
    return secret && this.#derive(secret, purpose)
  }

  /** Every key of the ring, the signing one first. */
  all(purpose: KeyPurpose): Promise<RingKey[]> {
    return Promise.all(
      this.#secrets.map(async (secret) => ({ kid: secret.kid, key: await this.#derive(secret, purpose) })),
    )
  }

  #derive(secret: TokenSecret, purpose: KeyPurpose): Promise<CryptoKey> {
    const name = `${secret.kid} ${purpose}`
    const known = this.#derived.get(name)
    if (known) return known
    const made = derivePurposeKey(secret, purpose)
    this.#derived.set(name, made)
    return made
  }
}

async function derivePurposeKey(secret: TokenSecret, purpose: KeyPurpose): Promise<CryptoKey> {
  const bytes = decodeBase64Url(secret.secret.revealSecret())
  if (!bytes) throw new Error('a token secret is not base64url')
  const master = await crypto.subtle.importKey('raw', bytes, 'HKDF', false, ['deriveKey'])
  const { algorithm, usages } = DERIVATIONS[purpose]
  const info = utf8(`caty-keyless/v1/${purpose}`)
  return crypto.subtle.deriveKey(
    { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(32), info },
    master,
    algorithm,
    false,
    usages,
  )
}

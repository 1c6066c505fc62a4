/**
 * A secret that is only ever used as a key. Its bytes cannot be read back; what it gives out are keys that cannot be
 * exported. It is made while the settings are parsed, so a secret that cannot become a key is refused there.
 */
export class SecretKey {
  readonly #bytes: Uint8Array<ArrayBuffer>
  #hmac: CryptoKey | undefined

  /** Throws a TypeError for no bytes at all: everybody can sign with an empty key. */
  constructor(bytes: Uint8Array<ArrayBuffer>) {
    if (bytes.length === 0) throw new TypeError('a key may not be empty')
    this.#bytes = bytes
  }

  /** The key of HMAC-SHA-256, for signing and verifying. */
  async hmac(): Promise<CryptoKey> {
    const algorithm = { name: 'HMAC', hash: 'SHA-256' }
    this.#hmac ??= await crypto.subtle.importKey('raw', this.#bytes, algorithm, false, ['sign', 'verify'])
    return this.#hmac
  }

  /** The input of HKDF, from which other keys are derived. */
  hkdf(): Promise<CryptoKey> {
    return crypto.subtle.importKey('raw', this.#bytes, 'HKDF', false, ['deriveKey'])
  }

  toString(): string {
    return '[secret]'
  }

  toJSON(): string {
    return '[secret]'
  }
}

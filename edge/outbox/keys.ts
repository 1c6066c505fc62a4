/** The secrets of webhooks as keys. The only module that reads them, and the keys cannot be read back. */
import { importSecret } from '../../webhook/signature.ts'
import type { Secret } from '../base/secret.ts'
import type { WebhookSettings, WebhookTarget } from '../settings/webhooks.ts'

const imported = new WeakMap<readonly Secret[], Promise<CryptoKey[]>>()

/** What verifies Caty's signatures. */
export const incomingKeys = ({ secrets }: WebhookSettings): Promise<CryptoKey[]> => keysOf(secrets, importSecret)

/** What signs our deliveries. */
export const outgoingKeys = ({ secrets }: WebhookTarget): Promise<CryptoKey[]> => keysOf(secrets, importStandardSecret)

function keysOf(secrets: readonly Secret[], importKey: (text: string) => Promise<CryptoKey>): Promise<CryptoKey[]> {
  const known = imported.get(secrets)
  if (known) return known
  const made = Promise.all(secrets.map((secret) => importKey(secret.revealSecret())))
  imported.set(secrets, made)
  return made
}

function importStandardSecret(text: string): Promise<CryptoKey> {
  const bytes = Uint8Array.from(atob(text.replace(/^whsec_/, '')), (letter) => letter.charCodeAt(0))
  return crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign'])
}

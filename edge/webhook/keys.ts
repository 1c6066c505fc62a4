/** The secrets of webhooks as keys. The only module that reads them, and the keys cannot be read back. */
import { importSecret } from '../../webhook/signature.ts'
import type { WebhookSettings, WebhookTarget } from './settings.ts'

const incoming = new WeakMap<WebhookSettings, Promise<CryptoKey[]>>()
const outgoing = new WeakMap<WebhookTarget, Promise<CryptoKey[]>>()

/** What verifies Caty's signatures. */
export function incomingKeys(webhooks: WebhookSettings): Promise<CryptoKey[]> {
  const known = incoming.get(webhooks)
  if (known) return known
  const made = Promise.all(webhooks.secrets.map((secret) => importSecret(secret.revealSecret())))
  incoming.set(webhooks, made)
  return made
}

/** What signs our deliveries. */
export function outgoingKeys(target: WebhookTarget): Promise<CryptoKey[]> {
  const known = outgoing.get(target)
  if (known) return known
  const made = Promise.all(
    target.secrets.map((secret) => {
      const bytes = Uint8Array.from(atob(secret.revealSecret().replace(/^whsec_/, '')), (letter) =>
        letter.charCodeAt(0),
      )
      return crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign'])
    }),
  )
  outgoing.set(target, made)
  return made
}

/** Who a token speaks for. */
import { encodeBase64Url } from './base64url.ts'

/**
 * A visitor's pseudonym: derived from the thumbprint of his key and the widget, so it is the same for as long as the
 * browser keeps the key, different at every tenant's widget, and nothing to steal: without the key it opens nothing.
 */
export async function visitorOfKey(thumbprint: string, widget: string): Promise<string> {
  const text = new TextEncoder().encode(`caty-keyless visitor\n${widget}\n${thumbprint}`)
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', text))
  return `vis_${encodeBase64Url(digest.subarray(0, 18))}`
}

/** A page view without a key: nobody in particular, and somebody else the next time. */
export const anonymousVisitor = (random: Uint8Array): string => `anon_${encodeBase64Url(random)}`

/** Who a token speaks for. */

import { encodeBase64Url } from '../base/base64url.ts'
import { sha256 } from '../base/digest.ts'

/**
 * A visitor's pseudonym: derived from the thumbprint of his key and the widget, so it is the same for as long as the
 * browser keeps the key, different at every tenant's widget, and nothing to steal: without the key it opens nothing.
 */
export async function visitorOfKey(thumbprint: string, widget: string): Promise<string> {
  const digest = await sha256(`caty-keyless visitor\n${widget}\n${thumbprint}`)
  return `vis_${digest.slice(0, 24)}`
}

/** A page view without a key: nobody in particular, and somebody else the next time. */
export const anonymousVisitor = (random: Uint8Array): string => `anon_${encodeBase64Url(random)}`

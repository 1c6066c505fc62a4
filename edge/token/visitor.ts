/** The `sub` of a token: a pseudonym of the visitor. */

import { encodeBase64Url } from '../base/base64url.ts'
import { sha256 } from '../base/digest.ts'

/**
 * The pseudonym of a visitor with a key, derived from its thumbprint and the widget. It stays the same while the browser
 * keeps the key, differs between widgets, and is of no use without the key.
 */
export async function visitorOfKey(thumbprint: string, widget: string): Promise<string> {
  const digest = await sha256(`caty-keyless visitor\n${widget}\n${thumbprint}`)
  return `vis_${digest.slice(0, 24)}`
}

/** The pseudonym of a page view without a key, another one each time. */
export const anonymousVisitor = (random: Uint8Array): string => `anon_${encodeBase64Url(random)}`

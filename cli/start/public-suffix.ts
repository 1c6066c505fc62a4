/** Wildcard origins against the whole Public Suffix List, which is too heavy for the Worker (see docs/decisions.md). */
import { getPublicSuffix } from 'tldts'

/** A sentence for the first wildcard that would allow every site under a public suffix; `undefined` when there is none. */
export function publicSuffixMistake(allowedOrigins: string): string | undefined {
  for (const entry of allowedOrigins.split(',').map((part) => part.trim())) {
    const suffix = /^https:\/\/\*\.([^:/@]+)[^@]*$/.exec(entry)?.[1]
    if (suffix !== undefined && getPublicSuffix(suffix, { allowPrivateDomains: true }) === suffix) {
      // A pattern of an origin is no secret, so its text may be shown.
      return `ALLOWED_ORIGINS entry “${entry}” would allow every site under ${suffix}, where anybody can register a name.`
    }
  }
  return undefined
}

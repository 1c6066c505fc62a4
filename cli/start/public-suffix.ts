/** Wildcard origins against the whole Public Suffix List, which is too heavy for the Worker (see docs/decisions.md). */
import { getPublicSuffix } from 'tldts'

/** A sentence for the first wildcard that would allow every site under a public suffix; `undefined` when there is none. */
export function publicSuffixMistake(allowedOrigins: string): string | undefined {
  for (const [index, part] of allowedOrigins.split(',').entries()) {
    const entry = part.trim()
    const suffix = /^https:\/\/\*\.([^:/]+)/.exec(entry)?.[1]
    if (suffix !== undefined && getPublicSuffix(suffix, { allowPrivateDomains: true }) === suffix) {
      return `ALLOWED_ORIGINS entry ${index + 1} would allow every site under a name below which anybody can register.`
    }
  }
  return undefined
}

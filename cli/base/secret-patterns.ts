/** What a secret looks like in a text that others may read: a tracked file, a command line. */
import { CATY_KEY } from '../../edge/base/key-pattern.ts'

const PATTERNS = [
  ['a key of Caty', CATY_KEY],
  ['a token secret', /[A-Za-z0-9_-]{1,32}:[A-Za-z0-9_-]{43}(?![A-Za-z0-9_-])/],
  ['a webhook secret', /whsec_[A-Za-z0-9+/=]{16,}/],
] as const

export type FoundSecret = { what: string; at: number }

/** Each kind of secret that the text holds, and where the first of it begins. */
export const secretsIn = (text: string): FoundSecret[] =>
  PATTERNS.flatMap(([what, pattern]) => {
    const at = text.search(pattern)
    return at < 0 ? [] : [{ what, at }]
  })

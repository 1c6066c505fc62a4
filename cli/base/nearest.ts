/** “Did you mean …?” for names and values. */
import { distance } from 'fastest-levenshtein'

/** The word somebody meant who wrote another one: two letters or a third may differ, case does not count. */
export function nearest(written: string, words: readonly string[]): string | undefined {
  const typed = written.toLowerCase()
  const far = (word: string): number => distance(typed, word.toLowerCase())
  const [best] = [...words].sort((one, other) => far(one) - far(other))
  if (best !== undefined && far(best) <= Math.max(2, best.length / 3) && far(best) < best.length * 0.7) return best
  // The beginning of a word, or a word with something behind it.
  const begun = words.filter(
    (word) => typed.length > 4 && (word.toLowerCase().startsWith(typed) || typed.startsWith(word.toLowerCase())),
  )
  return begun.sort((one, other) => far(one) - far(other))[0]
}

/** The end of a sentence about an unknown word: the nearest known one, or `otherwise`. */
export function didYouMean(written: string, words: readonly string[], otherwise: string): string {
  const word = nearest(written, words)
  return word === undefined ? `${otherwise}.` : `did you mean ${word}?`
}

/** `a`, `a and b`, `a, b and c`. */
export const listed = (words: readonly string[], last = 'and'): string =>
  words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} ${last} ${words.at(-1)}`

/**
 * Text that every reader takes. JSON and JavaScript allow half a surrogate pair (an emoji that somebody cut in two) and
 * U+0000; databases and strict parsers behind Caty refuse both, with the whole message. U+FFFD stands in their place.
 */

/** The text without lone surrogates and U+0000. Its length stays the same. */
export const wellFormed = (text: string): string => text.replaceAll('\0', '\ufffd').toWellFormed()

/** At most `max` UTF-16 units of the text, well-formed, without half of a character at its end. */
export const cut = (text: string, max: number): string =>
  wellFormed(text.length > max ? text.slice(0, max).replace(/[\ud800-\udbff]$/, '') : text)

/** One escape of a JSON string: a whole surrogate pair (12 letters), what is replaced (6 letters), or any other (2). */
const ESCAPE = /\\ud[89ab]..\\ud[c-f]..|\\ud[89a-f]..|\\u0000|\\./gi

/** The same for what `JSON.stringify` makes, which writes lone surrogates and U+0000 as escapes, in names and in values. */
export const wellFormedJson = (json: string): string =>
  json.includes('\\u') ? json.replace(ESCAPE, (found) => (found.length === 6 ? '\ufffd' : found)) : json

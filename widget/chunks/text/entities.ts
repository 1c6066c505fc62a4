/**
 * HTML's named character references that people write, as text; the lexer itself resolves numbers. All 2,125 names would
 * weigh as much as the lexer.
 */
const NAMES = new Map(
  'amp& lt< gt> quot" nbsp\u00a0 copy© reg® euro€ pound£ hellip… ndash– mdash— lsquo‘ rsquo’ ldquo“ rdquo” szligß grave\u0300 acute\u0301 circ\u0302 tilde\u0303 uml\u0308 ring\u030a cedil\u0327'
    .split(' ')
    .map((pair) => [pair.slice(0, -1), pair.slice(-1)] as const),
)

/** The text with its references resolved, once. An unknown name stays as it was written. */
export const decode = (text: string): string =>
  text.replace(/&(([a-z])(\w+));/gi, (whole, name: string, letter: string, accent: string) => {
    const accented = (letter + NAMES.get(accent)).normalize('NFC')
    return NAMES.get(name) ?? (accented.length > 1 ? whole : accented)
  })

/**
 * At most `max` UTF-16 units of a text. An emoji takes two; half of one is no character, and a server may refuse the whole
 * text for it, so it is left out.
 */
export const cut = (text: string, max: number): string => text.slice(0, max).replace(/[\ud800-\udbff]$/, '')

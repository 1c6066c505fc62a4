/** Nothing that comes in is without a bound: strings of at most so many UTF-16 units, the way a `maxlength` counts. */
import * as v from 'valibot'

export const text = (max: number) => v.pipe(v.string(), v.maxLength(max))
export const optionalText = (max: number) => v.optional(text(max))
/** Not empty either. */
export const filledText = (max: number) => v.pipe(v.string(), v.minLength(1), v.maxLength(max))

/** Loose on purpose: whether an address exists only its owner can tell. */
export const email = v.pipe(v.string(), v.maxLength(254), v.regex(/^[^\s@]+@[^\s@]+\.[^\s@]+$/, 'an e-mail address'))
export const phone = v.pipe(v.string(), v.maxLength(40), v.regex(/^[+\d][\d\s()./-]{3,}$/, 'a phone number'))

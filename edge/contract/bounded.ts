/** Bounded strings. Lengths are UTF-16 units, as `maxlength` counts. */
import * as v from 'valibot'

export const text = (max: number) => v.pipe(v.string(), v.maxLength(max))
export const optionalText = (max: number) => v.optional(text(max))
/** A string that is not empty. */
export const filledText = (max: number) => v.pipe(v.string(), v.minLength(1), v.maxLength(max))

/** Loose on purpose: only its owner knows whether an address exists. */
export const email = v.pipe(v.string(), v.maxLength(254), v.regex(/^[^\s@]+@[^\s@]+\.[^\s@]+$/, 'an e-mail address'))
export const phone = v.pipe(v.string(), v.maxLength(40), v.regex(/^[+\d][\d\s()./-]{3,}$/, 'a phone number'))

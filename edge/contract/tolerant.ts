/**
 * Schemas for answers of Caty. A member that does not fit is dropped and does not fail the whole answer: a wrong colour in
 * the configuration must not cost a visitor the chat.
 */
import * as v from 'valibot'
import { text } from './bounded.ts'

/** `schema` where it fits, otherwise absent. */
export const maybe = <T extends v.GenericSchema>(schema: T) => v.fallback(v.optional(schema), undefined)

/** A string of at most `max` UTF-16 units; a longer one is dropped, so that no answer can be blown up by one member. */
export const maybeText = (max = 2000) => maybe(text(max))

export const maybeNumber = maybe(v.pipe(v.number(), v.finite()))
export const maybeFlag = maybe(v.boolean())

/** A list whose members that do not fit are left out; everything after the first `max` is left out too. */
export const listOf = <T extends v.GenericSchema>(item: T, max = 50) =>
  v.pipe(
    v.array(maybe(item)),
    v.transform((members) => members.filter((member) => member !== undefined).slice(0, max)),
  )

/** The same, and absent when the value is no list at all. */
export const maybeList = <T extends v.GenericSchema>(item: T, max = 50) => maybe(listOf(item, max))

/** A string or a number, as prices and similar come. */
export const maybeAmount = maybe(v.union([text(40), v.pipe(v.number(), v.finite())]))

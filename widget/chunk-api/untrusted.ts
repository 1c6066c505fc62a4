/** Small readers for values that the page, storage or another server made. Past them the types are exact. */

/** The own members of an object; none for anything else. */
export const membersOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? { ...value } : {}

export const isString = (value: unknown): value is string => typeof value === 'string'

/** The string, or `undefined` for any other value. */
export const stringOf = (value: unknown): string | undefined => (isString(value) ? value : undefined)

/** The boolean, or `undefined` for any other value. */
export const booleanOf = (value: unknown): boolean | undefined => (typeof value === 'boolean' ? value : undefined)

/** The finite number, or `undefined` for any other value. */
export const numberOf = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) ? value : undefined

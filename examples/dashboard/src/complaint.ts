/** Words the edge's refusal of a body member with the labels of the form. */
import { ApiError } from './api.ts'
import { sentence } from './load.ts'

/** The field labels by the members that the fields become: `email.addresses` is “Addresses”. */
type Labels = Readonly<Record<string, string>>

/** One entry of a list, or a single value, as it was sent. */
function valueAt(body: unknown, path: readonly string[]): unknown {
  const [name, ...rest] = path
  if (name === undefined) return body
  if (typeof body !== 'object' || body === null) return undefined
  return valueAt(new Map<string, unknown>(Object.entries(body)).get(name), rest)
}

/**
 * `The member email.addresses.0 must be an e-mail address.` becomes `“nobody” in Addresses must be an e-mail
 * address.` A sentence about no field of the form stays unchanged.
 */
export function complaint(error: unknown, labels: Labels, body: unknown): string {
  const said = sentence(error)
  const field = error instanceof ApiError ? error.field : undefined
  const head = `The member ${field} `
  const [, label] = Object.entries(labels).find(([member]) => field === member || field?.startsWith(`${member}.`)) ?? []
  if (field === undefined || label === undefined || !said.startsWith(head)) return said
  const value = valueAt(body, field.split('.'))
  const what = typeof value === 'string' && value !== '' && value.length <= 60 ? `“${value}” in ${label}` : label
  return `${what} ${said.slice(head.length)}`
}

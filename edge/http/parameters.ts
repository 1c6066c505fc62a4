/** The parameters of a form or a query, read in one pass: what they cost grows with their number and no faster. */

import { cut } from '../base/well-formed.ts'

/** No call has as many. */
const MAX_PARAMETERS = 50

/** `why` is the end of a sentence about `name`, or about the whole without one. */
export type ReadParameters =
  | { ok: true; values: ReadonlyMap<string, readonly string[]> }
  | { ok: false; why: string; name?: string }

/** The values of each name in their order. Refuses more than 50 of them, and a name that comes twice and may not. */
export function readParameters(parameters: URLSearchParams, repeatable: ReadonlySet<string>): ReadParameters {
  if (parameters.size > MAX_PARAMETERS) return { ok: false, why: `holds more than ${MAX_PARAMETERS} parameters` }
  const values = new Map<string, string[]>()
  for (const [name, value] of parameters) {
    const known = values.get(name)
    if (!known) values.set(name, [value])
    else if (repeatable.has(name)) known.push(value)
    else return { ok: false, why: 'comes more than once', name: cut(name, 40) }
  }
  return { ok: true, values }
}

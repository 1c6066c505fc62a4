/** Reads the data of an event that a page tracks. */
import { cut } from '../../chunk-api/cut.ts'
import type { EventData, Scalar } from '../../chunk-api/page.ts'
import { isString, membersOf, numberOf } from '../../chunk-api/untrusted.ts'

const MAX_MEMBERS = 20
const MAX_NAME = 60
const MAX_TEXT = 2000

/** What can be sent of a value that a page passed. Nested members are left out. */
export function eventData(value: unknown): EventData | undefined {
  if (value === undefined) return undefined
  const plain = scalarOf(value)
  if (plain !== undefined) return plain
  const members = Object.entries(membersOf(value)).flatMap(([name, member]): [string, Scalar][] => {
    const scalar = scalarOf(member)
    return scalar === undefined ? [] : [[cut(name, MAX_NAME), scalar]]
  })
  return Object.fromEntries(members.slice(0, MAX_MEMBERS))
}

function scalarOf(value: unknown): Scalar | undefined {
  if (value === null || typeof value === 'boolean') return value
  return isString(value) ? cut(value, MAX_TEXT) : numberOf(value)
}

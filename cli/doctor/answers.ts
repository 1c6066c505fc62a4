/** Reading answers without trusting them. */
import * as v from 'valibot'
import type { Answer } from './wire.ts'

/** The check cannot be made here; the sentence says why. */
export class Skipped extends Error {}

const Members = v.pipe(v.string(), v.parseJson(), v.record(v.string(), v.unknown()))

/** A member of a JSON answer; `undefined` for anything else. */
export function member(answer: Answer, name: string): unknown {
  const members = v.safeParse(Members, answer.text)
  return members.success ? members.output[name] : undefined
}

export const text = (value: unknown): string => (typeof value === 'string' ? value : '')

/** The call as a reader knows it: `GET /api/widget/config`. Without the query: a report is sent around. */
export const named = ({ call }: Answer): string =>
  `${call.method ?? 'GET'} ${(call.path.split('?')[0] ?? '').slice(0, 80)}`
/** The same, with the status that came. */
export const answered = (answer: Answer): string => `${named(answer)} (${answer.status})`

export const cacheControl = ({ headers }: Answer): string => headers['cache-control'] ?? 'no Cache-Control'

/** A directive's seconds in `Cache-Control`; `undefined` when it is not there. */
export function cacheSeconds(answer: Answer, directive: string): number | undefined {
  const found = new RegExp(`(?:^|[\\s,])${directive}=(\\d+)`, 'i').exec(cacheControl(answer))
  return found ? Number(found[1]) : undefined
}

export const hasDirective = (answer: Answer, directive: string): boolean =>
  new RegExp(`(?:^|[\\s,])${directive}(?:$|[\\s,=])`, 'i').test(cacheControl(answer))

/** Is the answer one of these refusals? A rate limit that is met and maintenance say nothing about the check: skipped. */
export function refusedWith(answer: Answer, ...statuses: number[]): boolean {
  if (answer.status === 429 && !statuses.includes(429)) {
    throw new Skipped(`this address has met a rate limit: run again in ${answer.headers['retry-after'] ?? '60'} s`)
  }
  if (answer.status === 503 && !statuses.includes(503) && member(answer, 'code') === 'MAINTENANCE') {
    throw new Skipped('the edge is closed for maintenance')
  }
  return statuses.includes(answer.status)
}

/** The claims or the header of a JWT, unverified: to read what the edge said, never to trust it. */
export function jwtPart(token: string, part: 0 | 1): Readonly<Record<string, unknown>> {
  const read = v.safeParse(Members, Buffer.from(token.split('.')[part] ?? '', 'base64url').toString())
  return read.success ? read.output : {}
}

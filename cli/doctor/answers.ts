/** Reading answers without trusting them. */
import type { Answer } from './wire.ts'

/** A member of a JSON answer; `undefined` for anything else. */
export function member(answer: Answer, name: string): unknown {
  try {
    const value: unknown = JSON.parse(answer.text)
    return Reflect.get(Object(value), name)
  } catch {
    return undefined
  }
}

export const text = (value: unknown): string => (typeof value === 'string' ? value : '')

/** The call as a reader knows it: `GET /api/widget/config`. Without the query: a report is sent around. */
export const named = ({ call }: Answer): string =>
  `${call.method ?? 'GET'} ${(call.path.split('?')[0] ?? '').slice(0, 80)}`

/** A directive's seconds in `Cache-Control`, `undefined` when it is not there. */
export function cacheSeconds(answer: Answer, directive: string): number | undefined {
  const found = new RegExp(`(?:^|[\\s,])${directive}=(\\d+)`, 'i').exec(answer.headers['cache-control'] ?? '')
  return found ? Number(found[1]) : undefined
}

export const hasDirective = (answer: Answer, directive: string): boolean =>
  new RegExp(`(?:^|[\\s,])${directive}(?:$|[\\s,=])`, 'i').test(answer.headers['cache-control'] ?? '')

/** What the outside may know of a reason, before it takes the form of an endpoint. */
import type { Policy } from '../../base/rate-limit-fields.ts'

/** Each problem type is a heading of docs/problems.md. */
export const TYPES = 'https://caty-keyless.dev/docs/problems#'
export const REALM = 'realm="caty-keyless"'

export type Answer = {
  status: number
  slug: string
  title: string
  detail: string
  code: string
  headers?: [string, string][]
  field?: string | undefined
  /** Names of the limits that were reached (draft-ietf-httpapi-ratelimit-headers). */
  violated?: readonly Policy[]
  /** What the widget must solve before it asks again. */
  challenge?: { site_key: string }
}

export const retryAfter = (seconds: number): [string, string] => [
  'Retry-After',
  String(Math.max(1, Math.ceil(seconds))),
]

/**
 * Any call at all: one of every route (test/support/leaving/routes.ts has a good one of each), with members, parameters, bytes
 * and headers changed.
 */
import fc from 'fast-check'
import type { Route } from '../../support/leaving/routes.ts'

export type Input = {
  method: string
  path: string
  headers: Record<string, string>
  body: Uint8Array<ArrayBuffer> | undefined
  as: Route['as']
  /** What becomes of token and proof. */
  credentials: 'own' | 'none' | 'spoiled'
}

const NAMES = [
  'session_id',
  'message',
  'context',
  'page',
  'page_url',
  'language',
  'device',
  'events',
  'metrics',
  'data',
  'custom_fields',
  'visitor_info',
  'requested_product',
  'email',
  'phone',
  'name',
  'date',
  'time',
  'rating',
  'lead_type',
  'structured_data',
  'content',
  'meta',
  'event',
  'timestamp',
  'widget_id',
  '__proto__',
  'constructor',
  'toString',
  '',
  'scope',
  'subject_token',
  'subject_token_type',
  'include',
  'audience',
  'client_id',
  'client_secret',
  'turnstile_response',
]
const WORDS = [
  '',
  '0',
  'null',
  'true',
  '\ud83d',
  '\ude00',
  '\u0000',
  '😀',
  '1e999',
  '../..',
  '%00',
  '%',
  '\r\nX-A: b',
  '{"a":1}',
  'urn:ietf:params:oauth:token-type:jwt',
  'https://shop.example/?utm_source=%00%F0',
  'a'.repeat(5000),
  '2026-02-31',
  '-1',
]
const word = fc.oneof(
  fc.constantFrom(...WORDS),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ maxLength: 20 }),
)
/** The value in one of so many calls. */
const rarely = <T>(times: number, some: fc.Arbitrary<T>) =>
  fc.oneof({ weight: times - 1, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: some })

/** Text that looks like what belongs there and is not quite. */
const spoiled = fc.array(
  fc.constantFrom('a', 'Ann', '\ud83d', '\ude00', '\u0000', '😀', '@', '.', '"', '\\', '\u2028'),
  { minLength: 1, maxLength: 6 },
)
const value = fc.oneof(
  spoiled.map((parts) => parts.join('')),
  word,
  fc.jsonValue({ maxDepth: 3, stringUnit: 'binary' }),
  fc.constantFrom(1e308, -0, 2 ** 53, [], {}),
)
/** A member that the body has, by its number, or any other; and its new value, or none. */
const member = fc.oneof(
  { weight: 3, arbitrary: fc.nat(9) },
  { weight: 2, arbitrary: fc.oneof(fc.constantFrom(...NAMES), word) },
)
const edits = fc.array(fc.tuple(member, rarely(5, fc.constant(true)), value), { maxLength: 3 })
type Edits = readonly (readonly [number | string, true | undefined, unknown])[]

/** What is done to the bytes: so many are replaced by others, somewhere. */
const byteEdits = fc.array(fc.tuple(fc.nat(4000), fc.nat(8), fc.uint8Array({ maxLength: 8 })), { maxLength: 2 })
const headerValue = fc.oneof(
  fc.string({ unit: fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code)), maxLength: 60 }),
  fc.constantFrom(
    'text/event-stream',
    'multipart/form-data; boundary=b; charset=utf-8',
    'application/json;charset=x',
    '"k"',
    'application/x-www-form-urlencoded',
    'Bearer a.b.c',
    'Basic eDp5',
    'https://evil.example',
    'null',
    '-1',
    'navigate',
  ),
)
const headerEdits = fc.array(
  fc.tuple(
    fc.constantFrom(
      'Content-Type',
      'Origin',
      'Authorization',
      'DPoP',
      'Idempotency-Key',
      'Accept',
      'CF-Connecting-IP',
      'User-Agent',
      'Sec-Fetch-Site',
      'Sec-Fetch-Mode',
      'X-Caty-Signature',
      'Access-Control-Request-Headers',
      'Content-Length',
    ),
    fc.option(headerValue, { nil: undefined }),
  ),
  { maxLength: 2 },
)

/** The body with the edits, in the form that it has. */
function edited(body: string, changes: Edits): string {
  const isJson = body.startsWith('{')
  if (!isJson && !body.startsWith('grant_type')) return body
  // Pairs and not an object, so that a member may come twice, under any name.
  const pairs: [string, unknown][] = isJson ? Object.entries(JSON.parse(body)) : [...new URLSearchParams(body)]
  for (const [which, isGone, other] of changes) {
    const at = typeof which === 'number' ? which % (pairs.length + 1) : pairs.length
    const name = typeof which === 'string' ? which : (pairs[at]?.[0] ?? 'x')
    // The first member of most bodies is the session, without which nothing else is looked at.
    if (typeof which === 'number' && name === 'session_id') continue
    if (isGone) pairs.splice(at, 1)
    else pairs.splice(at, typeof which === 'number' ? 1 : 0, [name, other])
  }
  if (!isJson) return new URLSearchParams(pairs.map(([name, text]) => [name, String(text)])).toString()
  return `{${pairs.map(([name, text]) => `${JSON.stringify(name)}:${JSON.stringify(text)}`).join(',')}}`
}

function spliced(
  bytes: Uint8Array,
  changes: readonly (readonly [number, number, Uint8Array])[],
): Uint8Array<ArrayBuffer> {
  let all = [...bytes]
  for (const [at, length, other] of changes) all = all.toSpliced(at % (all.length + 1), length, ...other)
  return Uint8Array.from(all)
}

const OTHER_METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']

export const inputOf = (routes: readonly Route[]): fc.Arbitrary<Input> =>
  fc
    .record({
      route: fc.constantFrom(...routes),
      credentials: fc.oneof(
        { weight: 6, arbitrary: fc.constant('own' as const) },
        fc.constantFrom('none' as const, 'spoiled' as const),
      ),
      method: rarely(12, fc.constantFrom(...OTHER_METHODS)),
      query: rarely(
        6,
        fc.oneof(fc.webQueryParameters(), fc.constantFrom('date=2026-12-01&date=x', 'date=%ff', 'limit=1e9&page=-1')),
      ),
      tail: rarely(12, fc.webSegment()),
      edits,
      byteEdits: rarely(3, byteEdits),
      whole: rarely(12, fc.uint8Array({ maxLength: 200 })),
      headerEdits: rarely(3, headerEdits),
    })
    .map(({ route, credentials, ...change }): Input => {
      const method = change.method ?? route.method ?? 'GET'
      const headers: Record<string, string> = { ...route.headers }
      for (const [field, text] of change.headerEdits ?? []) {
        if (text === undefined) delete headers[field]
        else headers[field] = text
      }
      const bytes =
        change.whole ??
        spliced(new TextEncoder().encode(edited(route.body ?? '', change.edits)), change.byteEdits ?? [])
      return {
        method,
        path: `${route.path}${change.tail === undefined ? '' : `/${change.tail}`}${change.query === undefined ? '' : `?${change.query}`}`,
        headers,
        body: method === 'GET' || method === 'HEAD' || bytes.length === 0 ? undefined : Uint8Array.from(bytes),
        as: route.as,
        credentials,
      }
    })

/** Caty inside the test: well, or with any answer that a server, a gateway or a broken line gives. */
import fc from 'fast-check'

export type Answer =
  | { status: number; headers: Record<string, string>; body: string | Uint8Array<ArrayBuffer> }
  | 'unreachable'

/** Fits every route. */
const GOOD = {
  success: true,
  session_id: 'sess_0123456789',
  content: 'We are open until six.',
  config: { persona: { name: 'Mara' } },
  message: { message_id: 'm1', content: 'Hello' },
  lead_id: 'lead_1',
  slots: [{ label: '10:00' }],
  widgets: [{ id: 'wgt_1', name: 'Shop' }],
  widget: { id: 'wgt_1', name: 'Shop' },
}
export const WELL: Answer = { status: 200, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(GOOD) }

const json = fc.oneof(
  fc.jsonValue({ maxDepth: 4, stringUnit: 'binary' }).map((value) => JSON.stringify(value)),
  fc
    .tuple(
      fc.constantFrom(...Object.keys(GOOD), 'error', 'data', 'response', 'products', 'suggested_actions'),
      fc.jsonValue({ maxDepth: 3 }),
    )
    .map(([name, value]) => JSON.stringify({ ...GOOD, [name]: value })),
)
const events = fc
  .array(
    fc.constantFrom(
      'data: {"text":"a"}',
      'data: words',
      'data: 24',
      'data: [DONE]',
      'event: error',
      'event: done',
      'data: {"x":1}',
      ': comment',
      '',
      '\r',
      'data: {"delta":"\\ud83d',
      'id: 1',
      '\ufeff',
    ),
    { maxLength: 12 },
  )
  .map((lines) => lines.join('\n'))

export const anyAnswer = (key: string): fc.Arbitrary<Answer> =>
  fc.oneof(
    { weight: 1, arbitrary: fc.constant('unreachable' as const) },
    {
      weight: 9,
      arbitrary: fc.record({
        status: fc.oneof(
          fc.constant(200),
          fc.constantFrom(201, 400, 401, 403, 404, 409, 413, 422, 429, 500, 502, 503, 504),
          fc.constantFrom(204, 301, 302, 307),
        ),
        headers: fc.record(
          {
            'Content-Type': fc.constantFrom(
              'application/json',
              'text/html',
              'text/event-stream',
              'text/event-stream; charset=utf-8',
              '',
            ),
            'Retry-After': fc.constantFrom('0', '50', '-1', '1e9', 'Wed, 21 Oct 2099 07:28:00 GMT', 'soon', ''),
            Location: fc.constantFrom('https://evil.example/', '/', 'x:'),
            'Set-Cookie': fc.constant('a=b'),
          },
          { requiredKeys: [] },
        ),
        body: fc.oneof(
          json,
          json,
          events,
          fc.uint8Array({ maxLength: 300 }).map((bytes) => Uint8Array.from(bytes)),
          fc.constantFrom('', '<html>502</html>'),
          // Every text of a good answer, and a stream, may repeat the key.
          fc.constantFrom(
            JSON.stringify(GOOD).replace(/We are open|Mara|Hello|lead_1|10:00|Shop/g, `it is ${key}`),
            `data: it is ${key.slice(0, 9)}\n\ndata: ${key.slice(9)}\n\n`,
          ),
        ),
      }),
    },
  )

export function responseOf(answer: Answer): Response {
  if (answer === 'unreachable') throw new TypeError('Network connection lost.')
  const { status, headers, body } = answer
  return new Response(status === 204 || (status >= 300 && status < 400) ? null : body, { status, headers })
}

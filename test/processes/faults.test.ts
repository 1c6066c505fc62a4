/** The upstream fails at random in every way under load: every call gets a correct answer, and no message is sent twice. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { seeded } from '../support/seeded.ts'
import { HttpVisitor } from '../support/visitor.ts'
import { Bench, PAGE } from '../support/worker.ts'

const bench = new Bench()
beforeAll(() => bench.start())
afterAll(() => bench.stop())

const FAULTS = [
  { status: 500 },
  { status: 503, body: 'overloaded', contentType: 'text/plain' },
  { status: 400 },
  // Without a pause: with one nobody would call any more, and nothing else could fail.
  { status: 429, headers: { 'Retry-After': '0' } },
  { redirectTo: 'http://127.0.0.1:9/elsewhere' },
  { body: '{"success":true,"content":"half' },
  { body: 'not json' },
  { body: { success: true, content: ['wrong', 'type'] } },
  { body: 'x', bodyRepeat: 5_000_000 },
  { hangUp: true },
  { delayMs: 150 },
  { delayMs: 100, hangUp: true },
]
/** The statuses a client may get. The edge's own 500 is not among them. */
const RIGHT = [200, 400, 429, 502, 503, 504]

it('the edge answers correctly, sends no message twice, and keeps what it acknowledged', async () => {
  const worker = await bench.worker()
  const random = seeded(20_261_124)
  const visitors = await Promise.all(
    Array.from({ length: 24 }, async () => {
      const visitor = await HttpVisitor.login(worker.url, PAGE)
      const { body } = await visitor.call('POST', '/api/widget/session', {})
      return { visitor, session: String(Reflect.get(Object(body), 'session_id')) }
    }),
  )
  // One of every four calls fails. With at most 24 in flight, ten failures in a row cannot happen in any order of
  // answers, so the circuit breaker stays closed; it has its own tests.
  const plan = Array.from({ length: 60 }, () => {
    const four: object[] = Array.from({ length: 4 }, () => ({ delayMs: 1 }))
    four[Math.floor(random() * 4)] = FAULTS[Math.floor(random() * FAULTS.length)] ?? {}
    return four
  }).flat()
  await bench.control(
    'faults',
    plan.map((fault) => ({ path: '/api/widget/chat/message', ...fault })),
  )
  const acknowledged: { visitor: HttpVisitor; message: object; key: string; body: unknown }[] = []
  const wrong: unknown[] = []
  await Promise.all(
    visitors.map(async ({ visitor, session }) => {
      for (let turn = 0; turn < 10; turn++) {
        const message = { session_id: session, message: `Question ${randomUUID()}` }
        const key = `"${randomUUID()}"`
        const { status, headers, body } = await visitor.call('POST', '/api/widget/message', message, {
          'Idempotency-Key': key,
        })
        const waits = status === 429 || status === 503
        const fits = waits ? Number(headers.get('Retry-After')) > 0 : true
        const typed = status === 200 || headers.get('Content-Type') === 'application/problem+json'
        if (!RIGHT.includes(status) || !fits || !typed) wrong.push({ status, body })
        if (status === 200) acknowledged.push({ visitor, message, key, body })
      }
    }),
  )
  expect(wrong).toEqual([])
  // Each good answer of Caty arrived, and no other.
  const good = plan.filter((fault) => 'delayMs' in fault && !('hangUp' in fault)).length
  expect(acknowledged.length).toBe(good)
  expect(good).toBeGreaterThanOrEqual(180)
  for (const { visitor, message, key, body } of acknowledged) {
    const again = await visitor.call('POST', '/api/widget/message', message, { 'Idempotency-Key': key })
    expect([again.status, again.body]).toEqual([200, body])
  }
  const sent = (await bench.received())
    .filter((call) => call.path.endsWith('/message'))
    .map((call) => String(JSON.parse(call.body).message))
  expect(sent.length).toBe(new Set(sent).size)
  expect(worker.said()).not.toContain(bench.key.slice(5, 13))
})

it('the edge answers at once if Caty refuses connections', async () => {
  const worker = await bench.worker({ CATY_API_URL: 'http://127.0.0.1:9' })
  const visitor = await HttpVisitor.login(worker.url, PAGE)
  const statuses = []
  for (let turn = 0; turn < 12; turn++) statuses.push((await visitor.call('POST', '/api/widget/session', {})).status)
  // Ten failures in a row open the circuit breaker.
  expect(statuses).toEqual([...Array(10).fill(502), 503, 503])
})

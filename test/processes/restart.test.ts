/** What must survive the process: a Worker is killed and started again with the same ledger. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { HttpVisitor } from '../support/visitor.ts'
import { Bench, newFolder, PAGE } from '../support/worker.ts'

const bench = new Bench()
beforeAll(() => bench.start())
afterAll(() => bench.stop())

const member = (value: unknown, name: string): string => String(Reflect.get(Object(value), name))
const messagesSeen = async () => (await bench.received()).filter((call) => call.path.endsWith('/message')).length

it('a message answered before a crash gets the same answer after it, without a second call to Caty', async () => {
  const storage = newFolder()
  const issuer = 'https://chat.example'
  const first = await bench.worker({ PUBLIC_URL: issuer }, storage)
  const visitor = await HttpVisitor.login(first.url, PAGE, issuer)
  const session = await visitor.call('POST', '/api/widget/session', {})
  const message = { session_id: member(session.body, 'session_id'), message: 'When are you open?' }
  const key = { 'Idempotency-Key': `"${randomUUID()}"` }
  const answer = await visitor.call('POST', '/api/widget/message', message, key)
  expect(answer.status).toBe(200)
  await first.kill()

  const second = await bench.worker({ PUBLIC_URL: issuer }, storage)
  visitor.edge = second.url
  const again = await visitor.call('POST', '/api/widget/message', message, key)
  expect([again.status, again.body]).toEqual([200, answer.body])
  expect(await messagesSeen()).toBe(1)
  const other = await visitor.call('POST', '/api/widget/message', { ...message, message: 'Something else' }, key)
  expect(other.status).toBe(422)
  expect(await messagesSeen()).toBe(1)
})

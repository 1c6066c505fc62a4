/** A body that comes a byte at a time, and never to its end: it must not be waited for. Time is moved, not waited for. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ask, ORIGIN, Visitor } from './client.ts'

/** More than the edge waits, in milliseconds. */
const LONG_MS = 11_000

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
})
afterEach(() => {
  vi.useRealTimers()
})

/** Begins, and then says nothing more. `begun` when the edge has begun to read. */
function neverEnding(first: string) {
  const begun = Promise.withResolvers<void>()
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(new TextEncoder().encode(first))
    },
    pull() {
      begun.resolve()
      return new Promise<void>(() => undefined)
    },
  })
  return { body, begun: begun.promise }
}

async function afterLong(path: string, headers: Record<string, string>, first: string): Promise<Response> {
  const { body, begun } = neverEnding(first)
  const answered = ask(path, { method: 'POST', headers, body })
  await begun
  // What reads the body sets its timer when it begins, which may be a few turns after the stream was asked.
  for (let turn = 0; turn < 50 && vi.getTimerCount() === 0; turn++) await Promise.resolve()
  await vi.advanceTimersByTimeAsync(LONG_MS)
  return answered
}

describe('a body that never ends', () => {
  it('is given up at the token endpoint', async () => {
    const headers = { Origin: ORIGIN, 'Content-Type': 'application/x-www-form-urlencoded' }
    const answer = await afterLong('/token', headers, 'grant_type=')
    expect(answer.status).toBe(408)
    expect(await answer.json()).toMatchObject({ error: 'invalid_request' })
  })

  it('is given up in a message', async () => {
    const visitor = await (await Visitor.create()).login()
    const headers = { ...(await visitor.headers('POST', '/api/widget/message')), 'Content-Type': 'application/json' }
    const answer = await afterLong('/api/widget/message', headers, '{"session_id":')
    expect(answer.status).toBe(408)
    expect(await answer.json()).toMatchObject({
      type: expect.stringMatching(/#slow$/),
      status: 408,
      code: 'VALIDATION_ERROR',
    })
  })

  it('is given up where Caty brings events, before anybody has signed anything', async () => {
    const headers = { 'Content-Type': 'application/json', 'X-Caty-Signature': '0'.repeat(64) }
    expect((await afterLong('/webhooks/caty', headers, '{')).status).toBe(408)
  })
})

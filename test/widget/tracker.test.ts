/** Batches of tracked events: when they are sent, and what happens if they cannot be. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { EdgeConnection } from '../../widget/chunk-api/connection.ts'
import type { Metrics } from '../../widget/chunk-api/page.ts'
import { type TrackedEvent, Tracker } from '../../widget/chunks/observe/tracker.ts'
import { CallError } from '../../widget/client/errors.ts'

const METRICS: Metrics = {
  scrollDepth: 0,
  timeOnPage: 0,
  clickCount: 0,
  formInteractions: 0,
  idleTime: 0,
  exitIntent: false,
  visitCount: 1,
  browserLanguage: 'en',
}
type Connection = Pick<EdgeConnection, 'call' | 'session' | 'headers' | 'dropSession'>
type Body = { session_id: string; events: TrackedEvent[] }

/** An edge that accepts every batch, unless `fails` has an error for the next call. */
function edge() {
  const calls: Body[] = []
  const fails: Error[] = []
  let session = 1
  const connection: Connection = {
    async call<T>(_path: string, body?: object): Promise<T> {
      const error = fails.shift()
      if (error) throw error
      calls.push(JSON.parse(JSON.stringify(body)))
      return JSON.parse('{}')
    },
    session: async () => `session-${session}`,
    headers: async () => ({ Authorization: 'DPoP token', DPoP: 'proof' }),
    dropSession: () => {
      session++
    },
  }
  return { calls, fails, connection }
}

let now = 0
const left: { url: string; init: RequestInit | undefined }[] = []

beforeEach(() => {
  now = 1_800_000_000_000
  left.length = 0
  vi.useFakeTimers()
  vi.spyOn(globalThis, 'fetch').mockImplementation(async (url, init) => {
    left.push({ url: String(url), init })
    return new Response('{}')
  })
})
afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

function tracker(connection: Connection) {
  const core = {
    connection: async () => connection,
    options: () => ({ edge: 'https://chat.example' }),
    context: () => ({ page_url: 'https://shop.example/' }),
  }
  return new Tracker(
    core,
    () => METRICS,
    () => undefined,
    () => now,
  )
}
const types = (bodies: readonly Body[]) => bodies.map(({ events }) => events.map(({ type }) => type))

describe('a batch', () => {
  it('is sent after five seconds, or with ten events', async () => {
    const { calls, connection } = edge()
    const sut = tracker(connection)
    sut.add('a')
    sut.add('b', { x: 1 })
    await vi.advanceTimersByTimeAsync(4999)
    expect(calls).toEqual([])
    await vi.advanceTimersByTimeAsync(1)
    expect(types(calls)).toEqual([['a', 'b']])
    for (let at = 0; at < 10; at++) sut.add(`e${at}`)
    await vi.advanceTimersByTimeAsync(0)
    expect(types(calls)[1]).toHaveLength(10)
    await vi.advanceTimersByTimeAsync(60_000)
    expect(calls).toHaveLength(2)
  })

  it('that could not be sent is sent with the next one, in order', async () => {
    const { calls, fails, connection } = edge()
    const sut = tracker(connection)
    fails.push(new CallError({ kind: 'offline' }))
    sut.add('a')
    await vi.advanceTimersByTimeAsync(5000)
    sut.add('b')
    await vi.advanceTimersByTimeAsync(5000)
    expect(types(calls)).toEqual([['a', 'b']])
  })

  it('is kept too when the error comes from the code of another chunk', async () => {
    const { calls, fails, connection } = edge()
    const sut = tracker(connection)
    fails.push(Object.assign(new Error('offline'), { name: 'CatyError', code: 'offline', fault: { kind: 'offline' } }))
    sut.add('a')
    await vi.advanceTimersByTimeAsync(5000)
    sut.add('b')
    await vi.advanceTimersByTimeAsync(5000)
    expect(types(calls)).toEqual([['a', 'b']])
  })

  it('is sent once more in a new session if Caty forgot the session', async () => {
    const { calls, fails, connection } = edge()
    const sut = tracker(connection)
    fails.push(new CallError({ kind: 'session' }))
    sut.add('a')
    await vi.advanceTimersByTimeAsync(5000)
    expect(calls.map(({ session_id, events }) => [session_id, events.length])).toEqual([['session-2', 1]])
  })

  it('that the edge refused is dropped and does not block the next one', async () => {
    const { calls, fails, connection } = edge()
    const sut = tracker(connection)
    fails.push(new CallError({ kind: 'refused', code: 'validation_error', status: 400 }))
    sut.add('a')
    await vi.advanceTimersByTimeAsync(5000)
    sut.add('b')
    await vi.advanceTimersByTimeAsync(5000)
    expect(types(calls)).toEqual([['b']])
  })
})

describe('the last batch', () => {
  it('is sent while the page closes, without waiting for a signature', async () => {
    const { calls, connection } = edge()
    const sut = tracker(connection)
    sut.add('a')
    await vi.advanceTimersByTimeAsync(100)
    sut.leave()
    // At once: the page may not live any longer.
    expect(left).toHaveLength(1)
    expect(left[0]).toMatchObject({
      url: 'https://chat.example/api/widget/track',
      init: { method: 'POST', keepalive: true, headers: { Authorization: 'DPoP token', DPoP: 'proof' } },
    })
    expect(JSON.parse(String(left[0]?.init?.body))).toMatchObject({ session_id: 'session-1', events: [{ type: 'a' }] })
    await vi.advanceTimersByTimeAsync(10_000)
    expect(calls).toEqual([])
  })

  it('never uses a proof twice, nor an old one', async () => {
    const { calls, connection } = edge()
    const headers = vi.spyOn(connection, 'headers')
    const sut = tracker(connection)
    sut.add('a')
    await vi.advanceTimersByTimeAsync(0)
    sut.leave()
    sut.add('b')
    await vi.advanceTimersByTimeAsync(0)
    sut.leave()
    await vi.advanceTimersByTimeAsync(0)
    expect([left.length, headers.mock.calls.length]).toEqual([2, 3])
    sut.add('c')
    now += 50_000
    sut.leave()
    await vi.advanceTimersByTimeAsync(0)
    expect([left.length, types(calls)]).toEqual([2, [['c']]])
  })

  it('is not sent without events, nor after stop()', async () => {
    const { calls, connection } = edge()
    const sut = tracker(connection)
    sut.leave()
    sut.add('a')
    sut.stop()
    sut.add('b')
    sut.leave()
    await vi.advanceTimersByTimeAsync(10_000)
    expect([left, calls]).toEqual([[], []])
  })
})

/** The sandbox as Caty: the events that it sends, their signatures and its retries. */
import { randomBytes } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import { type CatyEvent, verifyWebhook } from 'caty-keyless/webhook'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { freePort } from '../support/free-port.ts'
import { startSandbox } from '../support/sandbox-process.ts'

const SECRET = randomBytes(24).toString('hex')
const KEY = `caty_${randomBytes(16).toString('hex')}`

type Came = { event: CatyEvent; signature: string }
let came: Came[] = []
let status = 200
let waiting: (() => void)[] = []
let server: Server
let sandbox = ''
let target = ''
let stop: () => Promise<void>

beforeAll(async () => {
  const [port, sandboxPort] = [await freePort(), await freePort()]
  target = `http://127.0.0.1:${port}/webhooks/caty`
  sandbox = `http://127.0.0.1:${sandboxPort}`
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const signature = String(request.headers['x-caty-signature'])
    const verified = await verifyWebhook(Buffer.concat(chunks), signature, SECRET)
    response.writeHead(verified.ok ? status : 401).end()
    if (verified.ok && verified.event) came.push({ event: verified.event, signature })
    for (const look of waiting.splice(0)) look()
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  stop = await startSandbox(sandboxPort, KEY)
})
afterAll(async () => {
  server.close()
  server.closeAllConnections()
  await stop()
})
beforeEach(async () => {
  await call('POST', '/__sandbox/reset', {})
  came = []
  waiting = []
  status = 200
})

async function call(method: string, path: string, body?: object): Promise<unknown> {
  const headers = { 'Content-Type': 'application/json', 'X-API-Key': KEY }
  return (await fetch(sandbox + path, { method, headers, ...(body && { body: JSON.stringify(body) }) })).json()
}
const configure = (more: object = {}) =>
  call('POST', '/__sandbox/config', { webhooks: { url: target, secret: SECRET, ...more } })
const attempts = async (): Promise<{ event: string; attempt: number; status?: number }[]> =>
  Reflect.get(Object(await call('GET', '/__sandbox/webhooks')), 'attempts')

async function arrived(count: number): Promise<Came[]> {
  while (came.length < count) await new Promise<void>((resolve) => waiting.push(resolve))
  return came
}

const page = { url: 'https://shop.example/mugs', referrer: 'https://search.example/' }
const openSession = async (): Promise<string> =>
  Reflect.get(
    Object(await call('POST', '/api/widget/session', { visitor_id: randomBytes(4).toString('hex'), page })),
    'session_id',
  )

describe('the sandbox as a sender of webhooks', () => {
  it.each([false, true])('sends events in order, each signed (with sha256=: %s)', async (prefixed) => {
    await configure({ prefixed })
    const session_id = await openSession()
    await call('POST', '/api/widget/chat/message', { session_id, message: 'Show me your mugs' })
    await call('POST', '/api/widget/lead', { session_id, name: 'Ada', email: 'ada@example.org' })
    await call('POST', '/api/widget/lead', { session_id, phone: '+43 1 234 567' })
    await call('POST', '/api/widget/handoff/request', { session_id, reason: 'asked' })
    const events = (await arrived(5)).map(({ event }) => event)
    expect(events.map(({ event }) => event)).toEqual([
      'conversation.started',
      'message.received',
      'lead.captured',
      'lead.updated',
      'handoff.requested',
    ])
    expect(events[0]?.data).toMatchObject({ session_id, page_url: page.url, referrer: page.referrer })
    expect(events[2]?.data).toMatchObject({ session_id, name: 'Ada', email: 'ada@example.org' })
    expect(events[4]?.data).toMatchObject({
      reason: 'asked',
      visitor: { email: 'ada@example.org' },
      last_message: 'Show me your mugs',
    })
    for (const { signature } of came) expect(signature.startsWith('sha256=')).toBe(prefixed)
  })

  it('sends nothing without a target', async () => {
    await openSession()
    expect(await attempts()).toEqual([])
  })

  it('retries until the target accepts, at most five times', async () => {
    await configure({ scheduleMs: [0, 1, 1, 1, 1] })
    status = 503
    await openSession()
    const five = await arrived(5)
    status = 200
    await openSession()
    await arrived(6)
    expect(new Set(five.slice(0, 5).map(({ signature }) => signature)).size).toBe(1)
    expect((await attempts()).map(({ attempt, status: said }) => [attempt, said])).toEqual([
      ...[1, 2, 3, 4, 5].map((attempt) => [attempt, 503]),
      [1, 200],
    ])
  })
})

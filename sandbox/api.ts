/**
 * The sandbox API: stands in for api.catyai.io, as a process of its own. It checks the key, keeps Caty's limits,
 * envelopes and codes, and can be told to fail in every way a real upstream fails.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { env, exit } from 'node:process'
import { Challenges } from './challenges.ts'
import { ControlDesk, type Controls, type Fault } from './control.ts'
import { DEMO_KEY } from './demo-key.ts'
import { MinuteWindow } from './limits.ts'
import { type ApiAnswer, failed, WidgetApi } from './widget-api.ts'

const port = Number(env.SANDBOX_PORT ?? 8789)
const key = env.CATY_SANDBOX_KEY ?? DEMO_KEY
const BODY_CAP = 12 * 1024 * 1024
/** So much of a body is kept for whoever asks what came in. */
const RECORD_CHARS = 100_000

const desk = new ControlDesk()
const api = new WidgetApi(desk)
const challenges = new Challenges()
const calls = new MinuteWindow()
const messages = new MinuteWindow()

const server = createServer((request, response) => {
  serve(request, response).catch(() => response.destroy())
})
server.once('error', (error: NodeJS.ErrnoException) => {
  console.error(error.code === 'EADDRINUSE' ? `Port ${port} is in use: set SANDBOX_PORT to another.` : String(error))
  exit(1)
})
server.listen(port, '127.0.0.1', () => console.log(`sandbox API on http://127.0.0.1:${port}`))
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => exit(0))

async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://sandbox.invalid')
  const method = request.method ?? 'GET'
  const body = await read(request)
  if (url.pathname.startsWith('/__sandbox/')) return answer(response, control(method, url.pathname, body))
  desk.record({
    method,
    path: url.pathname + url.search,
    headers: flatten(request),
    body: body.slice(0, RECORD_CHARS),
    bytes: Buffer.byteLength(body, 'latin1'),
  })
  const fault = desk.take(method, url.pathname)
  if (fault && (await fail(fault, request, response))) return
  if (method === 'POST' && url.pathname === '/turnstile/siteverify') return answer(response, challenges.verify(body))
  answer(
    response,
    guarded(request, () => api.handle({ method, path: url.pathname, query: url.searchParams, body }), url.pathname),
  )
}

/** The key first, then the limits, as the real API does. */
function guarded(request: IncomingMessage, handle: () => ApiAnswer, path: string): ApiAnswer {
  const sent = request.headers['x-api-key']
  if (sent === undefined) return failed(401, 'API key is required', 'MISSING_API_KEY')
  if (sent !== key) return failed(401, 'Invalid or inactive API key', 'INVALID_API_KEY')
  const { perMinute, messagesPerMinute } = desk.controls.limits
  const isMessage = path.endsWith('/message')
  const wait = Math.max(calls.take(perMinute, Date.now()), isMessage ? messages.take(messagesPerMinute, Date.now()) : 0)
  if (wait === 0) return handle()
  return { ...failed(429, 'Rate limit exceeded', 'RATE_LIMITED'), headers: { 'Retry-After': String(wait) } }
}

function control(method: string, path: string, body: string): ApiAnswer {
  const input = body === '' ? {} : JSON.parse(body)
  switch (`${method} ${path}`) {
    case 'POST /__sandbox/reset':
      desk.reset()
      api.reset()
      challenges.reset()
      calls.reset()
      messages.reset()
      break
    case 'GET /__sandbox/requests':
      return { status: 200, body: { requests: desk.received } }
    case 'POST /__sandbox/faults':
      desk.plan(input satisfies Fault | Fault[])
      break
    case 'POST /__sandbox/config':
      desk.configure(input satisfies Partial<Controls>)
      break
    case 'GET /__sandbox/health':
      break
    default:
      return failed(404, 'No such control', 'NOT_FOUND')
  }
  return { status: 200, body: { success: true } }
}

/** Carries out a fault; `false` when it was only a delay and the real answer follows. */
async function fail(fault: Fault, request: IncomingMessage, response: ServerResponse): Promise<boolean> {
  if (fault.delayMs !== undefined) await pause(fault.delayMs, request)
  if (fault.hangUp) {
    response.destroy()
    return true
  }
  if (fault.redirectTo !== undefined) {
    response.writeHead(fault.status ?? 302, { Location: fault.redirectTo, ...fault.headers }).end()
    return true
  }
  if (fault.status === undefined && fault.body === undefined) return false
  const status = fault.status ?? 200
  const text =
    fault.body === undefined ? JSON.stringify(failed(status, 'Planned failure', 'INTERNAL').body) : asText(fault.body)
  response.writeHead(status, { 'Content-Type': fault.contentType ?? 'application/json', ...fault.headers })
  response.end(text.repeat(fault.bodyRepeat ?? 1))
  return true
}

const asText = (body: unknown): string => (typeof body === 'string' ? body : JSON.stringify(body))

/** Waits, but no longer than the caller does. */
function pause(ms: number, { socket }: IncomingMessage): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer)
      socket.off('close', end)
      resolve()
    }
    const timer = setTimeout(end, ms)
    socket.once('close', end)
  })
}

function answer(response: ServerResponse, { status, body, headers }: ApiAnswer): void {
  response.writeHead(status, { 'Content-Type': 'application/json', ...headers }).end(JSON.stringify(body))
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of request) {
    length += chunk.length
    if (length > BODY_CAP) throw new Error('the body is too large')
    chunks.push(chunk)
  }
  const whole = Buffer.concat(chunks)
  return whole.toString(request.headers['content-type']?.startsWith('multipart/') ? 'latin1' : 'utf8')
}

const flatten = (request: IncomingMessage): Record<string, string> =>
  Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, [value ?? ''].flat().join(', ')]))

/**
 * The sandbox API: stands in for api.catyai.io, as a process of its own. It checks the key or the user, keeps Caty's limits,
 * envelopes and codes, and can be told to fail in every way a real upstream fails.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { env, exit } from 'node:process'
import { AdminApi } from './admin-api.ts'
import { CHALLENGE_SCRIPT, Challenges } from './challenges.ts'
import { ControlDesk, type Controls, type Fault } from './control.ts'
import { DEMO_KEY } from './demo-key.ts'
import { answerJson, fail, flatten, read } from './http.ts'
import { MinuteWindow } from './limits.ts'
import { SignIn } from './sign-in.ts'
import { Tenant } from './tenant.ts'
import { WebhookSender, type WebhookTarget } from './webhooks.ts'
import { type ApiAnswer, type ApiCall, failed, WidgetApi } from './widget-api.ts'

const port = Number(env.SANDBOX_PORT ?? 8789)
/** Several, comma separated, when a test has widgets with a key each or changes one. */
const keys = (env.CATY_SANDBOX_KEY ?? DEMO_KEY).split(',')
/** So much of a body is kept for whoever asks what came in. */
const RECORD_CHARS = 100_000

const desk = new ControlDesk()
/** Where events go as long as the controls say nothing else. */
const webhookTarget: WebhookTarget | undefined =
  env.SANDBOX_WEBHOOK_URL && env.SANDBOX_WEBHOOK_SECRET
    ? { url: env.SANDBOX_WEBHOOK_URL, secret: env.SANDBOX_WEBHOOK_SECRET }
    : undefined
const webhooks = new WebhookSender(() => desk.controls.webhooks ?? webhookTarget)
const tenant = new Tenant(webhooks.tell)
const api = new WidgetApi(desk, tenant)
const admin = new AdminApi(tenant)
const signIn = new SignIn(env.AUTH_URL ?? 'http://127.0.0.1:8790')
const challenges = new Challenges()
const calls = new MinuteWindow()
const messages = new MinuteWindow()
const adminCalls = new MinuteWindow()

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
  if (url.pathname.startsWith('/__sandbox/')) return answerJson(response, control(method, url.pathname, body))
  desk.record({
    method,
    path: url.pathname + url.search,
    headers: flatten(request),
    body: body.slice(0, RECORD_CHARS),
    bytes: Buffer.byteLength(body, 'latin1'),
  })
  const fault = desk.take(method, url.pathname)
  if (fault?.held) await desk.released()
  if (fault && (await fail(fault, request, response))) return
  if (method === 'GET' && url.pathname === '/turnstile/v0/api.js')
    return void response.writeHead(200, { 'Content-Type': 'text/javascript' }).end(CHALLENGE_SCRIPT)
  if (method === 'POST' && url.pathname === '/turnstile/siteverify')
    return answerJson(response, challenges.verify(body, desk.controls.challengeSecrets))
  const call = {
    method,
    path: url.pathname,
    query: url.searchParams,
    body,
    userAgent: request.headers['user-agent'] ?? '',
  }
  const isAdmin = url.pathname.startsWith('/api/admin/')
  answerJson(response, isAdmin ? await forUser(request, call) : guarded(request, () => api.handle(call), url.pathname))
}

/** The key first, then the limits, as the real API does. */
function guarded(request: IncomingMessage, handle: () => ApiAnswer, path: string): ApiAnswer {
  const sent = request.headers['x-api-key']
  if (sent === undefined) return failed(401, 'API key is required', 'MISSING_API_KEY')
  if (!keys.includes(String(sent)) || desk.controls.deletedKeys.includes(String(sent)))
    return failed(401, 'Invalid or inactive API key', 'INVALID_API_KEY')
  const { perMinute, messagesPerMinute } = desk.controls.limits
  const isMessage = path.endsWith('/message')
  const wait = Math.max(calls.take(perMinute, Date.now()), isMessage ? messages.take(messagesPerMinute, Date.now()) : 0)
  return wait === 0 ? handle() : limited(wait)
}

/** The Admin API takes no key: a user of the project, and a limit of its own. */
async function forUser(request: IncomingMessage, call: ApiCall): Promise<ApiAnswer> {
  const user = await signIn.user(request.headers.authorization)
  if (!user) return failed(401, 'Invalid or expired token', 'UNAUTHORIZED')
  const wait = adminCalls.take(desk.controls.limits.adminPerMinute, Date.now())
  return wait === 0 ? admin.handle(call) : limited(wait)
}

const limited = (wait: number): ApiAnswer => ({
  ...failed(429, 'Rate limit exceeded', 'RATE_LIMITED'),
  headers: { 'Retry-After': String(wait) },
})

function control(method: string, path: string, body: string): ApiAnswer {
  const input = body === '' ? {} : JSON.parse(body)
  switch (`${method} ${path}`) {
    case 'POST /__sandbox/reset':
      desk.reset()
      api.reset()
      tenant.reset()
      webhooks.reset()
      challenges.reset()
      calls.reset()
      messages.reset()
      adminCalls.reset()
      break
    case 'GET /__sandbox/requests':
      return { status: 200, body: { requests: desk.received } }
    case 'GET /__sandbox/webhooks':
      return { status: 200, body: { attempts: webhooks.attempts } }
    case 'POST /__sandbox/faults':
      desk.plan(input satisfies Fault | Fault[])
      break
    case 'POST /__sandbox/release':
      desk.release()
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

/**
 * The sandbox API: stands in for api.catyai.io as its own process. It checks the key or the user, has Caty's limits,
 * envelopes and codes, and can be told to fail in every way a real upstream fails.
 */
import { env } from 'node:process'
import { AdminApi } from './admin-api.ts'
import { CHALLENGE_SCRIPT, Challenges } from './challenges.ts'
import { type Controls, type Fault, StandInState } from './control.ts'
import { DEMO_KEY } from './demo-key.ts'
import { answerJson, type Call, listen, observed, standIn } from './http.ts'
import { MinuteWindow } from './limits.ts'
import { SignIn } from './sign-in.ts'
import { Tenant } from './tenant.ts'
import { WebhookSender, type WebhookTarget } from './webhooks.ts'
import { type ApiAnswer, type ApiCall, failed, WidgetApi } from './widget-api.ts'

/** Several keys, comma separated, for tests with a key for each widget or a change of key. */
const keys = (env.CATY_SANDBOX_KEY ?? DEMO_KEY).split(',')

const state = new StandInState()
/** The target of events unless the controls set another. */
const webhookTarget: WebhookTarget | undefined =
  env.SANDBOX_WEBHOOK_URL && env.SANDBOX_WEBHOOK_SECRET
    ? { url: env.SANDBOX_WEBHOOK_URL, secret: env.SANDBOX_WEBHOOK_SECRET }
    : undefined
const webhooks = new WebhookSender(() => state.controls.webhooks ?? webhookTarget)
const tenant = new Tenant(webhooks.tell)
const api = new WidgetApi(state, tenant)
const admin = new AdminApi(tenant)
const signIn = new SignIn(env.AUTH_URL ?? 'http://127.0.0.1:8790')
const challenges = new Challenges()
const calls = new MinuteWindow()
const messages = new MinuteWindow()
const adminCalls = new MinuteWindow()

const done = () => answerJson({ status: 200, body: { success: true } })
const input = ({ var: { body } }: Call) => (body === '' ? {} : JSON.parse(body))

const app = standIn()
  .post('/__sandbox/reset', () => {
    for (const part of [state, api, tenant, webhooks, challenges, calls, messages, adminCalls]) part.reset()
    return done()
  })
  .get('/__sandbox/requests', () => answerJson({ status: 200, body: { requests: state.received } }))
  .get('/__sandbox/webhooks', () => answerJson({ status: 200, body: { attempts: webhooks.attempts } }))
  .get('/__sandbox/health', done)
  .post('/__sandbox/faults', (c) => {
    state.plan(input(c) satisfies Fault | Fault[])
    return done()
  })
  .post('/__sandbox/release', () => {
    state.release()
    return done()
  })
  .post('/__sandbox/config', (c) => {
    state.configure(input(c) satisfies Partial<Controls>)
    return done()
  })
  .all('/__sandbox/*', () => answerJson(failed(404, 'No such control', 'NOT_FOUND')))
  .use(observed(state, { keepBodies: true }))
  .get('/turnstile/v0/api.js', (c) => c.body(CHALLENGE_SCRIPT, 200, { 'Content-Type': 'text/javascript' }))
  .post('/turnstile/siteverify', (c) => answerJson(challenges.verify(c.var.body, state.controls.challengeSecrets)))
  .all('/api/admin/*', async (c) => answerJson(await forUser(c)))
  .all('*', (c) => answerJson(forWidget(c)))

listen(app, 'sandbox API', 'SANDBOX_PORT', Number(env.SANDBOX_PORT ?? 8789))

const callOf = (c: Call): ApiCall => ({
  method: c.req.method,
  path: c.req.path,
  query: new URL(c.req.url).searchParams,
  body: c.var.body,
  userAgent: c.req.header('user-agent') ?? '',
})

/** Checks the key first, then the limits, as the real API does. */
function forWidget(c: Call): ApiAnswer {
  const sent = c.req.header('x-api-key')
  if (sent === undefined) return failed(401, 'API key is required', 'MISSING_API_KEY')
  if (!keys.includes(sent) || state.controls.deletedKeys.includes(sent))
    return failed(401, 'Invalid or inactive API key', 'INVALID_API_KEY')
  const { perMinute, messagesPerMinute } = state.controls.limits
  const isMessage = c.req.path.endsWith('/message')
  const wait = Math.max(calls.take(perMinute, Date.now()), isMessage ? messages.take(messagesPerMinute, Date.now()) : 0)
  return wait === 0 ? api.handle(callOf(c)) : limited(wait)
}

/** The Admin API takes no key, but a user of the project, and has its own limit. */
async function forUser(c: Call): Promise<ApiAnswer> {
  const user = await signIn.user(c.req.header('authorization'))
  if (!user) return failed(401, 'Invalid or expired token', 'UNAUTHORIZED')
  const wait = adminCalls.take(state.controls.limits.adminPerMinute, Date.now())
  return wait === 0 ? admin.handle(callOf(c)) : limited(wait)
}

const limited = (wait: number): ApiAnswer => ({
  ...failed(429, 'Rate limit exceeded', 'RATE_LIMITED'),
  headers: { 'Retry-After': String(wait) },
})

/**
 * Any request to every route, with a Caty that is well and with one that answers anything: the edge never fails itself, tells
 * nobody the key, and sends Caty nothing but what it may. `npm run fuzz` has more of them; a failure prints its seed.
 */
import { env } from 'cloudflare:workers'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { routesFor } from '../support/leaving/routes.ts'
import { ask, newIsolate, ORIGIN, type Settings, Visitor } from './client.ts'
import { DASHBOARD, newUser, resetAuth, unlimited } from './dashboard.ts'
import { type Input, inputOf } from './fuzz/input.ts'
import { type Answer, anyAnswer, responseOf, WELL } from './fuzz/upstream.ts'
import { resetSandbox } from './sandbox.ts'
import { hmac, SECRET } from './webhook-client.ts'

const runs = Number(env.FUZZ_RUNS)
const seed = Number(env.FUZZ_SEED)
const KEY = env.CATY_API_KEY
/** A failing upstream closes its breaker for 10 s, so each of its Workers gets only so many calls. */
const CALLS_A_WORKER = 8
/** Seconds; a token lives 300. */
const RENEW_S = 200

const everything = { limit: async () => ({ success: true }) }
const settings: Settings = {
  ...unlimited,
  UPLOADS: 'on',
  MESSAGES_PER_VISITOR_PER_MINUTE: '600',
  TOKENS_PER_ADDRESS: everything,
  BOUND_TOKENS_PER_ADDRESS: everything,
  CALLS_PER_VISITOR: everything,
}
let visitor: Visitor
let user = ''
let routes: ReturnType<typeof routesFor>
let since = 0
let upstream: Answer = WELL
let workers = 0
const seen: { url: string; headers: Headers; redirect: string; text: string }[] = []
const logged: string[] = []

beforeAll(async () => {
  await resetSandbox()
  await resetAuth()
  visitor = await (await Visitor.create()).login()
  routes = routesFor(await visitor.openSession(settings)).filter(({ settings: own }) => !own?.TURNSTILE_SECRET)
  const { fetch: real } = globalThis
  vi.stubGlobal('fetch', async (target: Request | string, init?: RequestInit) => {
    const request = new Request(target, init)
    if (request.url.startsWith(env.SUPABASE_URL)) return real(request)
    const text = new TextDecoder().decode(await request.arrayBuffer())
    if (request.url.startsWith(env.WEBHOOK_TARGET_URL)) return new Response(null, { status: 204 })
    seen.push({ url: request.url, headers: request.headers, redirect: request.redirect, text })
    return responseOf(upstream)
  })
  // A request of its own has few timers, but all calls of this test are one request of workerd, which allows 10,000.
  vi.spyOn(AbortSignal, 'timeout').mockImplementation(() => new AbortController().signal)
  vi.spyOn(console, 'log').mockImplementation((line) => void logged.push(String(line)))
})
afterAll(() => {
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
})

async function credentialsOf({ as, method, path, body, credentials }: Input): Promise<Record<string, string>> {
  if (credentials === 'none' || as === 'anybody') return {}
  if (as === 'page') return { Origin: ORIGIN }
  if (as === 'caty') return { 'X-Caty-Signature': await hmac(SECRET, body ?? new Uint8Array()) }
  const own =
    as === 'visitor'
      ? await visitor.headers(method, path.split('?')[0] ?? '')
      : { Origin: DASHBOARD, Authorization: `Bearer ${user}` }
  if (credentials === 'spoiled') own.Authorization = own.Authorization?.replace(/.{9}$/, 'AAAAAAAAA') ?? ''
  return own
}

async function call(input: Input, worker: string): Promise<void> {
  if (Date.now() - since > RENEW_S * 1000) {
    since = Date.now()
    await visitor.login()
    user = await newUser()
  }
  seen.length = 0
  logged.length = 0
  const headers = { ...(await credentialsOf(input)), ...input.headers }
  const response = await ask(
    input.path,
    { method: input.method, headers, body: input.body ?? null },
    { ...settings, RUN: worker },
  )
  const text = await response.text()
  const said = [...response.headers].flat().join('\n') + text + logged.join('\n')
  expect(said).not.toContain(KEY)
  expect(response.headers.get('X-Content-Type-Options')).toBe('nosniff')
  expect(response.status).not.toBe(500)
  const allowed = response.headers.get('Access-Control-Allow-Origin')
  if (allowed !== null) expect([ORIGIN, DASHBOARD]).toContain(allowed)
  if (response.headers.get('Content-Type')?.includes('json') && text !== '') {
    const answer = JSON.parse(text)
    if (!response.ok) expect([answer.success, answer.status]).toEqual([false, response.status])
  }
  for (const sent of seen) {
    expect(sent.url.startsWith(`${env.CATY_API_URL}/api/`)).toBe(true)
    expect(sent.redirect).toBe('manual')
    // The bytes of a file are the visitor's own.
    if (sent.headers.get('Content-Type') === 'application/json') expect(sent.text).not.toMatch(/\\ud[89a-f]..|\\u0000/i)
    const names = [...sent.headers.keys()].filter((name) => !['accept', 'content-type', 'user-agent'].includes(name))
    expect(names).toEqual([input.as.startsWith('dashboard') ? 'authorization' : 'x-api-key'])
  }
  if (upstream === WELL) expect([response.status < 500, response.status, text]).toEqual([true, response.status, text])
}

it('a Caty that is well never makes the edge fail', { timeout: 60_000 + runs * 20 }, async () => {
  upstream = WELL
  await fc.assert(
    fc.asyncProperty(inputOf(routes), (input) => call(input, 'well')),
    { numRuns: Math.ceil(runs / 2), seed },
  )
})

it('a Caty that answers anything makes the edge say so', { timeout: 60_000 + runs * 20 }, async () => {
  await fc.assert(
    fc.asyncProperty(inputOf(routes), anyAnswer(KEY), async (input, answer) => {
      if (workers++ % CALLS_A_WORKER === 0) newIsolate()
      upstream = answer
      await call(input, 'unwell')
    }),
    { numRuns: Math.ceil(runs / 2), seed },
  )
})

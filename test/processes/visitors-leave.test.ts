/**
 * Visitors leave at every moment of every call: their connection is reset while the edge reads, or waits for a limit, the
 * ledger, Caty, the middle of its answer. In workerd itself, because the development proxy hides what happens to a
 * connection. Afterwards everybody else is answered, and Caty has each call that was there as a whole, once.
 */
import { createHmac, randomBytes, randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { bundleWorker } from '../../scripts/workerd/bundle.ts'
import { type RunningWorker, runWorker } from '../../scripts/workerd/run.ts'
import { freePort } from '../support/free-port.ts'
import { leave, PARTS, type Part, type RawCall } from '../support/leaving/client.ts'
import { type Route, routesFor } from '../support/leaving/routes.ts'
import { type Hold, HoldingUpstream } from '../support/leaving/upstream.ts'
import { HttpVisitor } from '../support/visitor.ts'
import { newApiKey, newFolder, newTokenSecret, PAGE } from '../support/worker.ts'

const DASHBOARD = 'https://dashboard.example'
/** Milliseconds in which everybody is answered, on a machine that is busy with other tests. */
const IN_TIME_MS = 4000
const JWT_SECRET = randomBytes(32).toString('hex')
const WEBHOOK_SECRET = randomBytes(32).toString('hex')
const published = await generateKeyPair('ES256', { extractable: true })
const upstream = await new HoldingUpstream().start()
upstream.keys = [{ ...(await exportJWK(published.publicKey)), kid: 'k1', alg: 'ES256' }]

let edge: RunningWorker

beforeAll(async () => {
  edge = await runWorker({
    source: bundleWorker().source,
    entry: readFileSync(new URL('../support/leaving/entry.js', import.meta.url), 'utf8'),
    port: await freePort(),
    storage: newFolder(),
    vars: {
      CATY_API_KEY: newApiKey(),
      CATY_API_URL: upstream.url,
      TOKEN_SECRETS: newTokenSecret('k1'),
      ALLOWED_ORIGINS: PAGE,
      ADMIN_ORIGINS: DASHBOARD,
      SUPABASE_URL: upstream.url,
      SUPABASE_JWT_SECRET: JWT_SECRET,
      TURNSTILE_VERIFY_URL: `${upstream.url}/turnstile`,
      CATY_WEBHOOK_SECRETS: WEBHOOK_SECRET,
      MESSAGES_PER_MINUTE: '10000',
      CALLS_PER_MINUTE: '1000000',
      MESSAGES_PER_VISITOR_PER_MINUTE: '600',
    },
  })
})
afterAll(async () => {
  await edge?.kill()
  upstream.stop()
})

/** The user of a dashboard. */
function userToken(kind: 'dashboard' | 'dashboard with a published key'): Promise<string> {
  const claims = new SignJWT({ role: 'authenticated' })
    .setIssuer(`${upstream.url}/auth/v1`)
    .setAudience('authenticated')
    .setSubject('user-1')
    .setExpirationTime('1h')
  if (kind === 'dashboard')
    return claims.setProtectedHeader({ alg: 'HS256' }).sign(new TextEncoder().encode(JWT_SECRET))
  return claims.setProtectedHeader({ alg: 'ES256', kid: 'k1' }).sign(published.privateKey)
}

/** One call of the route as the right caller makes it, with a proof of its own. */
async function callOf(visitor: HttpVisitor, route: Route, more: Record<string, string>): Promise<RawCall> {
  const { method = 'GET', path, body = '', as } = route
  const headers: Record<string, string> = { ...route.headers, ...more }
  if (route.settings) headers['X-Test-Settings'] = JSON.stringify(route.settings)
  if (as === 'page' || as === 'visitor') headers.Origin = PAGE
  if (as === 'page' && method === 'OPTIONS') headers['Access-Control-Request-Method'] = 'POST'
  if (as === 'visitor') {
    const isToken = path === '/token'
    headers.DPoP = await visitor.proof(method, path.split('?')[0] ?? '', isToken ? { ath: undefined } : {})
    if (!isToken) headers.Authorization = `DPoP ${visitor.token}`
  }
  if (as === 'dashboard' || as === 'dashboard with a published key') {
    headers.Origin = DASHBOARD
    headers.Authorization = `Bearer ${await userToken(as)}`
  }
  if (as === 'caty') headers['X-Caty-Signature'] = createHmac('sha256', WEBHOOK_SECRET).update(body).digest('hex')
  return { method, path, headers, body }
}

/** The status, or why there was none in time. */
async function statusOf({ method, path, headers, body }: RawCall): Promise<number | string> {
  const init = { method, headers, signal: AbortSignal.timeout(IN_TIME_MS), ...(body && { body }) }
  try {
    const response = await fetch(edge.url + path, init)
    await response.arrayBuffer()
    return response.status
  } catch (error) {
    return error instanceof Error ? error.name : 'no answer'
  }
}

/** The edge has noticed what happened before on other connections once it has answered two calls. */
async function settle(): Promise<void> {
  for (let n = 0; n < 2; n++) await statusOf({ method: 'GET', path: '/nothing', headers: {}, body: '' })
}

type Moment = { part: Part; hold?: Hold }

/** All moments at which a visitor may leave this route. */
function momentsOf({ body, at, waits = [] }: Route): Moment[] {
  const cut = PARTS.filter((part) => body !== undefined || part !== 'half of the body')
  const places = [...(at ? [at] : []), ...waits.map((place) => (place.startsWith('/') ? place : `/at/${place}`))]
  const holds = places.map((path): Moment => ({ part: 'everything', hold: { path, half: false } }))
  const half: Moment[] = at ? [{ part: 'everything', hold: { path: at, half: true } }] : []
  return [...cut.map((part): Moment => ({ part })), ...holds, ...half]
}

/**
 * Has the edge read the whole call when the visitor leaves? `perhaps`: it has the bytes at best on its socket, where a reset
 * discards them.
 */
function isRead({ body }: Route, { part, hold }: Moment): 'yes' | 'no' | 'perhaps' {
  if (hold && (!body || hold.path !== '/at/limiter')) return 'yes'
  return part === 'everything' || (!body && part === 'the headers') ? 'perhaps' : 'no'
}

const said = ({ part, hold }: Moment) => (hold ? `${hold.half ? 'middle of ' : ''}${hold.path}` : part)

async function until(what: () => boolean | Promise<boolean>): Promise<boolean> {
  for (const end = Date.now() + IN_TIME_MS; Date.now() < end; await settle()) if (await what()) return true
  return false
}

/** What went wrong after a visitor left the route at this moment; nothing, if all is well. */
async function afterLeaving(index: number, moment: Moment): Promise<string[]> {
  const visitor = await HttpVisitor.login(edge.url, PAGE)
  const opened = await visitor.call('POST', '/api/widget/session', {})
  const route = routesFor(String(Reflect.get(Object(opened.body), 'session_id')))[index]
  if (!route) throw new Error('there is no such route')
  const { at, once, status = 200 } = route
  const isolate = { 'X-Test-Isolate': randomUUID() }
  const headers = { ...isolate, 'Idempotency-Key': `"${randomUUID()}"` }
  upstream.forget()
  const held = moment.hold && upstream.hold(moment.hold)
  const came = held && within(held.came)
  await leave(edge.url, await callOf(visitor, route, headers), moment.part, came)
  await settle()
  held?.release()
  const problems: string[] = []
  if (held && !(await came)) problems.push('the call never waited there')
  const read = isRead(route, moment)
  if (at && read === 'yes' && !(await until(() => upstream.count(at) > 0))) problems.push('Caty never got it')
  // The first answer of a key may still be on its way into the ledger.
  let again: number | string = 0
  await until(async () => {
    again = await statusOf(await callOf(visitor, route, headers))
    return again !== 409
  })
  if (again !== status) problems.push(`the same call again: ${again}`)
  const most = read === 'no' || once ? 1 : 2
  const least = read === 'yes' ? most : 1
  const calls = at ? upstream.count(at) : least
  if (calls < least || calls > most) problems.push(`Caty got ${calls} calls`)
  const health = await statusOf({ method: 'GET', path: '/health', headers: isolate, body: '' })
  if (health !== 200) problems.push(`health: ${health}`)
  return problems.map((problem) => `${route.name}, left at ${said(moment)}: ${problem}`)
}

/** False if it took too long. */
const within = (work: Promise<unknown>): Promise<boolean> =>
  Promise.race([work.then(() => true), new Promise<false>((resolve) => setTimeout(resolve, IN_TIME_MS, false))])

it('whoever leaves, whenever, everybody else is answered and Caty has what it should', async () => {
  const problems: string[] = []
  for (const [index, route] of routesFor('').entries())
    for (const moment of momentsOf(route)) problems.push(...(await afterLeaving(index, moment)))
  expect(problems).toEqual([])
})

it('the visitor who probes a Caty that was down leaves: the next one gets through', async () => {
  const visitor = await HttpVisitor.login(edge.url, PAGE)
  const isolate = randomUUID()
  const path = '/api/widget/session'
  let ahead = 0
  const call = async (): Promise<RawCall> => {
    const iat = Math.floor((Date.now() + ahead) / 1000)
    const headers = {
      Origin: PAGE,
      Authorization: `DPoP ${visitor.token}`,
      DPoP: await visitor.proof('POST', path, { iat }),
      'Content-Type': 'application/json',
      'X-Test-Isolate': isolate,
      'X-Test-Ahead': String(ahead),
    }
    return { method: 'POST', path, headers, body: '{}' }
  }
  upstream.broken.add(path)
  const statuses: (number | string)[] = []
  for (let n = 0; n < 11; n++) statuses.push(await statusOf(await call()))
  expect(statuses).toEqual([...Array<number>(10).fill(502), 503])
  upstream.broken.clear()
  ahead += 10_000
  const held = upstream.hold({ path, half: false })
  await leave(edge.url, await call(), 'everything', held.came)
  await settle()
  ahead += 10_000
  expect(await statusOf(await call())).toBe(200)
  held.release()
})

/**
 * Stands in for Supabase Auth as its own process: the calls of supabase-js to sign in, refresh, get the user and sign
 * out, and the published keys, which can be rotated. It can be told to fail like the sandbox API.
 */
import { env } from 'node:process'
import { cors } from 'hono/cors'
import { createLocalJWKSet, type JWTPayload, jwtVerify } from 'jose'
import { type Algorithm, SigningKeys } from './auth/keys.ts'
import { type Grant, Sessions } from './auth/sessions.ts'
import { type Fault, StandInState } from './control.ts'
import { answerJson, type Call, type JsonAnswer, listen, observed, standIn } from './http.ts'

const port = Number(env.AUTH_PORT ?? 8790)
const issuer = `http://127.0.0.1:${port}/auth/v1`
const state = new StandInState()
const keys = new SigningKeys()
const sessions = new Sessions(keys, issuer)
await keys.rotate()

const done = () => answerJson({ status: 200, body: { success: true } })

const app = standIn()
  // Controls for tests: key rotation, short lifetimes, faults, and tokens with any claims.
  .post('/__auth/reset', () => {
    state.reset()
    sessions.reset()
    return done()
  })
  .post('/__auth/rotate', async (c) => {
    const { algorithm, keep } = input(c)
    return answerJson({ status: 200, body: { kid: await keys.rotate(algorithmOf(algorithm), keep !== false) } })
  })
  .post('/__auth/config', (c) => {
    const { tokenSeconds } = input(c)
    if (typeof tokenSeconds === 'number') sessions.tokenSeconds = tokenSeconds
    return done()
  })
  .post('/__auth/sign', async (c) => {
    const { claims: own, without, header } = input(c)
    const claims = { ...sessions.claims(), ...Object(own) }
    for (const name of [without].flat()) delete claims[String(name)]
    return answerJson({ status: 200, body: { token: await keys.sign(claims, Object(header)) } })
  })
  .post('/__auth/faults', (c) => {
    state.plan(JSON.parse(c.var.body) satisfies Fault | Fault[])
    return done()
  })
  .get('/__auth/requests', () => answerJson({ status: 200, body: { requests: state.received } }))
  .get('/__auth/health', done)
  .all('/__auth/*', () => answerJson(refused(404, 'not_found', 'No such control')))
  // As with Supabase, any page may call: the password decides.
  .use(
    cors({
      origin: '*',
      allowHeaders: ['apikey', 'authorization', 'content-type', 'x-client-info', 'x-supabase-api-version'],
      allowMethods: ['GET', 'POST', 'PUT', 'DELETE', 'OPTIONS'],
      exposeHeaders: ['x-supabase-api-version'],
      maxAge: 3600,
    }),
  )
  .use(observed(state, { keepBodies: false }))
  .get('/auth/v1/.well-known/jwks.json', () =>
    answerJson({ status: 200, body: keys.published(), headers: { 'Cache-Control': 'public, max-age=600' } }),
  )
  .get('/auth/v1/health', () => answerJson({ status: 200, body: { name: 'stand-in for Supabase Auth' } }))
  .post('/auth/v1/token', async (c) => answerJson(granted(await grant(c.req.query('grant_type'), input(c)))))
  .get('/auth/v1/user', async (c) => {
    const claims = await claimsOf(c)
    const user = claims && sessions.user(claims)
    return answerJson(user ? { status: 200, body: user } : refused(403, 'session_not_found', 'Session not found'))
  })
  .post('/auth/v1/logout', async (c) => {
    const claims = await claimsOf(c)
    if (claims) sessions.end(claims)
    return c.body(null, 204)
  })
  .all('*', () => answerJson(refused(404, 'not_found', 'There is no such call')))

listen(app, 'stand-in for Supabase Auth', 'AUTH_PORT', port)

function grant(type: string | undefined, body: Record<string, unknown>): Promise<Grant> | Grant {
  if (type === 'password') return sessions.byPassword(body.email, body.password)
  if (type === 'refresh_token') return sessions.byRefresh(body.refresh_token)
  return { status: 400, code: 'validation_failed', message: 'Unsupported grant_type' }
}

const granted = (answer: Grant): JsonAnswer =>
  'body' in answer ? answer : refused(answer.status, answer.code, answer.message)

const refused = (status: number, error_code: string, msg: string): JsonAnswer => ({
  status,
  body: { code: status, error_code, msg },
})

async function claimsOf(c: Call): Promise<JWTPayload | undefined> {
  const token = /^Bearer (\S+)$/i.exec(c.req.header('authorization') ?? '')?.[1]
  if (token === undefined) return undefined
  const verified = await jwtVerify(token, createLocalJWKSet(keys.published()), { issuer }).catch(() => undefined)
  return verified?.payload
}

const algorithmOf = (value: unknown): Algorithm => (value === 'RS256' || value === 'EdDSA' ? value : 'ES256')

function input({ var: { body } }: Call): Record<string, unknown> {
  const value: unknown = body === '' ? {} : JSON.parse(body)
  return Object.fromEntries(Object.entries(Object(value)))
}

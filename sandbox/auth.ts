/**
 * Stands in for Supabase Auth, as a process of its own: the calls that supabase-js makes to sign in, refresh, look at the
 * user and sign out, and the published keys, which can be rotated. It can be told to fail like the sandbox API.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { env, exit } from 'node:process'
import { createLocalJWKSet, type JWTPayload, jwtVerify } from 'jose'
import { type Algorithm, SigningKeys } from './auth/keys.ts'
import { type Grant, Sessions } from './auth/sessions.ts'
import { ControlDesk, type Fault } from './control.ts'
import { answerJson, fail, flatten, type JsonAnswer, read } from './http.ts'

const port = Number(env.AUTH_PORT ?? 8790)
const issuer = `http://127.0.0.1:${port}/auth/v1`
const desk = new ControlDesk()
const keys = new SigningKeys()
const sessions = new Sessions(keys, issuer)
await keys.rotate()

/** Any page may ask, as with Supabase: what counts is the password. */
const CORS = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Allow-Headers': 'apikey, authorization, content-type, x-client-info, x-supabase-api-version',
  'Access-Control-Allow-Methods': 'GET, POST, PUT, DELETE, OPTIONS',
  'Access-Control-Expose-Headers': 'x-supabase-api-version',
  'Access-Control-Max-Age': '3600',
}

const server = createServer((request, response) => {
  serve(request, response).catch(() => response.destroy())
})
server.once('error', (error: NodeJS.ErrnoException) => {
  console.error(error.code === 'EADDRINUSE' ? `Port ${port} is in use: set AUTH_PORT to another.` : String(error))
  exit(1)
})
server.listen(port, '127.0.0.1', () => console.log(`stand-in for Supabase Auth on http://127.0.0.1:${port}`))
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => exit(0))

async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://auth.invalid')
  const method = request.method ?? 'GET'
  const body = await read(request)
  if (url.pathname.startsWith('/__auth/')) return answerJson(response, await control(method, url.pathname, body))
  for (const [name, value] of Object.entries(CORS)) response.setHeader(name, value)
  if (method === 'OPTIONS') return void response.writeHead(204).end()
  desk.record({ method, path: url.pathname + url.search, headers: flatten(request), body: '', bytes: body.length })
  const fault = desk.take(method, url.pathname)
  if (fault && (await fail(fault, request, response))) return
  const answer = await called(`${method} ${url.pathname}`, url.searchParams, request, body)
  if (answer.status === 204) return void response.writeHead(204).end()
  answerJson(response, answer)
}

async function called(
  call: string,
  query: URLSearchParams,
  request: IncomingMessage,
  body: string,
): Promise<JsonAnswer> {
  switch (call) {
    case 'GET /auth/v1/.well-known/jwks.json':
      return { status: 200, body: keys.published(), headers: { 'Cache-Control': 'public, max-age=600' } }
    case 'GET /auth/v1/health':
      return { status: 200, body: { name: 'stand-in for Supabase Auth' } }
    case 'POST /auth/v1/token':
      return granted(await grant(query.get('grant_type'), parse(body)))
    case 'GET /auth/v1/user': {
      const claims = await claimsOf(request)
      const user = claims && sessions.user(claims)
      return user ? { status: 200, body: user } : refused(403, 'session_not_found', 'Session not found')
    }
    case 'POST /auth/v1/logout': {
      const claims = await claimsOf(request)
      if (claims) sessions.end(claims)
      return { status: 204, body: {} }
    }
    default:
      return refused(404, 'not_found', 'There is no such call')
  }
}

function grant(type: string | null, body: Record<string, unknown>): Promise<Grant> | Grant {
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

async function claimsOf(request: IncomingMessage): Promise<JWTPayload | undefined> {
  const token = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1]
  if (token === undefined) return undefined
  const verified = await jwtVerify(token, createLocalJWKSet(keys.published()), { issuer }).catch(() => undefined)
  return verified?.payload
}

/** For tests and the curious: rotation, short lives, faults, and tokens with any claims at all. */
async function control(method: string, path: string, body: string): Promise<JsonAnswer> {
  const input = parse(body)
  switch (`${method} ${path}`) {
    case 'POST /__auth/reset':
      desk.reset()
      sessions.reset()
      break
    case 'POST /__auth/rotate':
      return { status: 200, body: { kid: await keys.rotate(algorithmOf(input.algorithm), input.keep !== false) } }
    case 'POST /__auth/config':
      if (typeof input.tokenSeconds === 'number') sessions.tokenSeconds = input.tokenSeconds
      break
    case 'POST /__auth/sign': {
      const claims = { ...sessions.claims(), ...Object(input.claims) }
      for (const name of [input.without].flat()) delete claims[String(name)]
      return { status: 200, body: { token: await keys.sign(claims, Object(input.header)) } }
    }
    case 'POST /__auth/faults':
      desk.plan(JSON.parse(body) satisfies Fault | Fault[])
      break
    case 'GET /__auth/requests':
      return { status: 200, body: { requests: desk.received } }
    case 'GET /__auth/health':
      break
    default:
      return refused(404, 'not_found', 'No such control')
  }
  return { status: 200, body: { success: true } }
}

const algorithmOf = (value: unknown): Algorithm => (value === 'RS256' || value === 'EdDSA' ? value : 'ES256')

function parse(body: string): Record<string, unknown> {
  const value: unknown = body === '' ? {} : JSON.parse(body)
  return Object.fromEntries(Object.entries(Object(value)))
}

/** HTTP code that the stand-ins share: Hono on Node, the raw body, JSON answers and planned faults. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { exit } from 'node:process'
import { type HttpBindings, serve } from '@hono/node-server'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import { type Context, Hono } from 'hono'
import { createMiddleware } from 'hono/factory'
import type { Fault, StandInState } from './control.ts'

/** `body`: UTF-8, except that a multipart body has one character for each byte. */
export type StandIn = { Bindings: HttpBindings; Variables: { body: string } }
export type Call = Context<StandIn>
export type JsonAnswer = { status: number; body: object; headers?: Record<string, string> }

const BODY_CAP = 12 * 1024 * 1024
/** The most bytes of a body that are kept for tests. */
const RECORD_CHARS = 100_000

/**
 * An app whose handlers find the whole body in `c.var.body`. It closes the connection if a body is too large or does
 * not end properly.
 */
export function standIn(): Hono<StandIn> {
  const app = new Hono<StandIn>()
  app.use(async (c, next) => {
    c.set('body', await read(c.env.incoming))
    await next()
  })
  app.onError((_, c) => {
    c.env.outgoing.destroy()
    return RESPONSE_ALREADY_SENT
  })
  return app
}

/** Listens on loopback only. `setting` names the environment variable that sets the port. */
export function listen(app: Hono<StandIn>, what: string, setting: string, port: number): void {
  const server = serve({ fetch: app.fetch, port, hostname: '127.0.0.1' }, () =>
    console.log(`${what} on http://127.0.0.1:${port}`),
  )
  server.once('error', (error: NodeJS.ErrnoException) => {
    console.error(error.code === 'EADDRINUSE' ? `Port ${port} is in use: set ${setting} to another.` : String(error))
    exit(1)
  })
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

export const answerJson = ({ status, body, headers }: JsonAnswer): Response =>
  status === 204
    ? new Response(null, { status })
    : new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json', ...headers } })

/** Records each call and carries out its planned fault. Set `keepBodies` to false where passwords are sent. */
export const observed = (state: StandInState, { keepBodies }: { keepBodies: boolean }) =>
  createMiddleware<StandIn>(async (c, next) => {
    const { incoming, outgoing } = c.env
    const { body } = c.var
    const { pathname, search } = new URL(c.req.url)
    state.record({
      method: c.req.method,
      path: pathname + search,
      headers: flatten(incoming),
      body: keepBodies ? body.slice(0, RECORD_CHARS) : '',
      bytes: Buffer.byteLength(body, 'latin1'),
    })
    const fault = state.take(c.req.method, pathname)
    if (fault?.held) await state.released()
    if (fault && (await fail(fault, incoming, outgoing))) return RESPONSE_ALREADY_SENT
    await next()
  })

/** Carries out a fault. Returns `false` if it was only a delay and the real answer follows. */
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
  const planned = { success: false, error: 'Planned failure', code: 'INTERNAL' }
  response.writeHead(fault.status ?? 200, {
    'Content-Type': fault.contentType ?? 'application/json',
    ...fault.headers,
  })
  const text = asText(fault.body ?? planned).repeat(fault.bodyRepeat ?? 1)
  if (fault.cut) response.write(text, () => response.destroy())
  else response.end(text)
  return true
}

const asText = (body: unknown): string => (typeof body === 'string' ? body : JSON.stringify(body))

/** Waits, but stops when the caller closes the connection. */
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

const flatten = (request: IncomingMessage): Record<string, string> =>
  Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, [value ?? ''].flat().join(', ')]))

/** One call through the edge: what every handler gets, and the checks and headers around all of them. */
import type { Context, MiddlewareHandler } from 'hono'
import { type LogLine, loggedReason, serverTiming, writeLog, writeMetrics } from '../base/log.ts'
import { type Reason, Refused, type SettingProblem } from '../base/reason.ts'
import { allowOrigin, callerOrigin, preflight } from '../http/cors.ts'
import { originAllowed } from '../http/origin.ts'
import { problemResponse, tokenErrorResponse } from '../http/problem/index.ts'
import { parseSettings } from '../settings/index.ts'
import { readBindings } from './bindings.ts'
import { createEdge, type Edge, workerPlatform } from './context.ts'

type Variables = {
  requestId: string
  /** Absent when the settings are wrong. */
  edge: Edge | undefined
  log: Partial<Pick<LogLine, 'reason' | 'fault' | 'widget' | 'cache' | 'upstream_ms'>>
  headers: Headers
}
export type CallContext = Context<{ Bindings: Record<string, unknown>; Variables: Variables }>
type Middleware = MiddlewareHandler<{ Bindings: Record<string, unknown>; Variables: Variables }>

/** What a handler gets for a call of an allowed origin. */
export type Call = {
  edge: Edge
  request: Request
  /** The origin of the page, which is allowed. */
  origin: string
  /** This edge's own origin: issuer and audience of its tokens. */
  issuer: string
  path: string
  /** Headers of the answer, also of a refusal. Headers that the answer itself has win. */
  headers: Headers
  /** Keeps work alive after the answer. */
  waitUntil: (work: Promise<unknown>) => void
  /** Adds members to the log line of this call. */
  note: (members: Variables['log']) => void
  /** Runs a call to Caty and logs how long it took. */
  upstream: <T>(work: () => Promise<T>) => Promise<T>
}

type Built = { edge: Edge } | { problems: readonly SettingProblem[] }
/** An isolate keeps its environment object, so the settings are parsed once an isolate. */
const builtFor = new WeakMap<object, Built>()

/** The edge of this environment, or what is wrong with its settings and bindings. */
export function edgeFor(env: Record<string, unknown>): Built {
  const known = builtFor.get(env)
  if (known) return known
  const parsed = parseSettings(env)
  const bound = readBindings(env)
  const made: Built =
    parsed.ok && bound.ok
      ? { edge: createEdge(parsed.settings, bound.bindings, workerPlatform()) }
      : { problems: [...(parsed.ok ? [] : parsed.problems), ...(bound.ok ? [] : bound.problems)] }
  builtFor.set(env, made)
  return made
}

/**
 * Paths of unreserved characters only, because no route has others and path tricks need them. No slash at the end either:
 * the router would ignore it.
 */
const PLAIN_PATH = /^(\/|(\/[A-Za-z0-9._~-]+)+)$/

const issuerOf = (edge: Edge, request: Request): string => edge.settings.publicUrl ?? new URL(request.url).origin

/** Runs around every call: request id, settings, log line, and the headers of every answer. */
export const everyCall: Middleware = async (c, next) => {
  const started = Date.now()
  c.set('requestId', crypto.randomUUID())
  c.set('log', {})
  c.set('headers', new Headers())
  const made = edgeFor(c.env)
  c.set('edge', 'edge' in made ? made.edge : undefined)
  if ('problems' in made) c.res = refusal(c, { kind: 'settings', problems: made.problems })
  else if (!PLAIN_PATH.test(new URL(c.req.url).pathname)) c.res = refusal(c, { kind: 'not_found' })
  else await next()
  const line: LogLine = {
    id: c.get('requestId'),
    method: c.req.method.slice(0, 10),
    route: routeOf(c),
    status: c.res.status,
    ms: Date.now() - started,
    ...c.get('log'),
  }
  finish(c, line)
  writeLog(line)
  writeMetrics(c.get('edge')?.metrics, line)
}

const routeOf = (c: CallContext): string => {
  const patterns = c.req.matchedRoutes.map((route) => route.path).filter((path) => path !== '*' && path !== '/*')
  return patterns.at(-1) ?? 'unknown'
}

function finish(c: CallContext, line: LogLine): void {
  const edge = c.get('edge')
  const origin = c.req.header('Origin')
  const headers = c.res.headers
  for (const [name, value] of c.get('headers')) if (!headers.has(name)) headers.set(name, value)
  headers.set('X-Request-Id', c.get('requestId'))
  if (edge?.settings.debug) headers.set('Server-Timing', serverTiming(line))
  headers.set('X-Content-Type-Options', 'nosniff')
  headers.set('Referrer-Policy', 'no-referrer')
  headers.set('Content-Security-Policy', "default-src 'none'; frame-ancestors 'none'")
  if (!headers.has('Cache-Control')) headers.set('Cache-Control', 'no-store')
  const audience = c.req.path.startsWith('/api/admin/') ? 'dashboards' : 'pages'
  allowOrigin(
    headers,
    edge && origin !== undefined && originAllowed(origin, callersOf(edge, audience).rules) ? origin : undefined,
  )
}

/** Whose pages may call: those with the widget, or those of the owner's dashboards. The two lists are independent. */
type Audience = 'pages' | 'dashboards'

function callersOf({ settings }: Edge, audience: Audience) {
  if (audience === 'pages') return { rules: settings.allowedOrigins, setting: 'ALLOWED_ORIGINS' } as const
  return { rules: settings.admin.on ? settings.admin.settings.origins : [], setting: 'ADMIN_ORIGINS' } as const
}

/** Wraps a handler for pages of ALLOWED_ORIGINS. What it throws is answered by `onError`. */
export function pageCall(handle: (call: Call, c: CallContext) => Promise<Response>) {
  return (c: CallContext): Promise<Response> => {
    const call = openCall(c, 'pages')
    if (call.edge.settings.maintenance) throw new Refused({ kind: 'maintenance', retryAfter: MAINTENANCE_RETRY_S })
    return handle(call, c)
  }
}

/** Seconds of `Retry-After` during maintenance, so that waiting pages do not ask all the time. */
const MAINTENANCE_RETRY_S = 120

/** Wraps a handler for pages of ADMIN_ORIGINS. MAINTENANCE closes the chat and not the dashboards. */
export function dashboardCall(handle: (call: Call) => Promise<Response>) {
  return (c: CallContext): Promise<Response> => handle(openCall(c, 'dashboards'))
}

/** Wraps a handler for everybody. Its answer does not depend on the origin. */
export function publicCall(handle: (edge: Edge, issuer: string, c: CallContext) => Promise<Response> | Response) {
  return (c: CallContext): Promise<Response> | Response => {
    const edge = edgeOf(c)
    return handle(edge, issuerOf(edge, c.req.raw), c)
  }
}

/** Answers a preflight from an allowed origin. */
export function preflightCall(methods: readonly string[], audience: Audience) {
  return (c: CallContext): Response => {
    return preflight(openCall(c, audience).request, methods)
  }
}

function openCall(c: CallContext, audience: Audience): Call {
  const edge = edgeOf(c)
  const { admin } = edge.settings
  if (audience === 'dashboards' && !admin.on) throw new Refused({ kind: 'settings', problems: [admin.missing] })
  const request = c.req.raw
  const note: Call['note'] = (members) => Object.assign(c.get('log'), members)
  const issuer = issuerOf(edge, request)
  return {
    edge,
    request,
    origin: callerOrigin(request, callersOf(edge, audience), issuer),
    issuer,
    path: new URL(request.url).pathname,
    headers: c.get('headers'),
    waitUntil: (work) => c.executionCtx.waitUntil(work),
    note,
    async upstream(work) {
      const started = Date.now()
      try {
        return await work()
      } finally {
        note({ upstream_ms: Date.now() - started })
      }
    },
  }
}

function edgeOf(c: CallContext): Edge {
  const edge = c.get('edge')
  if (!edge) throw new Refused({ kind: 'internal' })
  return edge
}

/** Answers whatever was thrown. Of an unknown error the caller learns nothing and the log its name. */
export function onError(error: unknown, c: CallContext): Response {
  if (error instanceof Refused) return refusal(c, error.reason)
  c.get('log').fault = error instanceof Error ? error.name : 'unknown'
  return refusal(c, { kind: 'internal' })
}

/** The answer to a reason, in the form of the endpoint, and its part of the log line. */
export function refusal(c: CallContext, reason: Reason): Response {
  Object.assign(c.get('log'), loggedReason(reason))
  const { origin, pathname } = new URL(c.req.url)
  const respond = pathname === '/token' && reason.kind !== 'settings' ? tokenErrorResponse : problemResponse
  const issuer = c.get('edge')?.settings.publicUrl ?? origin
  return respond(reason, { issuer, requestId: c.get('requestId') })
}

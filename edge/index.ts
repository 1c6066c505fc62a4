/** The route table of the edge, and nothing else. What is not in it does not exist. */
import { Hono } from 'hono'
import { type CallContext, everyCall, onError, pageCall, preflightCall, publicCall, refusal } from './call.ts'
import { healthCall } from './health.ts'
import { metadataCall, tokenCall } from './token/endpoint.ts'
import { configCall, messageCall, sessionCall } from './widget-api.ts'

type Handler = (c: CallContext) => Response | Promise<Response>
type Route = { path: string; methods: Readonly<Record<string, Handler>> }

/** For pages of allowed origins, preflights included. */
const pageRoutes: Route[] = [
  { path: '/token', methods: { POST: pageCall(tokenCall) } },
  { path: '/api/widget/config', methods: { GET: pageCall(configCall) } },
  { path: '/api/widget/session', methods: { POST: pageCall(sessionCall) } },
  { path: '/api/widget/message', methods: { POST: pageCall(messageCall) } },
]

/** For everybody. */
const publicRoutes: Route[] = [
  {
    path: '/.well-known/oauth-authorization-server',
    methods: { GET: publicCall((_edge, issuer) => metadataCall(issuer)) },
  },
  {
    path: '/health',
    methods: { GET: publicCall((edge, _issuer, c) => healthCall(edge, (work) => c.executionCtx.waitUntil(work))) },
  },
]

const app = new Hono<{ Bindings: Record<string, unknown>; Variables: CallContext['var'] }>()
app.use(everyCall)
app.onError(onError)
app.notFound((c) => refusal(c, { kind: 'not_found' }))

for (const { path, methods } of pageRoutes) serve(path, { ...methods, OPTIONS: preflightCall(Object.keys(methods)) })
for (const { path, methods } of publicRoutes) serve(path, methods)

function serve(path: string, methods: Readonly<Record<string, Handler>>): void {
  for (const [method, handler] of Object.entries(methods)) app.on(method, path, handler)
  const allow = Object.keys(methods).flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method]))
  app.all(path, (c) => refusal(c, { kind: 'method_not_allowed', allow }))
}

export default app

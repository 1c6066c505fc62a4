/** The route table of the edge, and nothing else. What is not in it does not exist. */
import { Hono } from 'hono/tiny'
import { type CallContext, everyCall, onError, pageCall, preflightCall, publicCall, refusal } from './call.ts'
import { healthCall } from './health.ts'
import { metadataCall, tokenCall } from './token/endpoint.ts'
import { configCall, messageCall, sessionCall } from './widget-api/chat.ts'
import * as widget from './widget-api/table.ts'
import { uploadCall } from './widget-api/upload.ts'

type Handler = (c: CallContext) => Response | Promise<Response>
type Route = { path: string; methods: Readonly<Record<string, Handler>> }

/** For pages of allowed origins, preflights included. */
const pageRoutes: Route[] = [
  { path: '/token', methods: { POST: pageCall(tokenCall) } },
  { path: '/api/widget/config', methods: { GET: pageCall(configCall) } },
  { path: '/api/widget/session', methods: { POST: pageCall(sessionCall) } },
  { path: '/api/widget/session/:id', methods: { PATCH: pageCall(widget.identifyCall) } },
  { path: '/api/widget/message', methods: { POST: pageCall(messageCall) } },
  { path: '/api/widget/track', methods: { POST: pageCall(widget.trackCall) } },
  { path: '/api/widget/view', methods: { POST: pageCall(widget.viewCall) } },
  { path: '/api/widget/proactive', methods: { POST: pageCall(widget.proactiveCall) } },
  { path: '/api/widget/proactive/engaged', methods: { POST: pageCall(widget.engagedCall) } },
  { path: '/api/widget/proactive/dismissed', methods: { POST: pageCall(widget.dismissedCall) } },
  { path: '/api/widget/lead', methods: { POST: pageCall(widget.leadCall) } },
  { path: '/api/widget/form', methods: { POST: pageCall(widget.formCall) } },
  { path: '/api/widget/schedule', methods: { POST: pageCall(widget.scheduleCall) } },
  { path: '/api/widget/schedule/slots', methods: { GET: pageCall(widget.slotsCall) } },
  { path: '/api/widget/upload', methods: { POST: pageCall(uploadCall) } },
  { path: '/api/widget/handoff/request', methods: { POST: pageCall(widget.handoffCall) } },
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

export { Ledger } from './ledger/index.ts'
export default app

/** The route table of the edge. A call that is not in it does not exist. */
import { Hono } from 'hono/tiny'
import * as admin from './api/admin/table.ts'
import { knowledgeUploadCall } from './api/admin/upload.ts'
import { healthCall } from './api/health.ts'
import { metadataCall, tokenCall } from './api/token/endpoint.ts'
import { deadLettersCall } from './api/webhooks/operator.ts'
import { queueCall } from './api/webhooks/queue.ts'
import { webhookCall } from './api/webhooks/receive.ts'
import { configCall, messageCall, sessionCall } from './api/widget/chat.ts'
import * as widget from './api/widget/table.ts'
import { uploadCall } from './api/widget/upload.ts'
import {
  type CallContext,
  dashboardCall,
  everyCall,
  onError,
  pageCall,
  preflightCall,
  publicCall,
  refusal,
} from './app/call.ts'

type Handler = (c: CallContext) => Response | Promise<Response>
type Route = { path: string; methods: Readonly<Record<string, Handler>> }

/** For pages whose origin is in ALLOWED_ORIGINS. */
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

/** For the owner's dashboards, with the token of a user. `upload` stands before `:id`, which would match it too. */
const adminRoutes: Route[] = [
  {
    path: '/api/admin/widgets',
    methods: { GET: dashboardCall(admin.widgetsCall), POST: dashboardCall(admin.addWidgetCall) },
  },
  {
    path: '/api/admin/widgets/:id',
    methods: {
      GET: dashboardCall(admin.widgetCall),
      PUT: dashboardCall(admin.changeWidgetCall),
      DELETE: dashboardCall(admin.removeWidgetCall),
    },
  },
  { path: '/api/admin/conversations', methods: { GET: dashboardCall(admin.conversationsCall) } },
  { path: '/api/admin/conversations/:id', methods: { GET: dashboardCall(admin.conversationCall) } },
  { path: '/api/admin/leads', methods: { GET: dashboardCall(admin.leadsCall) } },
  { path: '/api/admin/leads/:id', methods: { PUT: dashboardCall(admin.changeLeadCall) } },
  { path: '/api/admin/knowledge', methods: { GET: dashboardCall(admin.knowledgeCall) } },
  { path: '/api/admin/knowledge/upload', methods: { POST: dashboardCall(knowledgeUploadCall) } },
  { path: '/api/admin/knowledge/:id', methods: { DELETE: dashboardCall(admin.removeKnowledgeCall) } },
  { path: '/api/admin/analytics', methods: { GET: dashboardCall(admin.analyticsCall) } },
  {
    path: '/api/admin/notifications/settings',
    methods: { GET: dashboardCall(admin.notificationsCall), PUT: dashboardCall(admin.changeNotificationsCall) },
  },
]

/** For everybody, from anywhere. */
const publicRoutes: Route[] = [
  {
    path: '/.well-known/oauth-authorization-server',
    methods: { GET: publicCall((_edge, issuer) => metadataCall(issuer)) },
  },
  {
    path: '/health',
    methods: { GET: publicCall((edge, _issuer, c) => healthCall(edge, (work) => c.executionCtx.waitUntil(work))) },
  },
  { path: '/webhooks/caty', methods: { POST: publicCall((edge, _issuer, c) => webhookCall(edge, c.req.raw)) } },
]

const app = new Hono<{ Bindings: Record<string, unknown>; Variables: CallContext['var'] }>({
  // The path as it was sent: none of ours needs decoding.
  getPath: (request) => new URL(request.url).pathname,
})
app.use(everyCall)
app.onError(onError)
app.notFound((c) => refusal(c, { kind: 'not_found' }))

for (const { path, methods } of pageRoutes)
  serve(path, { ...methods, OPTIONS: preflightCall(Object.keys(methods), 'pages') })
for (const { path, methods } of adminRoutes)
  serve(path, { ...methods, OPTIONS: preflightCall(Object.keys(methods), 'dashboards') })
// A page that reads one with a header of its monitoring sends a preflight first.
for (const { path, methods } of publicRoutes)
  serve(path, methods.GET ? { ...methods, OPTIONS: preflightCall(Object.keys(methods), 'pages') } : methods)
// For the holder of TOKEN_SECRETS. Everybody else gets the 404 of an unknown path, whatever the method.
app.on(
  'POST',
  '/webhooks/dead-letters',
  publicCall((edge, _issuer, c) => deadLettersCall(edge, c.req.raw)),
)

function serve(path: string, methods: Readonly<Record<string, Handler>>): void {
  for (const [method, handler] of Object.entries(methods)) app.on(method, path, handler)
  const allow = Object.keys(methods).flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method]))
  app.on('ALL', path, (c) => refusal(c, { kind: 'method_not_allowed', allow }))
}

export { Ledger } from './ledger/index.ts'
export default {
  /**
   * The runtime ends a call with its visitor's connection, wherever it is: between the ledger and Caty, or in the middle of
   * what others wait for. So every call lives on until its answer is made, also when nobody is there to take it.
   */
  fetch(request: Request, env: Record<string, unknown>, context: ExecutionContext): Promise<Response> {
    const answer = Promise.resolve(app.fetch(request, env, context))
    context.waitUntil(answer)
    return answer
  },
  queue: queueCall,
}

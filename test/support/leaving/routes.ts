/** Every route of the edge: what a call of it holds, and at which places outside the Worker it waits. */
export type Route = {
  name: string
  method?: string
  path: string
  body?: string
  /** Who calls. */
  as: 'visitor' | 'page' | 'dashboard' | 'dashboard with a published key' | 'caty' | 'anybody'
  headers?: Record<string, string>
  settings?: Record<string, string>
  /** The path of the call at the stand-in upstream, if it makes one. */
  at?: string
  /** Other places of the stand-in where it waits before or after that. */
  waits?: readonly string[]
  /** However often it is asked, Caty is asked once: an idempotency key, or a cache. */
  once?: true
  status?: number
}

const JSON_TYPE = { 'Content-Type': 'application/json' }
const FORM = { 'Content-Type': 'application/x-www-form-urlencoded' }
const exchange = `grant_type=${encodeURIComponent('urn:ietf:params:oauth:grant-type:token-exchange')}&subject_token=default&subject_token_type=${encodeURIComponent('urn:caty:token-type:widget-id')}`
const part = (name: string, value: string) => `--b\r\nContent-Disposition: form-data; ${name}\r\n\r\n${value}\r\n`
const MULTIPART = { 'Content-Type': 'multipart/form-data; boundary=b' }

/** `session` is the visitor's handle. */
export function routesFor(session: string): Route[] {
  const inSession = (path: string, more: object, name = path): Route => ({
    name,
    method: 'POST',
    path,
    body: JSON.stringify({ session_id: session, ...more }),
    headers: JSON_TYPE,
    as: 'visitor',
    at: path,
    waits: ['limiter'],
  })
  const message: Route = {
    ...inSession('/api/widget/message', { message: 'When are you open?' }),
    at: '/api/widget/chat/message',
    waits: ['limiter', 'before-admit', 'after-admit', 'before-answered', 'after-answered'],
    once: true,
  }
  const file = (fields: string) => `${fields}${part('name="file"; filename="a.txt"', 'x'.repeat(600))}--b--\r\n`
  const day = { name: 'Ann', date: '2026-12-01', time: '10:00' }
  const admin = { path: '/api/admin/widgets', at: '/api/admin/widgets', waits: ['limiter'] }
  return [
    { name: 'token', method: 'POST', path: '/token', body: exchange, headers: FORM, as: 'page', waits: ['limiter'] },
    {
      name: 'token and configuration',
      method: 'POST',
      path: '/token',
      body: `${exchange}&include=config`,
      headers: FORM,
      as: 'page',
      at: '/api/widget/config',
      waits: ['limiter'],
      once: true,
    },
    {
      name: 'bound token after a challenge',
      method: 'POST',
      path: '/token',
      body: `${exchange}&turnstile_response=x`,
      headers: FORM,
      as: 'visitor',
      settings: { TURNSTILE_SITE_KEY: 'site', TURNSTILE_SECRET: 'challenge-secret-of-the-test' },
      at: '/turnstile',
      waits: ['limiter', 'before-rememberPass', 'after-rememberPass'],
    },
    { name: 'configuration', path: '/api/widget/config', as: 'visitor', at: '/api/widget/config', once: true },
    inSession('/api/widget/session', {}),
    {
      ...inSession(`/api/widget/session/${session}`, { visitor_info: { plan: 'gold' } }, 'identify'),
      method: 'PATCH',
      at: '/api/widget/session/sess_0123456789',
    },
    message,
    { ...message, name: 'message, streamed', headers: { ...JSON_TYPE, Accept: 'text/event-stream' } },
    inSession('/api/widget/track', { events: [{ type: 'page_view' }] }),
    inSession('/api/widget/view', { event_type: 'view' }),
    inSession('/api/widget/proactive', { trigger_type: 'idle' }),
    inSession('/api/widget/proactive/engaged', { message_id: 'm1' }),
    inSession('/api/widget/proactive/dismissed', { message_id: 'm1' }),
    inSession('/api/widget/lead', { email: 'ann@example.com' }),
    inSession('/api/widget/form', { form_type: 'contact', message: 'Hello' }),
    inSession('/api/widget/schedule', day),
    {
      name: 'slots',
      path: '/api/widget/schedule/slots?date=2026-12-01',
      as: 'visitor',
      at: '/api/widget/schedule/slots',
      waits: ['limiter'],
    },
    {
      ...inSession('/api/widget/upload', {}),
      body: file(part('name="session_id"', session)),
      headers: MULTIPART,
      settings: { UPLOADS: 'on' },
    },
    inSession('/api/widget/handoff/request', {}),
    { name: 'dashboard', as: 'dashboard', ...admin },
    {
      name: 'dashboard, keys fetched',
      as: 'dashboard with a published key',
      ...admin,
      waits: ['/auth/v1/.well-known/jwks.json'],
    },
    {
      name: 'knowledge',
      method: 'POST',
      path: '/api/admin/knowledge/upload',
      body: file(part('name="widget_id"', 'wgt_1')),
      headers: MULTIPART,
      as: 'dashboard',
      at: '/api/admin/knowledge/upload',
    },
    { name: 'health', path: '/health', as: 'anybody', at: '/api/widget/config', once: true },
    { name: 'metadata', path: '/.well-known/oauth-authorization-server', as: 'anybody' },
    { name: 'preflight', method: 'OPTIONS', path: '/api/widget/message', as: 'page', status: 204 },
    {
      name: 'webhook',
      method: 'POST',
      path: '/webhooks/caty',
      as: 'caty',
      body: JSON.stringify({ event: 'lead.captured', timestamp: '2026-11-28T08:00:00Z', widget_id: 'w', data: {} }),
      headers: JSON_TYPE,
      waits: ['before-acceptDelivery', 'after-acceptDelivery'],
      status: 202,
    },
    { name: 'dead letters', method: 'POST', path: '/webhooks/dead-letters', body: '{}', as: 'anybody', status: 404 },
  ]
}

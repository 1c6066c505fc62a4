/** Faults in answers that reveal too much, reveal too little, or allow the wrong page. */
import { type Fault, header, isApi, type Reply, type Request, withMembers } from './fault.ts'

const at =
  (path: string) =>
  (request: Request): boolean =>
    request.path === path
const config = at('/api/widget/config')
const token = at('/token')
const ours = (request: Request): boolean => isApi(request) || token(request)
const refused = (_: Request, { status }: Reply): boolean => status >= 400
const metadata = (change: Record<string, unknown>): Fault => ({
  reply: (reply, { path }) => (path.startsWith('/.well-known/') ? withMembers(reply, change) : reply),
})

export const answerFaults: Record<string, Fault> = {
  'acao-star': { reply: header('access-control-allow-origin', '*', ours) },
  'acao-reflects': {
    reply: header('access-control-allow-origin', (_, { headers }) => headers.origin ?? '*', ours),
  },
  'acao-missing': { reply: header('access-control-allow-origin', undefined, ours) },
  'credentials-allowed': { reply: header('access-control-allow-credentials', 'true', ours) },
  'vary-missing': { reply: header('vary', undefined) },
  'fields-not-exposed': { reply: header('access-control-expose-headers', undefined) },
  'preflight-for-anybody': {
    request: ({ method, headers }) =>
      method === 'OPTIONS'
        ? {
            status: 204,
            headers: {
              'access-control-allow-origin': headers.origin ?? '*',
              'access-control-allow-methods': 'GET, POST, PATCH',
              'access-control-allow-headers': 'Authorization, Content-Type, DPoP, Idempotency-Key',
              'access-control-max-age': '7200',
            },
            body: '',
          }
        : undefined,
  },
  'preflight-without-dpop': {
    reply: header('access-control-allow-headers', 'Content-Type', ({ method }) => method === 'OPTIONS'),
  },
  'key-in-header': { reply: header('x-upstream-authorization', ({ key }) => key, config) },
  'key-in-error': {
    reply: (reply, request, { key }) =>
      refused(request, reply) && isApi(request) ? withMembers(reply, { debug: `sent X-API-Key ${key}` }) : reply,
  },
  'half-the-key': { reply: header('x-debug', ({ key }) => key.slice(9, 24), config) },
  'unknown-path-200': {
    reply: (reply, { path }) =>
      reply.status === 404 && !/chunks|session|admin|webhooks|integrity/.test(path)
        ? { ...reply, status: 200, body: '{"ok":true}' }
        : reply,
  },
  'settings-file-served': {
    request: ({ path }) =>
      path === '/.dev.vars' ? { status: 200, headers: { 'content-type': 'text/plain' }, body: 'DEBUG=1\n' } : undefined,
  },
  'path-tidied': {
    request: (request) =>
      /^\/api\/widget\/config(\/|;.*|%2f)$/.test(request.path) ? { ...request, path: '/api/widget/config' } : undefined,
  },
  'header-injected': {
    reply: header('x-doctor', 'seen', ({ path }) => path.includes('%0d%0a')),
  },
  'allow-missing': { reply: header('allow', undefined) },
  'nosniff-missing': { reply: header('x-content-type-options', undefined, ours) },
  'csp-missing': { reply: header('content-security-policy', undefined) },
  'token-cached': { reply: header('cache-control', 'public, max-age=60', token) },
  'token-lives-longer': {
    reply: (reply, request) =>
      token(request) && reply.status === 200 ? withMembers(reply, { expires_in: 86_400 }) : reply,
  },
  'policy-missing': { reply: header('ratelimit-policy', undefined) },
  'retry-after-missing': { reply: header('retry-after', undefined) },
  'challenge-missing': { reply: header('www-authenticate', undefined) },
  'html-errors': {
    reply: (reply, request) =>
      refused(request, reply) && isApi(request)
        ? { ...reply, headers: { ...reply.headers, 'content-type': 'text/html' }, body: '<h1>Sorry</h1>' }
        : reply,
  },
  'trace-in-error': {
    reply: (reply, request) =>
      refused(request, reply) && isApi(request)
        ? withMembers(reply, { trace: 'Error: no\n    at handle (edge/app/call.ts:88:3)' })
        : reply,
  },
  'fails-at-bad-json': {
    reply: (reply, { path }) =>
      path === '/api/widget/message' && reply.status === 400 ? { ...reply, status: 500 } : reply,
  },
  'debug-left-on': { reply: header('server-timing', 'total;dur=3', ours) },
  'cookie-set': { reply: header('set-cookie', 'visitor=1; Path=/') },
  'clock-behind': { reply: header('date', () => new Date(Date.now() - 300_000).toUTCString()) },
  'issuer-wrong': metadata({ issuer: 'https://old.example', token_endpoint: 'https://old.example/token' }),
  'proofs-by-hmac': metadata({ dpop_signing_alg_values_supported: ['ES256', 'HS256'] }),
  'key-refused-by-caty': {
    reply: (reply, { path }) =>
      path === '/health' ? withMembers(reply, { status: 'degraded', upstream: 'key_refused' }) : reply,
  },
  'config-of-yesterday': {
    reply: header('cache-status', 'caty-keyless; fwd=stale; detail=stale-if-error', config),
  },
  'config-from-a-cache': { reply: header('age', '172800', config) },
  'config-kept-by-browsers': { reply: header('cache-control', 'public, max-age=86400', config) },
  'large-bodies-taken': {
    readsBody: true,
    request: (request) =>
      request.body.length > 16_384
        ? { ...request, body: token(request) ? (request.body.split('&padding=')[0] ?? '') : '{}' }
        : undefined,
  },
  'slow-bodies-taken': { readsBody: true },
}

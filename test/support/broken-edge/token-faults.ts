/** Faults that accept an invalid credential. */
import { asOwnVisitor, type Fault, hashOf, isApi, jwt, type Place, type Request, tokenOf } from './fault.ts'

const toToken = ({ method, path }: Request): boolean => method === 'POST' && path === '/token'
const withOrigin = (request: Request, origin: string): Request => ({
  ...request,
  headers: { ...request.headers, origin },
})

/** Where the request matches, the real edge's own visitor asks instead. */
const letIn = (fits: (request: Request, place: Place) => boolean): Fault => ({
  request: (request, place) => (isApi(request) && fits(request, place) ? asOwnVisitor(request, place) : undefined),
})
const rewriteOrigin = (
  fits: (origin: string | undefined, page: string) => boolean,
  where = (_: Request): boolean => true,
): Fault => ({
  request: (request, { page }) =>
    request.method !== 'OPTIONS' && where(request) && fits(request.headers.origin, page)
      ? withOrigin(request, page)
      : undefined,
})

/** `POST /token` by the real edge's own visitor, with a changed form. */
const exchangeAs = (
  fits: (form: URLSearchParams, request: Request) => boolean,
  change: (form: URLSearchParams, place: Place) => void,
): Fault => ({
  readsBody: true,
  async request(request, place) {
    const form = new URLSearchParams(request.body)
    if (!toToken(request) || !fits(form, request)) return undefined
    change(form, place)
    const dpop = await place.visitor.proof('POST', '/token', { ath: undefined })
    return { ...request, headers: { ...request.headers, dpop }, body: form.toString() }
  },
})
const own = (form: URLSearchParams, { visitor }: Place): void => form.set('subject_token', visitor.token)
const renews = (form: URLSearchParams): boolean => (form.get('subject_token_type') ?? '').endsWith('access_token')

const proof = (request: Request) => jwt(request.headers.dpop ?? '', 1)
const proofHead = (request: Request) => jwt(request.headers.dpop ?? '', 0)

export const tokenFaults: Record<string, Fault> = {
  'any-origin': rewriteOrigin((origin) => origin !== undefined),
  'origin-by-prefix': rewriteOrigin((origin, page) => origin?.startsWith(page) === true),
  'origin-by-end': rewriteOrigin((origin, page) => origin?.endsWith(page.replace('https://', '')) === true),
  'origin-null': rewriteOrigin((origin) => origin === 'null'),
  'origin-missing-passes': rewriteOrigin(
    (origin) => origin === undefined,
    (request) => toToken(request) || isApi(request),
  ),
  'token-on-any-origin': rewriteOrigin((origin) => origin !== undefined, isApi),
  'navigation-passes': {
    request: ({ headers: { 'sec-fetch-mode': _, 'sec-fetch-site': __, ...headers }, ...request }) => ({
      ...request,
      headers,
    }),
  },
  'alg-none-counts': letIn((request) => String(jwt(tokenOf(request), 0).alg).toLowerCase() === 'none'),
  'signature-unchecked': letIn((request) => {
    const token = tokenOf(request)
    return jwt(token, 0).alg === 'HS256' && jwt(token, 1).iss !== undefined
  }),
  'own-key-counts': letIn((request) => jwt(tokenOf(request), 0).jwk !== undefined),
  'token-in-query': {
    request: (request, place) => (request.path.includes('access_token=') ? asOwnVisitor(request, place) : undefined),
  },
  'bound-without-proof': letIn(
    ({ headers }) => (headers.authorization ?? '').startsWith('DPoP') && headers.dpop === undefined,
  ),
  'bound-as-bearer': letIn(
    (request) =>
      (request.headers.authorization ?? '').startsWith('Bearer') && jwt(tokenOf(request), 1).cnf !== undefined,
  ),
  'proof-counts-again': letIn((request, { seen }) => {
    const { dpop } = request.headers
    if (dpop === undefined) return false
    const again = seen.has(dpop)
    seen.add(dpop)
    return again
  }),
  'proof-for-any-call': letIn(({ headers, path, ...request }) => {
    const { htu } = proof({ headers, path, ...request })
    return typeof htu === 'string' && !htu.endsWith(path)
  }),
  'proof-for-any-method': letIn((request) => proof(request).htm !== undefined && proof(request).htm !== request.method),
  'proof-for-any-token': letIn(
    (request) => request.headers.dpop !== undefined && proof(request).ath !== hashOf(tokenOf(request)),
  ),
  'proof-alg-none': letIn((request) => proofHead(request).alg === 'none'),
  'proof-of-any-age': letIn(
    (request) => Math.abs(Number(proof(request).iat) - Date.now() / 1000) > 600 && proof(request).nonce === undefined,
  ),
  'nonce-removed': {
    reply: ({ headers: { 'dpop-nonce': _, ...headers }, ...reply }) => ({ ...reply, headers }),
  },
  'scope-ignored': letIn(
    (request) => request.method !== 'GET' && !String(jwt(tokenOf(request), 1).scope).includes('chat'),
  ),
  'chat-without-key': exchangeAs(
    (form, { headers }) => headers.dpop === undefined && (form.get('scope') ?? '').includes('chat'),
    () => undefined,
  ),
  'unknown-widget-passes': exchangeAs(
    (form) => (form.get('subject_token') ?? '').startsWith('wgt_of'),
    (form) => form.set('subject_token', 'default'),
  ),
  'renews-without-proof': exchangeAs(
    (form, { headers }) =>
      renews(form) && headers.dpop === undefined && jwt(form.get('subject_token') ?? '', 1).cnf !== undefined,
    own,
  ),
  'renews-for-any-key': exchangeAs((form, { headers }) => renews(form) && headers.dpop !== undefined, own),
  'expired-counts': letIn((request) => Number(jwt(tokenOf(request), 1).exp) < Date.now() / 1000),
  'any-session': {
    request: (request) =>
      request.path.startsWith('/api/widget/session/') && request.headers.dpop !== undefined
        ? { status: 200, headers: { 'content-type': 'application/json' }, body: '{"success":true}' }
        : undefined,
  },
  'admin-open': {
    request: ({ path }) =>
      path.startsWith('/api/admin/')
        ? { status: 200, headers: { 'content-type': 'application/json' }, body: '[]' }
        : undefined,
  },
  'webhook-unsigned': {
    request: ({ path }) => (path === '/webhooks/caty' ? { status: 204, headers: {}, body: '' } : undefined),
  },
  'no-token-limit': {
    request: (request) => {
      const { 'cf-connecting-ip': _, ...headers } = request.headers
      return { ...request, headers: { ...headers, 'cf-connecting-ip': `203.0.113.${Math.floor(Math.random() * 250)}` } }
    },
  },
}

/**
 * CORS: which pages may call, and what their browser is told. An `Origin` header proves nothing about a script outside a
 * browser, so this keeps other sites' pages away; the rate limits and the ledger protect the owner's quota.
 */
import { type OriginSetting, Refused } from '../base/reason.ts'
import { type OriginRule, originAllowed } from './origin.ts'

/** Seconds. Chromium caches a preflight no longer than this. */
const PREFLIGHT_MAX_AGE_S = 7200
const ALLOWED_HEADERS = 'Authorization, Content-Type, DPoP, Idempotency-Key'
const EXPOSED_HEADERS =
  'Cache-Status, Date, DPoP-Nonce, RateLimit, RateLimit-Policy, Retry-After, Server-Timing, WWW-Authenticate, X-Request-Id'

/**
 * The origin of the calling page. A same-origin GET has no `Origin`; there `Sec-Fetch-Site: same-origin`, which a script
 * cannot forge, stands for the Worker's own origin. Throws 403.
 */
export function callerOrigin(
  request: Request,
  { rules, setting }: { rules: readonly OriginRule[]; setting: OriginSetting },
  ownOrigin: string,
): string {
  const site = request.headers.get('Sec-Fetch-Site')
  const origin =
    request.headers.get('Origin') ?? (request.method === 'GET' && site === 'same-origin' ? ownOrigin : null)
  if (origin === null) throw new Refused({ kind: 'origin_missing', setting })
  if (!originAllowed(origin, rules))
    throw new Refused({ kind: 'origin_not_allowed', origin: printableOrigin(origin), setting })
  checkFetchMetadata(request)
  return origin
}

/** Without these headers the browser is an old one. If present they must be those of a `fetch`, not of a form, link or image. */
function checkFetchMetadata(request: Request): void {
  const mode = request.headers.get('Sec-Fetch-Mode')
  const site = request.headers.get('Sec-Fetch-Site')
  if (mode !== null && mode !== 'cors' && mode !== 'same-origin')
    throw new Refused({ kind: 'fetch_metadata', why: 'mode' })
  if (site !== null && !['cross-site', 'same-site', 'same-origin'].includes(site)) {
    throw new Refused({ kind: 'fetch_metadata', why: 'site' })
  }
}

/** The origin as an answer may repeat it: cut, and without characters that an origin cannot have. */
const printableOrigin = (origin: string): string => origin.slice(0, 200).replace(/[^\w.:/[\]*-]/g, '?')

/** Lets the page read the answer: exact origin, no credentials. Every answer varies by origin, refusals included. */
export function allowOrigin(headers: Headers, origin: string | undefined): void {
  headers.append('Vary', 'Origin')
  if (origin === undefined) return
  headers.set('Access-Control-Allow-Origin', origin)
  headers.set('Access-Control-Expose-Headers', EXPOSED_HEADERS)
}

/** The answer to a preflight from an allowed origin. */
export function preflight(methods: readonly string[]): Response {
  return new Response(null, {
    status: 204,
    headers: {
      'Access-Control-Allow-Methods': methods.join(', '),
      'Access-Control-Allow-Headers': ALLOWED_HEADERS,
      'Access-Control-Max-Age': String(PREFLIGHT_MAX_AGE_S),
    },
  })
}

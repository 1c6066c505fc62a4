/**
 * CORS: which pages may call, and what their browser is told. An `Origin` header proves nothing about a script outside a
 * browser, so this keeps other sites' pages away; the rate limits and the ledger protect the owner's quota.
 */
import { type OriginSetting, Refused } from '../base/reason.ts'
import { type OriginRule, originAllowed } from './origin.ts'

/** Seconds. Chromium caches a preflight no longer than this. */
const PREFLIGHT_MAX_AGE_S = 7200
const ALLOWED_HEADERS = ['Authorization', 'Content-Type', 'DPoP', 'Idempotency-Key']
/** A field name (RFC 9110 section 5.1) of a length that tracing libraries use. */
const FIELD_NAME = /^[\w!#$%&'*+.^`|~-]{1,100}$/
/** More names than any set of tracing libraries adds. */
const MAX_ASKED = 30
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

/**
 * The answer to a preflight from an allowed origin. The page's own monitoring may add headers to every `fetch`; one that is
 * not allowed would stop the call, so the names that the page asks for are allowed too. The edge never reads them.
 */
export function preflight(request: Request, methods: readonly string[]): Response {
  const asked = (request.headers.get('Access-Control-Request-Headers') ?? '').split(',').map((name) => name.trim())
  const own = new Set(ALLOWED_HEADERS.map((name) => name.toLowerCase()))
  const added = asked.filter((name) => FIELD_NAME.test(name) && !own.has(name.toLowerCase())).slice(0, MAX_ASKED)
  return new Response(null, {
    status: 204,
    headers: {
      'Access-Control-Allow-Methods': methods.join(', '),
      'Access-Control-Allow-Headers': [...ALLOWED_HEADERS, ...added].join(', '),
      'Access-Control-Max-Age': String(PREFLIGHT_MAX_AGE_S),
    },
  })
}

/**
 * Who may call, from which page, and what the browser is told. An `Origin` header proves nothing about a script outside
 * a browser: this keeps other people's pages from using the owner's edge, the meters keep everybody from his money.
 */
import { type OriginSetting, Refused } from '../base/reason.ts'
import { type OriginRule, originAllowed } from './origin.ts'

/** Chromium keeps a preflight no longer than this, whatever it is told. Seconds. */
const PREFLIGHT_MAX_AGE_S = 7200
const ALLOWED_HEADERS = 'Authorization, Content-Type, DPoP, Idempotency-Key'
const EXPOSED_HEADERS =
  'Cache-Status, Date, DPoP-Nonce, RateLimit, RateLimit-Policy, Retry-After, Server-Timing, WWW-Authenticate, X-Request-Id'

/**
 * The origin of the calling page. A same-origin GET carries no `Origin`, so `Sec-Fetch-Site: same-origin`, which a
 * script cannot forge, stands for the Worker's own. Throws 403.
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

/** Absent headers mean an old browser; present ones must be those of a page's `fetch`, not of a form, link or image. */
function checkFetchMetadata(request: Request): void {
  const mode = request.headers.get('Sec-Fetch-Mode')
  const site = request.headers.get('Sec-Fetch-Site')
  if (mode !== null && mode !== 'cors' && mode !== 'same-origin')
    throw new Refused({ kind: 'fetch_metadata', why: 'mode' })
  if (site !== null && !['cross-site', 'same-site', 'same-origin'].includes(site)) {
    throw new Refused({ kind: 'fetch_metadata', why: 'site' })
  }
}

/** The origin as it may stand in an answer: a hostile one is cut and stripped of everything that is no origin. */
const printableOrigin = (origin: string): string => origin.slice(0, 200).replace(/[^\w.:/[\]*-]/g, '?')

/** Lets the page read the answer. Exact origin, no credentials, and every answer varies by it, refusals included. */
export function allowOrigin(headers: Headers, origin: string | undefined): void {
  headers.append('Vary', 'Origin')
  if (origin === undefined) return
  headers.set('Access-Control-Allow-Origin', origin)
  headers.set('Access-Control-Expose-Headers', EXPOSED_HEADERS)
}

/** The answer to a preflight of an allowed origin. */
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

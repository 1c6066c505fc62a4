/**
 * The one table of problems: what the caller is told for each kind of reason. Vague outside, precise in the log: no row
 * repeats an upstream answer, a header, a stack or a token. `type` is a heading of docs/problems.md, which every edge
 * serves at `/problems`.
 */

import { PROOF_ALGORITHM } from '../../base/proof-algorithm.ts'
import { type Policy, policyField, stateField } from '../../base/rate-limit-fields.ts'
import { type ReasonKind, type ReasonOf, settingSentence } from '../../base/reason.ts'
import { MAX_JWS_CHARS } from '../../token/jws-gate.ts'

export type Header = [name: string, value: string]

export type Problem = {
  /** The fragment of the problem type. */
  type: string
  status: number
  title: string
  /** Caty's own kind of error code, for clients that read it. */
  code: string
  detail: string
  headers?: readonly Header[] | undefined
  /** The member of the body that did not fit. */
  field?: string | undefined
  /** The limits that were reached (draft-ietf-httpapi-ratelimit-headers). */
  violated?: readonly Policy[] | undefined
  /** What the widget must solve before it asks again. */
  challenge?: { site_key: string } | undefined
}

/** A problem, and what of it depends on the reason. */
type Row<K extends ReasonKind> = Omit<Problem, 'detail'> & {
  detail?: string
  also?: (reason: ReasonOf<K>) => Partial<Problem>
}
export type ProblemTable = { readonly [K in ReasonKind]: Row<K> }

const REALM = 'realm="caty-keyless"'

const QUOTA_SENTENCES: Readonly<Record<Policy, string>> = {
  calls: 'This visitor calls too often.',
  tokens: 'Too many tokens were asked for from this address.',
  'bound-tokens': 'Too many chats were begun from this address.',
  visitor: 'This visitor writes faster than the site allows.',
  tenant:
    'Many visitors are writing just now. Who comes back at the time in Retry-After keeps their place in the line.',
  day: "The site's messages of today are used up.",
  uploads: "The site's files of today are used up.",
  proactive: "The site's proactive messages of today are used up.",
  leads: 'The site takes no more contact details today.',
  admin: 'This account calls too often.',
  caty: 'The assistant is busy. Try again after the time in Retry-After.',
  'admin-tenant': 'All accounts of this dashboard together call too often: Caty takes 60 calls a minute.',
}

const retry = ({ retryAfter }: { retryAfter: number }): { headers: Header[] } => ({
  headers: [['Retry-After', String(Math.max(1, Math.ceil(retryAfter)))]],
})
const authenticate = (challenge: string): Header => ['WWW-Authenticate', challenge]
const bearer = (parameters = ''): Header => authenticate(`Bearer ${REALM}${parameters}`)
const dpop = (parameters = ''): Header => authenticate(`DPoP ${REALM}${parameters}, algs="${PROOF_ALGORITHM}"`)
const ofScheme = (scheme: 'Bearer' | 'DPoP', parameters: string): Header =>
  scheme === 'DPoP' ? dpop(parameters) : bearer(parameters)

export const PROBLEMS = {
  settings: {
    type: 'settings',
    status: 503,
    title: 'The edge is not set up',
    code: 'NOT_CONFIGURED',
    also: ({ problems }) => ({ detail: problems.map(settingSentence).join(' ') }),
  },
  maintenance: {
    type: 'maintenance',
    status: 503,
    title: 'Closed for maintenance',
    code: 'MAINTENANCE',
    detail: 'The chat is closed for maintenance and will be back.',
    also: retry,
  },
  origin_missing: {
    type: 'origin-not-allowed',
    status: 403,
    title: 'Origin not allowed',
    code: 'ORIGIN_NOT_ALLOWED',
    also: ({ setting }) => ({
      detail: `The call carries no Origin header. Only pages whose origin is listed in ${setting} may make it.`,
    }),
  },
  origin_not_allowed: {
    type: 'origin-not-allowed',
    status: 403,
    title: 'Origin not allowed',
    code: 'ORIGIN_NOT_ALLOWED',
    also: ({ origin, setting }) => ({
      detail: `The origin ${origin} is not allowed here. Its owner can add it to the setting ${setting}.`,
    }),
  },
  fetch_metadata: {
    type: 'not-a-widget-call',
    status: 403,
    title: 'Not a call of the widget',
    code: 'UNAUTHORIZED',
    detail: 'The Sec-Fetch headers say that this is not a CORS call of a page.',
  },
  not_found: {
    type: 'not-found',
    status: 404,
    title: 'Not found',
    code: 'NOT_FOUND',
    detail: 'There is no such call.',
  },
  method_not_allowed: {
    type: 'method-not-allowed',
    status: 405,
    title: 'Method not allowed',
    code: 'VALIDATION_ERROR',
    also: ({ allow }) => ({ detail: `This call takes ${allow.join(', ')}.`, headers: [['Allow', allow.join(', ')]] }),
  },
  content_type: {
    type: 'content-type',
    status: 415,
    title: 'Wrong content type',
    code: 'VALIDATION_ERROR',
    also: ({ expected }) => ({ detail: `The body must be ${expected}.` }),
  },
  body_too_large: {
    type: 'too-large',
    status: 413,
    title: 'Body too large',
    code: 'VALIDATION_ERROR',
    also: ({ limit }) => ({ detail: `The body may hold at most ${limit} bytes.` }),
  },
  body_slow: {
    type: 'slow',
    status: 408,
    title: 'Body too slow',
    code: 'VALIDATION_ERROR',
    detail: 'The body did not come in time.',
  },
  body_malformed: {
    type: 'malformed',
    status: 400,
    title: 'Malformed body',
    code: 'VALIDATION_ERROR',
    also: ({ why, field }) => ({
      detail: field === undefined ? `The body ${why}.` : `The member ${field} ${why}.`,
      field,
    }),
  },
  no_token: {
    type: 'token',
    status: 401,
    title: 'Access token needed',
    code: 'UNAUTHORIZED',
    detail: 'The call needs an access token from /token.',
    // RFC 6750 section 3: without credentials there is no error code.
    also: ({ bearerToo }) => ({ headers: bearerToo ? [dpop(), bearer()] : [dpop()] }),
  },
  token: {
    type: 'token',
    status: 401,
    title: 'Access token refused',
    code: 'UNAUTHORIZED',
    detail: 'The access token does not count here, or no longer.',
    also: ({ scheme }) => ({ headers: [ofScheme(scheme, ', error="invalid_token"')] }),
  },
  scope: {
    type: 'scope',
    status: 403,
    title: 'Scope missing',
    code: 'UNAUTHORIZED',
    also: ({ scheme, needed }) => ({
      detail: `The access token lacks the scope ${needed}.`,
      headers: [ofScheme(scheme, `, error="insufficient_scope", scope="${needed}"`)],
    }),
  },
  proof: {
    type: 'proof',
    status: 401,
    title: 'Proof refused',
    code: 'UNAUTHORIZED',
    detail: 'The DPoP proof does not fit this call.',
    headers: [dpop(', error="invalid_dpop_proof"')],
  },
  nonce_needed: {
    type: 'nonce',
    status: 401,
    title: 'Nonce needed',
    code: 'UNAUTHORIZED',
    detail: 'The DPoP proof must carry the nonce of the DPoP-Nonce header.',
    also: ({ nonce }) => ({ headers: [dpop(', error="use_dpop_nonce"'), ['DPoP-Nonce', nonce]] }),
  },
  oauth: {
    type: 'token-request',
    status: 400,
    title: 'Token request refused',
    code: 'VALIDATION_ERROR',
    also: ({ error, why }) => ({ detail: why, ...(error === 'invalid_client' && { status: 401 }) }),
  },
  session_not_found: {
    type: 'session-not-found',
    status: 404,
    title: 'Session not found',
    code: 'SESSION_NOT_FOUND',
    detail: 'There is no such session. Open a new one and send again.',
  },
  upstream: {
    type: 'upstream',
    status: 502,
    title: 'Caty gave no usable answer',
    code: 'UPSTREAM_ERROR',
    detail: 'Caty gave no usable answer.',
    also: ({ fault }) =>
      fault === 'timeout'
        ? {
            status: 504,
            title: 'Caty did not answer in time',
            code: 'UPSTREAM_TIMEOUT',
            detail: 'Caty did not answer in time.',
          }
        : {},
  },
  upstream_refused_key: {
    type: 'upstream-key',
    status: 502,
    title: 'Caty refused the key',
    code: 'UPSTREAM_KEY_REFUSED',
    detail: 'Caty refused the key of this site. Its owner can set a valid CATY_API_KEY.',
  },
  upstream_refused_body: {
    type: 'upstream-validation',
    status: 400,
    title: 'Caty refused the data',
    code: 'VALIDATION_ERROR',
    detail: 'Caty refused the data of this call.',
  },
  upstream_busy: {
    type: 'busy',
    status: 429,
    title: 'Too many calls just now',
    code: 'RATE_LIMITED',
    detail: QUOTA_SENTENCES.caty,
    violated: ['caty'],
    also: (reason) => ({
      headers: [...retry(reason).headers, ['RateLimit', stateField('caty', 0, reason.retryAfter)]],
    }),
  },
  outcome_unknown: {
    type: 'outcome-unknown',
    status: 504,
    title: 'Nobody knows whether the message arrived',
    code: 'OUTCOME_UNKNOWN',
    detail: 'Caty gave no usable answer and may have taken the message. To send it again, use a new Idempotency-Key.',
  },
  upstream_resting: {
    type: 'upstream-resting',
    status: 503,
    title: 'Caty is not reachable just now',
    code: 'UPSTREAM_UNAVAILABLE',
    detail: 'Caty failed several times in a row and is left alone for a moment.',
    also: retry,
  },
  quota: {
    type: 'quota',
    status: 429,
    title: 'Too many requests',
    code: 'RATE_LIMITED',
    also: ({ policy, quotas, retryAfter }) => ({
      detail: QUOTA_SENTENCES[policy],
      headers: [
        ...retry({ retryAfter }).headers,
        ['RateLimit-Policy', policyField(quotas)],
        ['RateLimit', stateField(policy, 0, retryAfter)],
      ],
      violated: [policy],
    }),
  },
  idempotency_mismatch: {
    type: 'idempotency-mismatch',
    status: 422,
    title: 'Idempotency key used before',
    code: 'VALIDATION_ERROR',
    detail: 'The Idempotency-Key was used with another body. Use a new key for a new message.',
  },
  idempotency_running: {
    type: 'idempotency-running',
    status: 409,
    title: 'Still being answered',
    code: 'VALIDATION_ERROR',
    detail: 'The first call with this Idempotency-Key is still running.',
    also: retry,
  },
  ledger_unreachable: {
    type: 'ledger',
    status: 503,
    title: 'Messages cannot be counted just now',
    code: 'UPSTREAM_UNAVAILABLE',
    detail: 'The edge cannot count messages just now, so it sends none.',
    also: retry,
  },
  challenge_needed: {
    type: 'challenge',
    status: 400,
    title: 'A challenge must be solved first',
    code: 'VALIDATION_ERROR',
    detail: 'The first token of a key needs the parameter turnstile_response.',
    also: ({ siteKey }) => ({ challenge: { site_key: siteKey } }),
  },
  challenge_failed: {
    type: 'challenge',
    status: 400,
    title: 'The challenge was not solved',
    code: 'VALIDATION_ERROR',
    detail: 'The turnstile_response does not count: it was used before, is too old, or is of another site.',
    also: ({ siteKey }) => ({ challenge: { site_key: siteKey } }),
  },
  challenge_unreachable: {
    type: 'challenge',
    status: 503,
    title: 'The challenge cannot be checked just now',
    code: 'UPSTREAM_UNAVAILABLE',
    detail: 'The service that checks challenges did not answer, so no token was given.',
    also: retry,
  },
  uploads_off: {
    type: 'uploads-off',
    status: 403,
    title: 'Files are not taken here',
    code: 'UNAUTHORIZED',
    detail: 'Files are not taken here. The owner of this edge can set UPLOADS to on.',
  },
  file_type: {
    type: 'file-type',
    status: 415,
    title: 'Not a file of these types',
    code: 'VALIDATION_ERROR',
    field: 'file',
    also: ({ allowed }) => ({
      detail: `The file must be one of ${allowed.join(', ')}, by its name and by its content.`,
    }),
  },
  no_user_token: {
    type: 'sign-in',
    status: 401,
    title: 'Sign in first',
    code: 'UNAUTHORIZED',
    detail: 'The call needs the access token of a Supabase session, as Authorization: Bearer.',
    headers: [bearer()],
  },
  user_token: {
    type: 'sign-in',
    status: 401,
    title: 'Session refused',
    code: 'UNAUTHORIZED',
    detail: 'The access token does not count here, or no longer. Refresh the session, or sign in again.',
    headers: [bearer(', error="invalid_token"')],
    also: ({ fault }) =>
      fault === 'too_long'
        ? {
            detail: `The access token is longer than ${MAX_JWS_CHARS} characters. Keep less in the metadata of this user.`,
          }
        : {},
  },
  role_missing: {
    type: 'role',
    status: 403,
    title: 'Role missing',
    code: 'UNAUTHORIZED',
    detail: 'This account lacks the role that the owner asks for in ADMIN_ROLE; it belongs into app_metadata.',
    headers: [bearer(', error="insufficient_scope"')],
  },
  keys_unreachable: {
    type: 'keys-unreachable',
    status: 503,
    title: 'Sessions cannot be checked just now',
    code: 'UPSTREAM_UNAVAILABLE',
    detail: 'The keys of the Supabase project cannot be had just now, so nobody is let in.',
    also: retry,
  },
  upstream_refused_user: {
    type: 'upstream-user',
    status: 403,
    title: 'Caty refused this account',
    code: 'UNAUTHORIZED',
    detail: 'Caty does not let this account make this call.',
  },
  record_not_found: {
    type: 'record-not-found',
    status: 404,
    title: 'Not found',
    code: 'NOT_FOUND',
    detail: 'There is nothing with this id, or it is not of this account.',
  },
  webhook_signature: {
    type: 'webhook-signature',
    status: 401,
    title: 'Webhook signature refused',
    code: 'UNAUTHORIZED',
    detail: 'X-Caty-Signature must be the HMAC-SHA256 of the body, in hex, by a secret of CATY_WEBHOOK_SECRETS.',
    headers: [authenticate(`Caty-Signature ${REALM}`)],
  },
  webhook_stale: {
    type: 'webhook-stale',
    status: 400,
    title: 'The event is too old',
    code: 'VALIDATION_ERROR',
    detail: 'The event happened more than seven days ago. It may have been delivered before, so it is not taken again.',
  },
  webhook_not_kept: {
    type: 'webhook-not-kept',
    status: 503,
    title: 'The event was not taken',
    code: 'UPSTREAM_UNAVAILABLE',
    detail: 'The event could not be stored just now. Send it again after the time in Retry-After.',
    also: retry,
  },
  internal: {
    type: 'internal',
    status: 500,
    title: 'Something went wrong here',
    code: 'INTERNAL',
    detail: 'The edge could not finish this call. The log of the Worker says why.',
  },
} as const satisfies ProblemTable

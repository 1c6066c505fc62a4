/**
 * The one place where a reason becomes an answer: problem details (RFC 9457) that carry Caty's own members too, or an
 * OAuth error (RFC 6749 section 5.2) at the token endpoint. Outside vague, in the log precise: nothing of an upstream
 * answer, a header, a stack or a token is in here.
 */

import { type Reason, settingSentence } from '../../base/reason.ts'
import type { Problem } from '../../contract/edge.ts'
import { PROOF_ALGORITHM } from '../../token/dpop.ts'
import { adminAnswer } from './admin.ts'
import { type Answer, REALM, retryAfter, TYPES } from './answer.ts'
import { laterAnswer } from './later.ts'

const QUOTA_EXCEEDED = 'https://iana.org/assignments/http-problem-types#quota-exceeded'

const dpop = (parameters: string): [string, string] => [
  'WWW-Authenticate',
  `DPoP ${parameters}algs="${PROOF_ALGORITHM}"`,
]
const challenge = (scheme: 'Bearer' | 'DPoP', parameters: string): [string, string] =>
  scheme === 'DPoP' ? dpop(`${REALM}, ${parameters}, `) : ['WWW-Authenticate', `Bearer ${REALM}, ${parameters}`]

/** What the outside may know of a reason. Exhaustive: the compiler refuses a reason that is not mapped. */
export function answerFor(reason: Reason): Answer {
  switch (reason.kind) {
    case 'settings':
      return {
        status: 503,
        slug: 'settings',
        title: 'The edge is not set up',
        code: 'NOT_CONFIGURED',
        detail: reason.problems.map(settingSentence).join(' '),
      }
    case 'maintenance':
      return {
        status: 503,
        slug: 'maintenance',
        title: 'Closed for maintenance',
        code: 'MAINTENANCE',
        detail: 'The chat is closed for maintenance and will be back.',
        headers: [retryAfter(reason.retryAfter)],
      }
    case 'origin_missing':
      return {
        status: 403,
        slug: 'origin-not-allowed',
        title: 'Origin not allowed',
        code: 'ORIGIN_NOT_ALLOWED',
        detail: `The call carries no Origin header. Only pages whose origin is listed in ${reason.setting} may make it.`,
      }
    case 'origin_not_allowed':
      return {
        status: 403,
        slug: 'origin-not-allowed',
        title: 'Origin not allowed',
        code: 'ORIGIN_NOT_ALLOWED',
        detail: `The origin ${reason.origin} is not allowed here. Its owner can add it to the setting ${reason.setting}.`,
      }
    case 'fetch_metadata':
      return {
        status: 403,
        slug: 'not-a-widget-call',
        title: 'Not a call of the widget',
        code: 'UNAUTHORIZED',
        detail: 'The Sec-Fetch headers say that this is not a CORS call of a page.',
      }
    case 'not_found':
      return { status: 404, slug: 'not-found', title: 'Not found', code: 'NOT_FOUND', detail: 'There is no such call.' }
    case 'method_not_allowed':
      return {
        status: 405,
        slug: 'method-not-allowed',
        title: 'Method not allowed',
        code: 'VALIDATION_ERROR',
        detail: `This call takes ${reason.allow.join(', ')}.`,
        headers: [['Allow', reason.allow.join(', ')]],
      }
    case 'content_type':
      return {
        status: 415,
        slug: 'content-type',
        title: 'Wrong content type',
        code: 'VALIDATION_ERROR',
        detail: `The body must be ${reason.expected}.`,
      }
    case 'body_too_large':
      return {
        status: 413,
        slug: 'too-large',
        title: 'Body too large',
        code: 'VALIDATION_ERROR',
        detail: `The body may hold at most ${reason.limit} bytes.`,
      }
    case 'body_slow':
      return {
        status: 408,
        slug: 'slow',
        title: 'Body too slow',
        code: 'VALIDATION_ERROR',
        detail: 'The body did not come in time.',
      }
    case 'body_malformed':
      return {
        status: 400,
        slug: 'malformed',
        title: 'Malformed body',
        code: 'VALIDATION_ERROR',
        detail: reason.field === undefined ? `The body ${reason.why}.` : `The member ${reason.field} ${reason.why}.`,
        field: reason.field,
      }
    case 'no_token': {
      const bearer: [string, string][] = reason.bearerToo ? [['WWW-Authenticate', `Bearer ${REALM}`]] : []
      return {
        status: 401,
        slug: 'token',
        title: 'Access token needed',
        code: 'UNAUTHORIZED',
        detail: 'The call needs an access token from /token.',
        headers: [dpop(`${REALM}, `), ...bearer],
      }
    }
    case 'token':
      return {
        status: 401,
        slug: 'token',
        title: 'Access token refused',
        code: 'UNAUTHORIZED',
        detail: 'The access token does not count here, or no longer.',
        headers: [challenge(reason.scheme, 'error="invalid_token"')],
      }
    case 'scope':
      return {
        status: 403,
        slug: 'scope',
        title: 'Scope missing',
        code: 'UNAUTHORIZED',
        detail: `The access token lacks the scope ${reason.needed}.`,
        headers: [challenge(reason.scheme, `error="insufficient_scope", scope="${reason.needed}"`)],
      }
    case 'proof':
      return {
        status: 401,
        slug: 'proof',
        title: 'Proof refused',
        code: 'UNAUTHORIZED',
        detail: 'The DPoP proof does not fit this call.',
        headers: [challenge('DPoP', 'error="invalid_dpop_proof"')],
      }
    case 'nonce_needed':
      return {
        status: 401,
        slug: 'nonce',
        title: 'Nonce needed',
        code: 'UNAUTHORIZED',
        detail: 'The DPoP proof must carry the nonce of the DPoP-Nonce header.',
        headers: [challenge('DPoP', 'error="use_dpop_nonce"'), ['DPoP-Nonce', reason.nonce]],
      }
    case 'oauth':
      return {
        status: reason.error === 'invalid_client' ? 401 : 400,
        slug: 'token-request',
        title: 'Token request refused',
        code: 'VALIDATION_ERROR',
        detail: reason.why,
      }
    case 'internal':
      return {
        status: 500,
        slug: 'internal',
        title: 'Something went wrong here',
        code: 'INTERNAL',
        detail: 'The edge could not finish this call. The log of the Worker says why.',
      }
    case 'no_user_token':
    case 'user_token':
    case 'role_missing':
    case 'keys_unreachable':
    case 'upstream_refused_user':
    case 'record_not_found':
      return adminAnswer(reason)
    default:
      return laterAnswer(reason)
  }
}

const typeOf = ({ violated, slug }: Answer): string => (violated ? QUOTA_EXCEEDED : `${TYPES}${slug}`)

/** The answer on `/api/*` and everywhere else but the token endpoint. `instance` is the request id as a URN. */
export function problemResponse(reason: Reason, requestId: string): Response {
  const answer = answerFor(reason)
  const problem: Problem = {
    type: typeOf(answer),
    title: answer.title,
    status: answer.status,
    detail: answer.detail,
    instance: `urn:uuid:${requestId}`,
    success: false,
    error: answer.detail,
    code: answer.code,
    ...(answer.field !== undefined && { field: answer.field }),
    ...(answer.violated && { 'violated-policies': answer.violated }),
  }
  return respond(answer, problem, 'application/problem+json')
}

/** The answer at `/token`: `error` is of RFC 6749 section 5.2, and the members of a problem stand beside it. */
export function tokenErrorResponse(reason: Reason, requestId: string): Response {
  const answer = answerFor(reason)
  const error = oauthErrorOf(reason)
  // A refused proof is a bad request here: 401 would tell a client to authenticate, which it cannot (RFC 9449 section 5).
  const status = reason.kind === 'proof' || reason.kind === 'nonce_needed' ? 400 : answer.status
  const headers = (answer.headers ?? []).filter(([name]) => name !== 'WWW-Authenticate')
  if (status === 401) headers.push(['WWW-Authenticate', `Bearer ${REALM}`])
  const body = {
    error,
    error_description: printable(answer.detail),
    type: typeOf(answer),
    title: answer.title,
    status,
    detail: answer.detail,
    instance: `urn:uuid:${requestId}`,
    success: false,
    code: answer.code,
    ...(answer.field !== undefined && { field: answer.field }),
    ...(answer.violated && { 'violated-policies': answer.violated }),
    ...(answer.challenge && { challenge: answer.challenge }),
  }
  return respond({ ...answer, status, headers }, body, 'application/json')
}

function oauthErrorOf(reason: Reason): string {
  switch (reason.kind) {
    case 'oauth':
      return reason.error
    case 'proof':
      return 'invalid_dpop_proof'
    case 'nonce_needed':
      return 'use_dpop_nonce'
    case 'origin_missing':
    case 'origin_not_allowed':
    case 'fetch_metadata':
      return 'unauthorized_client'
    case 'settings':
    case 'maintenance':
    case 'upstream_resting':
    case 'challenge_unreachable':
      return 'temporarily_unavailable'
    // RFC 8628 section 3.5 has the word for it.
    case 'quota':
      return 'slow_down'
    case 'internal':
      return 'server_error'
    default:
      return 'invalid_request'
  }
}

/** RFC 6749 section 5.2 allows %x20-21, %x23-5B and %x5D-7E in a description. */
const printable = (text: string): string => text.replace(/[^\x20-\x21\x23-\x5b\x5d-\x7e]/g, "'")

function respond(answer: Answer, body: object, type: string): Response {
  const headers = new Headers({ 'Content-Type': type, 'Cache-Control': 'no-store' })
  for (const [name, value] of answer.headers ?? []) headers.append(name, value)
  return new Response(JSON.stringify(body), { status: answer.status, headers })
}

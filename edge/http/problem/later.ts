/** Reasons from behind the guards: sessions, Caty itself, and what is counted. */
import { type Policy, policyField, stateField } from '../../base/rate-limit-fields.ts'
import type { Reason } from '../../base/reason.ts'
import { type Answer, retryAfter } from './answer.ts'

export type LaterReason = Extract<
  Reason,
  {
    kind:
      | 'session_not_found'
      | 'upstream'
      | 'upstream_refused_key'
      | 'upstream_refused_body'
      | 'upstream_busy'
      | 'upstream_resting'
      | 'quota'
      | 'idempotency_mismatch'
      | 'idempotency_running'
      | 'ledger_unreachable'
      | 'challenge_needed'
      | 'challenge_failed'
      | 'challenge_unreachable'
      | 'uploads_off'
      | 'file_type'
      | 'webhook_signature'
      | 'webhook_not_kept'
  }
>

const QUOTA_SENTENCES: Record<Policy, string> = {
  calls: 'This visitor calls too often.',
  tokens: 'Too many tokens were asked for from this address.',
  'bound-tokens': 'Too many chats were begun from this address.',
  visitor: 'This visitor writes faster than the site allows.',
  tenant: 'Many visitors are writing just now. A place in the line is kept until the time in Retry-After.',
  day: "The site's messages of today are used up.",
  admin: 'This account calls too often.',
  caty: 'The assistant is busy. Try again after the time in Retry-After.',
  'admin-tenant': 'All accounts of this dashboard together call too often: Caty takes 60 calls a minute.',
}

/** Exhaustive: the compiler refuses a reason that is not mapped. */
export function laterAnswer(reason: LaterReason): Answer {
  switch (reason.kind) {
    case 'session_not_found':
      return {
        status: 404,
        slug: 'session-not-found',
        title: 'Session not found',
        code: 'SESSION_NOT_FOUND',
        detail: 'There is no such session. Open a new one and send again.',
      }
    case 'upstream':
      return reason.fault === 'timeout'
        ? {
            status: 504,
            slug: 'upstream',
            title: 'Caty did not answer in time',
            code: 'UPSTREAM_TIMEOUT',
            detail: 'Caty did not answer in time.',
          }
        : {
            status: 502,
            slug: 'upstream',
            title: 'Caty gave no usable answer',
            code: 'UPSTREAM_ERROR',
            detail: 'Caty gave no usable answer.',
          }
    case 'upstream_refused_key':
      return {
        status: 502,
        slug: 'upstream-key',
        title: 'Caty refused the key',
        code: 'UPSTREAM_KEY_REFUSED',
        detail: 'Caty refused the key of this site. Its owner can set a valid CATY_API_KEY.',
      }
    case 'upstream_refused_body':
      return {
        status: 400,
        slug: 'upstream-validation',
        title: 'Caty refused the data',
        code: 'VALIDATION_ERROR',
        detail: 'Caty refused the data of this call.',
      }
    case 'upstream_busy':
      return {
        status: 429,
        slug: 'busy',
        title: 'Too many calls just now',
        code: 'RATE_LIMITED',
        detail: QUOTA_SENTENCES.caty,
        headers: [retryAfter(reason.retryAfter), ['RateLimit', stateField('caty', 0, reason.retryAfter)]],
        violated: ['caty'],
      }
    case 'upstream_resting':
      return {
        status: 503,
        slug: 'upstream-resting',
        title: 'Caty is not reachable just now',
        code: 'UPSTREAM_UNAVAILABLE',
        detail: 'Caty failed several times in a row and is left alone for a moment.',
        headers: [retryAfter(reason.retryAfter)],
      }
    case 'quota':
      return {
        status: 429,
        slug: 'quota',
        title: 'Too many requests',
        code: 'RATE_LIMITED',
        detail: QUOTA_SENTENCES[reason.policy],
        headers: [
          retryAfter(reason.retryAfter),
          ['RateLimit-Policy', policyField(reason.quotas)],
          ['RateLimit', stateField(reason.policy, 0, reason.retryAfter)],
        ],
        violated: [reason.policy],
      }
    case 'idempotency_mismatch':
      return {
        status: 422,
        slug: 'idempotency-mismatch',
        title: 'Idempotency key used before',
        code: 'VALIDATION_ERROR',
        detail: 'The Idempotency-Key was used with another body. Use a new key for a new message.',
      }
    case 'idempotency_running':
      return {
        status: 409,
        slug: 'idempotency-running',
        title: 'Still being answered',
        code: 'VALIDATION_ERROR',
        detail: 'The first call with this Idempotency-Key is still running.',
        headers: [retryAfter(reason.retryAfter)],
      }
    case 'ledger_unreachable':
      return {
        status: 503,
        slug: 'ledger',
        title: 'Messages cannot be counted just now',
        code: 'UPSTREAM_UNAVAILABLE',
        detail: 'The edge cannot count messages just now, so it sends none.',
        headers: [retryAfter(reason.retryAfter)],
      }
    case 'challenge_needed':
      return {
        status: 400,
        slug: 'challenge',
        title: 'A challenge must be solved first',
        code: 'VALIDATION_ERROR',
        detail: 'The first token of a key needs the parameter turnstile_response.',
        challenge: { site_key: reason.siteKey },
      }
    case 'challenge_failed':
      return {
        status: 400,
        slug: 'challenge',
        title: 'The challenge was not solved',
        code: 'VALIDATION_ERROR',
        detail: 'The turnstile_response does not count: it was used before, is too old, or is of another site.',
        challenge: { site_key: reason.siteKey },
      }
    case 'challenge_unreachable':
      return {
        status: 503,
        slug: 'challenge',
        title: 'The challenge cannot be checked just now',
        code: 'UPSTREAM_UNAVAILABLE',
        detail: 'The service that checks challenges did not answer, so no token was given.',
        headers: [retryAfter(reason.retryAfter)],
      }
    case 'uploads_off':
      return {
        status: 403,
        slug: 'uploads-off',
        title: 'Files are not taken here',
        code: 'UNAUTHORIZED',
        detail: 'Files are not taken here. The owner of this edge can set UPLOADS to on.',
      }
    case 'file_type':
      return {
        status: 415,
        slug: 'file-type',
        title: 'Not a file of these types',
        code: 'VALIDATION_ERROR',
        detail: `The file must be one of ${reason.allowed.join(', ')}, by its name and by its content.`,
        field: 'file',
      }
    case 'webhook_signature':
      return {
        status: 401,
        slug: 'webhook-signature',
        title: 'Webhook signature refused',
        code: 'UNAUTHORIZED',
        detail: 'X-Caty-Signature must be the HMAC-SHA256 of the body, in hex, by a secret of CATY_WEBHOOK_SECRETS.',
        headers: [['WWW-Authenticate', 'Caty-Signature realm="caty-keyless"']],
      }
    case 'webhook_not_kept':
      return {
        status: 503,
        slug: 'webhook-not-kept',
        title: 'The event was not taken',
        code: 'UPSTREAM_UNAVAILABLE',
        detail: 'The event could not be stored just now. Send it again after the time in Retry-After.',
        headers: [retryAfter(reason.retryAfter)],
      }
  }
}

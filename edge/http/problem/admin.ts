/** Reasons of the Admin API: who asks, and what Caty lets him see. */
import type { Reason } from '../../base/reason.ts'
import { type Answer, REALM, retryAfter } from './answer.ts'

export type AdminReason = Extract<
  Reason,
  {
    kind:
      | 'no_user_token'
      | 'user_token'
      | 'role_missing'
      | 'keys_unreachable'
      | 'upstream_refused_user'
      | 'record_not_found'
  }
>

const bearer = (more = ''): [string, string] => ['WWW-Authenticate', `Bearer ${REALM}${more}`]

/** Exhaustive: the compiler refuses a reason that is not mapped. */
export function adminAnswer(reason: AdminReason): Answer {
  switch (reason.kind) {
    // RFC 6750 section 3: without credentials there is no error code.
    case 'no_user_token':
      return {
        status: 401,
        slug: 'sign-in',
        title: 'Sign in first',
        code: 'UNAUTHORIZED',
        detail: 'The call needs the access token of a Supabase session, as Authorization: Bearer.',
        headers: [bearer()],
      }
    case 'user_token':
      return {
        status: 401,
        slug: 'sign-in',
        title: 'Session refused',
        code: 'UNAUTHORIZED',
        detail: 'The access token does not count here, or no longer. Refresh the session, or sign in again.',
        headers: [bearer(', error="invalid_token"')],
      }
    case 'role_missing':
      return {
        status: 403,
        slug: 'role',
        title: 'Role missing',
        code: 'UNAUTHORIZED',
        detail: 'This account lacks the role that the owner asks for in ADMIN_ROLE; it belongs into app_metadata.',
        headers: [bearer(', error="insufficient_scope"')],
      }
    case 'keys_unreachable':
      return {
        status: 503,
        slug: 'keys-unreachable',
        title: 'Sessions cannot be checked just now',
        code: 'UPSTREAM_UNAVAILABLE',
        detail: 'The keys of the Supabase project cannot be had just now, so nobody is let in.',
        headers: [retryAfter(reason.retryAfter)],
      }
    case 'upstream_refused_user':
      return {
        status: 403,
        slug: 'upstream-user',
        title: 'Caty refused this account',
        code: 'UNAUTHORIZED',
        detail: 'Caty does not let this account make this call.',
      }
    case 'record_not_found':
      return {
        status: 404,
        slug: 'record-not-found',
        title: 'Not found',
        code: 'NOT_FOUND',
        detail: 'There is nothing with this id, or it is not of this account.',
      }
  }
}

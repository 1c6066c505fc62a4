/** The checks of every visitor's call: the scope of the token, and that a named session is the visitor's own. */
import type { Call } from '../../app/call.ts'
import { policyField } from '../../base/rate-limit-fields.ts'
import { Refused } from '../../base/reason.ts'
import type { Scope } from '../../contract/edge.ts'
import { type HandleOwner, openSession } from '../../token/handle.ts'
import { CALLS, limitCalls } from '../rate-limit.ts'
import { type AuthorizedCall, authorize } from './authorize.ts'

export type Authorized = Call & AuthorizedCall

/** Wraps a handler in the check of the scope and the rate limit of calls. */
export function scoped(scope: Scope, handle: (call: Authorized) => Promise<Response>) {
  return async (call: Call): Promise<Response> => {
    const authorized = await authorize(call.request, scope, call, call.edge)
    call.note({ widget: authorized.token.client_id })
    if (authorized.nonce !== undefined) call.headers.set('DPoP-Nonce', authorized.nonce)
    await limitCalls(authorized.token.sub, call.edge)
    call.headers.set('RateLimit-Policy', policyField([CALLS]))
    return handle({ ...call, ...authorized })
  }
}

/** The owner of the session handles of this call. */
export const ownerOf = ({ token }: Authorized): HandleOwner => ({ visitor: token.sub, widget: token.client_id })

/** Caty's session id behind the visitor's handle. Throws 404 for another visitor's handle, as for one that never existed. */
export async function sessionBehind(handle: string, call: Authorized): Promise<string> {
  const id = await openSession(handle, ownerOf(call), call.edge.ring)
  if (id === undefined) throw new Refused({ kind: 'session_not_found' })
  return id
}

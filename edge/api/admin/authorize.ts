/** The checks of every dashboard call: a signed-in user of the owner's project, and the rate limits. */

import type { Admin } from '../../app/admin.ts'
import type { Call } from '../../app/call.ts'
import { policyField, type Quota } from '../../base/rate-limit-fields.ts'
import { Refused } from '../../base/reason.ts'
import { readUserToken, type User } from '../../supabase/user-token.ts'

export type AdminCall = Call & { admin: Admin; user: User }

/** Caty's own limit is 60 calls a minute for the whole tenant. */
const PER_USER: Quota = { policy: 'admin', quota: 60, window: 60 }
const PER_TENANT: Quota = { policy: 'admin-tenant', quota: 60, window: 60 }
const QUOTAS = [PER_USER, PER_TENANT]

/** Wraps a handler. Throws 401 without a user, 403 without the role, and 429. */
export function signedIn(handle: (call: AdminCall) => Promise<Response>) {
  return async (call: Call): Promise<Response> => {
    const { admin } = call.edge
    // Not reached: `dashboardCall` refuses the call when the Admin API is off.
    if (!admin) throw new Refused({ kind: 'internal' })
    const user = await userOf(call, admin)
    const { role } = admin.settings
    if (role !== undefined && !user.roles.includes(role)) throw new Refused({ kind: 'role_missing' })
    // The user's own limit first, so that a user who reached it takes nothing from the tenant's.
    await count(call, PER_USER, `user ${user.id}`)
    await count(call, PER_TENANT, 'tenant')
    call.headers.set('RateLimit-Policy', policyField(QUOTAS))
    try {
      return await handle({ ...call, admin, user })
    } catch (error) {
      // Caty forgives no clock. To a session that ended meanwhile its refusal says: refresh it.
      const hasEnded = call.edge.platform.now().getTime() / 1000 >= user.expires
      if (hasEnded && error instanceof Refused && error.reason.kind === 'upstream_refused_user')
        throw new Refused({ kind: 'user_token', fault: 'expired' })
      throw error
    }
  }
}

async function userOf({ request, edge, waitUntil }: Call, { settings, keys }: Admin): Promise<User> {
  const now = edge.platform.now()
  const token = await readUserToken(request.headers.get('Authorization'), { settings, keys, now, waitUntil })
  if (token.kind === 'valid') return token.user
  throw new Refused(token.kind === 'absent' ? { kind: 'no_user_token' } : { kind: 'user_token', fault: token.fault })
}

async function count({ edge }: Call, { policy, window }: Quota, key: string): Promise<void> {
  const { success } = await edge.limiters.admin.limit({ key })
  if (!success) throw new Refused({ kind: 'quota', quotas: QUOTAS, policy, retryAfter: window })
}

/**
 * Coarse rate limits, by the platform's rate-limit bindings: cheap, approximate and per location, which is enough against
 * floods. Messages cost the owner money, so the ledger counts them exactly.
 */
import type { Edge } from '../app/context.ts'
import { encodeBase64Url } from '../base/base64url.ts'
import { hmac } from '../base/digest.ts'
import type { Quota } from '../base/rate-limit-fields.ts'
import { Refused } from '../base/reason.ts'

/** Many visitors may share an address, such as a school's. Bound tokens are only for those who open the chat. */
export const TOKENS: Quota = { policy: 'tokens', quota: 300, window: 60 }
export const BOUND_TOKENS: Quota = { policy: 'bound-tokens', quota: 30, window: 60 }
export const CALLS: Quota = { policy: 'calls', quota: 120, window: 60 }

/** Counts a token request of this address. Throws 429. Returns the limit that applies. */
export async function limitTokens(
  request: Request,
  bound: boolean,
  edge: Pick<Edge, 'limiters' | 'ring' | 'platform'>,
): Promise<Quota> {
  const key = await addressKey(request, edge)
  const quota = bound ? BOUND_TOKENS : TOKENS
  const { success } = await edge.limiters[bound ? 'boundTokens' : 'tokens'].limit({ key })
  if (!success) throw new Refused({ kind: 'quota', quotas: [quota], policy: quota.policy, retryAfter: 60 })
  return quota
}

/** Counts a call of this visitor. Throws 429. */
export async function limitCalls(visitor: string, edge: Pick<Edge, 'limiters'>): Promise<void> {
  const { success } = await edge.limiters.calls.limit({ key: visitor })
  if (!success) throw new Refused({ kind: 'quota', quotas: [CALLS], policy: 'calls', retryAfter: 60 })
}

const DAY_MS = 86_400_000

/**
 * The caller's address as a keyed hash that changes daily, so that counters hold no address and days cannot be linked.
 * Only `CF-Connecting-IP` counts; a caller could set any other header.
 */
export async function addressKey(request: Request, edge: Pick<Edge, 'ring' | 'platform'>): Promise<string> {
  const address = networkOf(request.headers.get('CF-Connecting-IP') ?? 'unknown')
  const day = Math.floor(edge.platform.now().getTime() / DAY_MS)
  const { key } = await edge.ring.signing('client-address')
  return encodeBase64Url((await hmac(key, `${day} ${address}`)).subarray(0, 16))
}

/** The /64 of an IPv6 address, since a caller has all of it; an IPv4 address as it is. */
export function networkOf(address: string): string {
  if (!address.includes(':')) return address
  const [head = '', tail = ''] = address.toLowerCase().split('::')
  const before = head === '' ? [] : head.split(':')
  const after = tail === '' ? [] : tail.split(':')
  const zeros = address.includes('::') ? Array<string>(Math.max(0, 8 - before.length - after.length)).fill('0') : []
  const groups = [...before, ...zeros, ...after].slice(0, 4)
  return groups.map((group) => group.replace(/^0+(?=.)/, '')).join(':')
}

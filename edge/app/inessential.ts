/** Wraps the bindings that a call can do without, so that none of their failures reaches a visitor. */
import { BestEffort } from '../base/best-effort.ts'
import type { Metrics } from '../base/log.ts'
import type { EdgeCache, Platform, RateLimiter, RateLimiters } from '../base/platform.ts'

type Now = Platform['now']

/** Milliseconds for storing a copy; nobody waits for it. */
const PUT_TIMEOUT_MS = 5000

/** A limiter that lets calls pass while the platform's does not answer. The ledger still counts what costs money. */
function limiterOf(name: string, limiter: RateLimiter, now: Now): RateLimiter {
  const effort = new BestEffort(`rate limit ${name}`, now)
  return { limit: (options) => effort.attempt(async () => limiter.limit(options), { success: true }) }
}

export const limitersOf = ({ tokens, boundTokens, calls, admin }: RateLimiters, now: Now): RateLimiters => ({
  tokens: limiterOf('tokens', tokens, now),
  boundTokens: limiterOf('boundTokens', boundTokens, now),
  calls: limiterOf('calls', calls, now),
  admin: limiterOf('admin', admin, now),
})

export function metricsOf(metrics: Metrics | undefined, now: Now): Metrics | undefined {
  if (!metrics) return undefined
  const effort = new BestEffort('metrics', now)
  return { writeDataPoint: (point) => void effort.attempt(async () => metrics.writeDataPoint(point), undefined) }
}

/** A cache that misses while the platform's does not answer. */
export function cacheOf(cache: EdgeCache | undefined, now: Now): EdgeCache | undefined {
  if (!cache) return undefined
  const reading = new BestEffort('cache', now)
  const writing = new BestEffort('cache', now)
  return {
    match: (request) => reading.attempt(() => cache.match(request), undefined),
    put: (request, response) => writing.attempt(() => cache.put(request, response), undefined, PUT_TIMEOUT_MS),
  }
}

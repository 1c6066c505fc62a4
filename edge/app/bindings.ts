/** The bindings of wrangler.toml, checked once: a config that lost one must say so, not answer 500 to every message. */

import type { Metrics } from '../base/log.ts'
import type { RateLimiter } from '../base/platform.ts'
import type { SettingProblem } from '../base/reason.ts'
import type { LedgerBinding } from '../ledger/binding.ts'
import { queueOf } from '../outbox/producer.ts'
import type { Bindings } from './context.ts'

export type ReadBindings = { ok: true; bindings: Bindings } | { ok: false; problems: SettingProblem[] }

const LIMITERS = {
  tokens: 'TOKENS_PER_ADDRESS',
  boundTokens: 'BOUND_TOKENS_PER_ADDRESS',
  calls: 'CALLS_PER_VISITOR',
  admin: 'ADMIN_CALLS',
} as const

const has = (value: unknown, method: string): boolean =>
  typeof value === 'object' && value !== null && typeof Reflect.get(value, method) === 'function'
const isLedger = (value: unknown): value is LedgerBinding => has(value, 'getByName')
const isMetrics = (value: unknown): value is Metrics => has(value, 'writeDataPoint')
const isLimiter = (value: unknown): value is RateLimiter => has(value, 'limit')

/** Never throws. */
export function readBindings(env: Record<string, unknown>): ReadBindings {
  const problems: SettingProblem[] = []
  const missing = (setting: string) =>
    problems.push({ setting, why: 'is not bound: compare your wrangler config with wrangler.toml' })
  const limiter = (name: string): RateLimiter | undefined => {
    const value = env[name]
    if (isLimiter(value)) return value
    missing(name)
    return undefined
  }
  const [tokens, boundTokens, calls, admin] = [
    limiter(LIMITERS.tokens),
    limiter(LIMITERS.boundTokens),
    limiter(LIMITERS.calls),
    limiter(LIMITERS.admin),
  ]
  const withoutQueue = env.WEBHOOK_DELIVERY === 'queue' && !queueOf(env)
  if (withoutQueue) missing('WEBHOOKS')
  const ledger = env.LEDGER
  if (!isLedger(ledger)) {
    missing('LEDGER')
    return { ok: false, problems }
  }
  if (withoutQueue || !tokens || !boundTokens || !calls || !admin) return { ok: false, problems }
  const metrics = isMetrics(env.METRICS) ? env.METRICS : undefined
  return { ok: true, bindings: { ledger, metrics, limiters: { tokens, boundTokens, calls, admin } } }
}

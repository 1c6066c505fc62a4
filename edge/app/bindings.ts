/** The bindings of wrangler.toml, checked once: a configuration that lost one is told so instead of failing at each call. */

import type { Metrics } from '../base/log.ts'
import { hasMethod, type RateLimiter } from '../base/platform.ts'
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

const isLedger = (value: unknown): value is LedgerBinding => hasMethod(value, 'getByName')
const isMetrics = (value: unknown): value is Metrics => hasMethod(value, 'writeDataPoint')
const isLimiter = (value: unknown): value is RateLimiter => hasMethod(value, 'limit')

/** The bindings, or a problem for each one that is missing. Never throws. */
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

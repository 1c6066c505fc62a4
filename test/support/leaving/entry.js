/**
 * The Worker in workerd, where a test can stop it at each binding it waits for: every one first asks the stand-in
 * upstream, which holds the call that the test names. Headers choose the isolate's state, its settings and the time.
 */
import worker, { Ledger as BareLedger } from 'worker'

let ahead = 0
const RealDate = Date
globalThis.Date = class extends RealDate {
  constructor(...parts) {
    if (parts.length === 0) super(RealDate.now() + ahead)
    else super(...parts)
  }
  static now() {
    return RealDate.now() + ahead
  }
}

const pass = (env, place) => fetch(`${env.CATY_API_URL}/at/${place}`)
const METHODS = ['admit', 'answered', 'failed', 'hasPassed', 'rememberPass', 'acceptDelivery']

export class Ledger extends BareLedger {}
for (const method of METHODS) {
  Ledger.prototype[method] = async function (...parts) {
    await pass(this.env, `before-${method}`)
    const result = await BareLedger.prototype[method].apply(this, parts)
    await pass(this.env, `after-${method}`)
    return result
  }
}

const isolates = new Map()

/** The Worker keeps its state by its environment, so each of these is an isolate of its own. */
function environmentOf(env, name, settings) {
  const limiter = {
    async limit() {
      await pass(env, 'limiter')
      return { success: true }
    },
  }
  const limiters = {
    TOKENS_PER_ADDRESS: limiter,
    BOUND_TOKENS_PER_ADDRESS: limiter,
    CALLS_PER_VISITOR: limiter,
    ADMIN_CALLS: limiter,
  }
  if (!isolates.has(name)) isolates.set(name, { ...env, ...JSON.parse(settings), ...limiters })
  return isolates.get(name)
}

export default {
  fetch(request, env, context) {
    ahead = Number(request.headers.get('X-Test-Ahead') ?? ahead)
    const isolate = request.headers.get('X-Test-Isolate') ?? 'first'
    return worker.fetch(request, environmentOf(env, isolate, request.headers.get('X-Test-Settings') ?? '{}'), context)
  },
}

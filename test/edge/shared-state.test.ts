/**
 * What requests of one isolate share: nobody waits for a request that has ended, what was closed opens again, and what one
 * route or one part of the platform breaks stays broken alone. The runtime ends the work of a visitor who leaves: its
 * promises never settle, which a fetch that never settles stands for here. test/processes/visitors-leave.test.ts has the
 * real thing.
 */
import { env } from 'cloudflare:workers'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { healthCall } from '../../edge/api/health.ts'
import { cacheOf, limitersOf, metricsOf } from '../../edge/app/inessential.ts'
import { CircuitBreaker } from '../../edge/base/breaker.ts'
import { SingleFlight } from '../../edge/base/single-flight.ts'
import { CatyClient } from '../../edge/caty/client.ts'
import { ConfigCache, FLIGHT_MS } from '../../edge/caty/config-cache.ts'
import { DialectChoice } from '../../edge/caty/dialect.ts'
import { parseSettings } from '../../edge/settings/index.ts'
import { COOLDOWN_MS, KeySet } from '../../edge/supabase/jwks.ts'
import { ask, json, Visitor } from './client.ts'
import { planFaults, received, resetSandbox } from './sandbox.ts'

const never = new Promise<never>(() => undefined)
const forget = () => undefined

/** A clock, and a network whose first call never ends. */
function afterOneWhoLeft(answer: () => Response) {
  const clock = { time: 1_000_000 }
  const calls: string[] = []
  return {
    clock,
    calls,
    now: () => new Date(clock.time),
    fetch: async (request: Request) => {
      calls.push(request.url)
      return calls.length === 1 ? never : answer()
    },
  }
}

function settings() {
  const parsed = parseSettings({ ...env })
  if (!parsed.ok) throw new Error('the settings of the tests are wrong')
  return parsed.settings
}

function configsOver({ now, fetch }: Pick<ReturnType<typeof afterOneWhoLeft>, 'now' | 'fetch'>) {
  const client = new CatyClient({ baseUrl: 'https://caty.invalid', widgets: settings().widgets, now, fetch })
  return new ConfigCache({ client, now, cache: undefined, nameOf: (widget) => Promise.resolve(`test/${widget}`) })
}

const config = () => Response.json({ success: true, config: { persona: { name: 'Mara' } } })

describe('after a visitor who left in the middle', () => {
  it('the configuration is fetched anew', async () => {
    const { clock, calls, ...network } = afterOneWhoLeft(config)
    const configs = configsOver(network)
    void configs.get('default', forget).catch(forget)
    await vi.waitFor(() => expect(calls).toHaveLength(1))
    clock.time += FLIGHT_MS
    expect((await configs.get('default', forget)).config.persona?.name).toBe('Mara')
    expect(calls).toHaveLength(2)
  })

  it('health is asked anew', async () => {
    const { clock, calls, ...network } = afterOneWhoLeft(config)
    const platform = { ...network, random: () => new Uint8Array(), cache: undefined }
    const edge = { configs: configsOver(network), platform, settings: settings() }
    void healthCall(edge, forget).catch(forget)
    await vi.waitFor(() => expect(calls).toHaveLength(1))
    clock.time += FLIGHT_MS
    expect(await json(await healthCall(edge, forget))).toMatchObject({ status: 'ok', upstream: 'ok' })
  })

  it('the keys of the dashboards are fetched anew', async () => {
    const { clock, calls, now, fetch } = afterOneWhoLeft(() => Response.json({ keys: [] }))
    const keys = new KeySet({ url: 'https://auth.invalid/jwks', now, fetch })
    void keys.named('k1', forget).catch(forget)
    await vi.waitFor(() => expect(calls).toHaveLength(1))
    clock.time += COOLDOWN_MS
    expect(await keys.named('k1', forget)).toEqual([])
    expect(calls).toHaveLength(2)
  })

  it('those who wait with them wait until the deadline and no longer', async () => {
    const clock = { time: 0 }
    const flights = new SingleFlight({ now: () => new Date(clock.time), deadlineMs: 30 })
    void flights.run('a', () => never, forget).catch(forget)
    await expect(flights.run('a', async () => 'other', forget)).rejects.toThrow('a')
    clock.time = 30
    expect(await flights.run('a', async () => 'new', forget)).toBe('new')
    // The clock of the machine was set back while something was in the air.
    void flights.run('b', () => never, forget).catch(forget)
    clock.time = -1_000_000
    expect(await flights.run('b', async () => 'new', forget)).toBe('new')
  })

  it('the breaker lets the next one probe', () => {
    const breaker = new CircuitBreaker({ failures: 2, restMs: 10_000 })
    for (const at of [0, 1]) breaker.failed(at)
    expect(breaker.waitMs(2)).toBe(9999)
    // This one may probe, and is never heard of again.
    expect([breaker.waitMs(10_001), breaker.waitMs(10_002)]).toEqual([0, 9999])
    expect(breaker.waitMs(20_001)).toBe(0)
    expect(breaker.waitMs(-1_000_000)).toBe(0)
  })

  it('a dialect that was found is looked for again after an hour', () => {
    const clock = { time: 0 }
    const choice = new DialectChoice('auto', () => new Date(clock.time))
    choice.remember('documented')
    expect(choice.current).toBe('documented')
    clock.time = 3_600_000
    expect(choice.current).toBe('observed')
  })
})

describe('what fails closes itself and nothing else', () => {
  beforeEach(resetSandbox)

  it.each([
    ['/api/widget/view', 'POST', { event_type: 'view' }],
    ['/api/widget/handoff/request', 'POST', {}],
    ['/api/widget/lead', 'POST', { email: 'a@b.example' }],
    ['/api/widget/schedule/slots?date=2026-12-01', 'GET', undefined],
  ])('ten failures of %s leave the chat and the others open', async (target, method, body) => {
    const own = { TOKEN_EPOCH: `77${target.length}` }
    const visitor = await (await Visitor.create()).login(own)
    const session_id = await visitor.openSession(own)
    const [path = ''] = target.split('?')
    await planFaults({ path, status: 500, times: 1000 })
    const statuses: number[] = []
    for (let n = 0; n < 11; n++) {
      const headers = { ...(await visitor.headers(method, path)), 'Content-Type': 'application/json' }
      const init = { method, headers, ...(body && { body: JSON.stringify({ session_id, ...body }) }) }
      statuses.push((await ask(target, init, own)).status)
    }
    expect(statuses).toEqual([...Array<number>(10).fill(502), 503])
    expect(await visitor.openSession(own)).toMatch(/./)
    const said = await visitor.post('/api/widget/message', { session_id, message: 'Hello' }, {}, own)
    expect(said.status).toBe(200)
    expect((await visitor.post('/api/widget/track', { events: [{ type: 'page_view' }] }, {}, own)).status).toBe(200)
    expect((await received()).map((call) => call.path)).toContain('/api/widget/chat/message')
  })
})

describe('what a call can do without', () => {
  afterEach(() => vi.restoreAllMocks())

  const throwing = () => {
    throw new Error('broken')
  }
  const parts = {
    'metrics that throw': { METRICS: { writeDataPoint: throwing } },
    'a rate limit that throws': { CALLS_PER_VISITOR: { limit: throwing } },
    'a rate limit that rejects': { CALLS_PER_VISITOR: { limit: async () => throwing() } },
    'a rate limit that hangs': { CALLS_PER_VISITOR: { limit: () => never } },
    'limits of addresses that hang': {
      TOKENS_PER_ADDRESS: { limit: () => never },
      BOUND_TOKENS_PER_ADDRESS: { limit: () => never },
    },
  }
  it.each(Object.entries(parts))('%s costs nobody a call', async (name, broken) => {
    // Settings are compared as JSON, where functions do not show.
    const own = { TOKEN_EPOCH: String(8800 + Object.keys(parts).indexOf(name)), ...broken }
    const visitor = await (await Visitor.create()).login(own)
    for (let n = 0; n < 5; n++) expect(await visitor.openSession(own)).toMatch(/./)
  })

  it('a log that throws costs nobody a call', async () => {
    vi.spyOn(console, 'log').mockImplementation(throwing)
    expect((await ask('/health', {}, { TOKEN_EPOCH: '89' })).status).toBe(200)
  })

  it('after three failures the part rests for ten seconds, and says so each time', async () => {
    const said = vi.spyOn(console, 'log').mockImplementation(forget)
    const clock = { time: 0 }
    let asked = 0
    const broken = {
      limit: async () => {
        asked += 1
        return asked > 3 ? { success: false } : throwing()
      },
    }
    const four = { tokens: broken, boundTokens: broken, calls: broken, admin: broken }
    const { calls } = limitersOf(four, () => new Date(clock.time))
    for (let n = 0; n < 6; n++) expect(await calls.limit({ key: 'a' })).toEqual({ success: true })
    expect([asked, said.mock.calls]).toEqual([3, Array(3).fill(['{"without":"rate limit calls","fault":"threw"}'])])
    clock.time = 10_000
    expect(await calls.limit({ key: 'a' })).toEqual({ success: false })
  })

  it('a cache that hangs or throws is a cache that misses', async () => {
    const now = () => new Date(0)
    const cache = cacheOf({ match: () => never, put: throwing }, now)
    expect(await cache?.match('https://a.invalid/')).toBeUndefined()
    expect(await cache?.put('https://a.invalid/', new Response())).toBeUndefined()
    expect([cacheOf(undefined, now), metricsOf(undefined, now)]).toEqual([undefined, undefined])
  })
})

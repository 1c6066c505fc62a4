/** The configuration's life: fresh, stale while revalidating, stale on error, negative, one flight. Time is in our hands. */
import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, it } from 'vitest'
import { edgeFor } from '../../edge/app/call.ts'
import { encodeBase64Url } from '../../edge/base/base64url.ts'
import type { EdgeCache } from '../../edge/base/platform.ts'
import { CatyClient } from '../../edge/caty/client.ts'
import {
  ConfigCache,
  FRESH_MS,
  NEGATIVE_MS,
  STALE_IF_ERROR_MS,
  STALE_WHILE_REVALIDATE_MS,
} from '../../edge/caty/config-cache.ts'
import { parseSettings } from '../../edge/settings/index.ts'
import { ask, askToken, claimsOf, firstExchange, json, ORIGIN } from './client.ts'
import { configureSandbox, planFaults, received, resetSandbox } from './sandbox.ts'

beforeEach(resetSandbox)

const configCalls = async () => (await received()).filter((call) => call.path === '/api/widget/config').length

/** A cache on the real sandbox, with a clock that moves when it is told to. */
function cacheAt(start: number, shared?: EdgeCache) {
  const clock = { time: start }
  const now = () => new Date(clock.time)
  const parsed = parseSettings({ ...env, CATY_API_KEYS: JSON.stringify({ other: env.CATY_API_KEY }) })
  if (!parsed.ok) throw new Error('the settings of the tests are wrong')
  const client = new CatyClient({
    baseUrl: env.CATY_API_URL,
    widgets: parsed.settings.widgets,
    now,
    fetch: (request) => fetch(request),
  })
  const work: Promise<unknown>[] = []
  const cache = new ConfigCache({ client, now, cache: shared, nameOf: (widget) => Promise.resolve(`test/${widget}`) })
  return {
    clock,
    get: (widget = 'default') => cache.get(widget, (task) => work.push(task)),
    settled: () => Promise.all(work),
  }
}

const nameIn = (config: { persona?: { name?: string | undefined } | undefined }) => config.persona?.name

describe('the config cache', () => {
  it('is fresh for a minute', async () => {
    const { clock, get } = cacheAt(1_000_000)
    expect((await get()).cacheStatus).toBe('caty-keyless; fwd=miss; stored')
    clock.time += FRESH_MS - 1000
    expect((await get()).cacheStatus).toBe('caty-keyless; hit; ttl=1')
    expect(await configCalls()).toBe(1)
  })

  it('is shown stale while it is fetched anew, then is new', async () => {
    const { clock, get, settled } = cacheAt(1_000_000)
    await get()
    await configureSandbox({ config: { persona: { name: 'Nora' } } })
    clock.time += FRESH_MS + STALE_WHILE_REVALIDATE_MS - 1
    const stale = await get()
    expect([nameIn(stale.config), stale.cacheStatus]).toEqual([
      'Mara',
      'caty-keyless; hit; ttl=-299; detail=stale-while-revalidate',
    ])
    await settled()
    expect(nameIn((await get()).config)).toBe('Nora')
  })

  it('survives an upstream that is down for a day, and not longer', async () => {
    const { clock, get } = cacheAt(1_000_000)
    await get()
    await planFaults({ path: '/api/widget/config', status: 500, times: 1000 })
    clock.time += STALE_IF_ERROR_MS - 1000
    expect((await get()).cacheStatus).toBe('caty-keyless; fwd=stale; detail=stale-if-error')
    // Not asked again so soon after a failure: the answer is the cache's own.
    expect((await get()).cacheStatus).toBe('caty-keyless; hit; ttl=-86339; detail=stale-if-error')
    clock.time += NEGATIVE_MS + 2000
    await expect(get()).rejects.toMatchObject({ reason: { kind: 'upstream' } })
  })

  it('asks a failing upstream again after ten seconds and not before', async () => {
    const { clock, get } = cacheAt(1_000_000)
    await planFaults({ path: '/api/widget/config', status: 400, times: 1 })
    await expect(get()).rejects.toThrow()
    clock.time += NEGATIVE_MS - 1
    await expect(get()).rejects.toThrow()
    expect(await configCalls()).toBe(1)
    clock.time += 1
    expect(nameIn((await get()).config)).toBe('Mara')
  })

  it("never gives one tenant's configuration to another, though the zone has one cache for both", async () => {
    const work: Promise<unknown>[] = []
    const nameFor = async (TOKEN_SECRETS: string) => {
      const made = edgeFor({ ...env, TOKEN_SECRETS, PUBLIC_URL: `https://${crypto.randomUUID()}.example` })
      if ('problems' in made) throw new Error('the settings of the tests are wrong')
      const cached = await made.edge.configs.get('default', (task) => work.push(task))
      await Promise.all(work)
      return [nameIn(cached.config), cached.cacheStatus.includes('fwd=miss')]
    }
    const secret = () => `k:${encodeBase64Url(crypto.getRandomValues(new Uint8Array(32)))}`
    const [dentist, bakery] = [secret(), secret()]
    expect(await nameFor(dentist)).toEqual(['Mara', true])
    await configureSandbox({ config: { persona: { name: 'Nora' } } })
    expect(await nameFor(bakery)).toEqual(['Nora', true])
    // Another isolate of the first, which finds what that one left.
    expect(await nameFor(dentist)).toEqual(['Mara', false])
  })

  it("never gives one widget's configuration to another, also from the shared cache", async () => {
    const shared = await caches.open(crypto.randomUUID())
    const { get, settled } = cacheAt(1_000_000, shared)
    expect(nameIn((await get()).config)).toBe('Mara')
    await settled()
    await configureSandbox({ config: { persona: { name: 'Nora' } } })
    const other = cacheAt(1_000_000, shared)
    expect(nameIn((await other.get('other')).config)).toBe('Nora')
    expect(nameIn((await get('other')).config)).toBe('Nora')
    expect(nameIn((await other.get()).config)).toBe('Mara')
  })

  it('makes one flight for all who come together', async () => {
    const { get } = cacheAt(1_000_000)
    await Promise.all(Array.from({ length: 50 }, () => get()))
    expect(await configCalls()).toBe(1)
  })

  it('takes what another isolate of the place has fetched', async () => {
    const shared = await caches.open(crypto.randomUUID())
    const one = cacheAt(1_000_000, shared)
    await one.get()
    await one.settled()
    const other = cacheAt(1_010_000, shared)
    expect((await other.get()).cacheStatus).toBe('caty-keyless; hit; ttl=50')
    expect(await configCalls()).toBe(1)
  })
})

describe('through the Worker', () => {
  it('1,000 reads cost at most two calls upstream', async () => {
    const settings = { TOKEN_EPOCH: '90001' }
    // Ten page views: one visitor alone may call 120 times a minute.
    for (let view = 0; view < 10; view++) {
      const { access_token } = await json(await askToken(firstExchange, {}, settings))
      expect(claimsOf(access_token).scope).toBe('config track')
      const headers = { Origin: ORIGIN, Authorization: `Bearer ${access_token}` }
      const answers = await Promise.all(
        Array.from({ length: 100 }, () => ask('/api/widget/config', { headers }, settings)),
      )
      expect(answers.every((answer) => answer.status === 200 && answer.headers.has('Cache-Status'))).toBe(true)
    }
    expect(await configCalls()).toBeLessThanOrEqual(2)
  })

  it('gives the token when the configuration cannot be had, and says why', async () => {
    await planFaults({ path: '/api/widget/config', status: 500, times: 1000 })
    const settings = { TOKEN_EPOCH: '90002', CATY_API_URL: env.CATY_API_URL.replace('127.0.0.1', 'localhost') }
    const answer = await json(await askToken({ ...firstExchange, include: 'config' }, {}, settings))
    expect(answer.access_token).toMatch(/^ey/)
    expect([answer.config, answer.config_error]).toEqual([undefined, 'UPSTREAM_ERROR'])
  })
})

describe('what a visitor may know of the handoff', () => {
  const hours = { monday: { start: '09:00', end: '18:00' }, friday: { start: 'nine', end: '18:00' } }

  it.each([
    ['flat, as the guide of the vendor shows it', (availability: object) => ({ availability, offline_message: 'Zzz' })],
    ['at its own place', (availability: object) => ({ handoff: { availability, offline_message: 'Zzz' } })],
  ])('%s: hours and the offline message, without what is no time of day', async (_, config) => {
    await configureSandbox({ config: config({ timezone: 'Europe/Bucharest', hours, secret: 'x' }) })
    const { handoff } = (await cacheAt(1_000_000).get()).config
    expect(JSON.parse(JSON.stringify(handoff))).toEqual({
      availability: { timezone: 'Europe/Bucharest', hours: { monday: hours.monday } },
      offline_message: 'Zzz',
    })
  })
})

/** What is counted beside messages: every call that reaches a key, in lanes, and the costly calls of a day. */
import { env, runInDurableObject } from 'cloudflare:test'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { DAY_LIMITS, spend } from '../../edge/ledger/day-budgets.ts'
import { CallLanes } from '../../edge/ledger/lanes.ts'
import { ask, askToken, firstExchange, json, newIsolate, ORIGIN, ownLedger, type Settings, Visitor } from './client.ts'
import { received, resetSandbox } from './sandbox.ts'

beforeEach(resetSandbox)
afterEach(() => vi.useRealTimers())

const within = <T>(run: (sql: SqlStorage) => T): Promise<T> =>
  runInDurableObject(env.LEDGER.getByName(crypto.randomUUID()), (_ledger, state) => run(state.storage.sql))

const MINUTE = 60_000
const NOON = Date.UTC(2026, 10, 24, 12)

describe('the lanes of a key', () => {
  const later = { key: 'k', lane: 'later', wanted: 8, perMinute: 95 } as const
  const first = { ...later, lane: 'first' } as const
  const leased = (lanes: CallLanes, asked: typeof later | typeof first, now: number) => {
    const lease = lanes.lease(asked, now)
    return lease.ok ? lease.permits : 0
  }
  const leaseAll = (lanes: CallLanes, asked: typeof later | typeof first, now: number) => {
    let sum = 0
    for (let got = leased(lanes, asked, now); got > 0; got = leased(lanes, asked, now)) sum += got
    return sum
  }

  it('keep 55 of 95 calls for the chat, however many only observe', () =>
    within((sql) => {
      const lanes = new CallLanes(sql)
      expect(leaseAll(lanes, later, NOON)).toBe(40)
      expect(leaseAll(lanes, first, NOON)).toBe(55)
      expect(lanes.lease(later, NOON)).toMatchObject({ ok: false, closed: false })
      expect(leaseAll(lanes, { ...first }, NOON + 66_000)).toBe(95)
    }))

  it('count a permit until a minute after it may be used, and tell when there are more', () =>
    within((sql) => {
      const lanes = new CallLanes(sql)
      leaseAll(lanes, first, NOON)
      const lease = lanes.lease(first, NOON + 10_000)
      expect(lease).toEqual({ ok: false, waitMs: 55_000, closed: false })
      expect(leased(lanes, first, NOON + 64_999)).toBe(0)
      expect(leased(lanes, first, NOON + 65_000)).toBe(8)
    }))

  it('go on after a restart where they were, each key for itself', () =>
    within((sql) => {
      const before = new CallLanes(sql)
      leaseAll(before, later, NOON)
      before.close('closed', NOON + 30_000)
      const lanes = new CallLanes(sql)
      expect(leaseAll(lanes, later, NOON + 1000)).toBe(0)
      expect(lanes.lease({ ...first, key: 'closed' }, NOON + 1000)).toEqual({ ok: false, waitMs: 29_000, closed: true })
      expect(leaseAll(lanes, { ...later }, NOON + 70_000)).toBe(40)
      lanes.forgetOld(NOON + 10 * MINUTE)
      for (const table of ['leases', 'closed']) expect(sql.exec(`SELECT count(*) AS n FROM ${table}`).one().n).toBe(0)
    }))
})

describe('a page that observes much', () => {
  it('never closes the chat: of 105 views in a minute Caty sees 40, and a message is answered', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() })
    const own = ownLedger({ CALLS_PER_MINUTE: '95' })
    const page = await json(await askToken(firstExchange, {}, own))
    const view = (settings: Settings) =>
      ask(
        '/api/widget/view',
        {
          method: 'POST',
          headers: {
            Origin: ORIGIN,
            Authorization: `Bearer ${page.access_token}`,
            'Content-Type': 'application/json',
          },
          body: '{"event_type":"view"}',
        },
        settings,
      )
    const statuses: number[] = []
    for (let n = 0; n < 105; n++) statuses.push((await view(n % 2 ? own : { ...own, DEBUG: 'on' })).status)
    expect(new Set(statuses)).toEqual(new Set([200, 429]))
    const views = (await received()).filter(({ path }) => path === '/api/widget/view').length
    expect(views).toBeGreaterThan(24)
    expect(views).toBeLessThanOrEqual(40)
    const visitor = await (await Visitor.create()).login(own)
    const session_id = await visitor.openSession(own)
    const said = await visitor.post('/api/widget/message', { session_id, message: 'When are you open?' }, {}, own)
    expect(said.status).toBe(200)
  })

  it('is counted across isolates: together they make 95 calls, not 95 each', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() })
    const own = ownLedger({ CALLS_PER_MINUTE: '95' })
    for (let n = 0; n < 120; n++) {
      if (n % 10 === 0) newIsolate()
      const visitor = await (await Visitor.create()).login(own)
      await visitor.post('/api/widget/session', {}, {}, own)
    }
    const calls = (await received()).length
    expect(calls).toBeGreaterThan(60)
    expect(calls).toBeLessThanOrEqual(95)
  })
})

describe('the budgets of a day', () => {
  /** A ledger in which all of today is spent but one. */
  async function almostSpent(what: keyof typeof DAY_LIMITS) {
    const id = crypto.randomUUID()
    const stub = env.LEDGER.getByName(id)
    await runInDurableObject(stub, (_ledger, { storage }) => {
      for (let n = 1; n < DAY_LIMITS[what]; n++) spend(storage.sql, what, Date.now())
    })
    return ownLedger({ LEDGER: { getByName: () => env.LEDGER.getByName(id) }, UPLOADS: 'on' })
  }

  it.each([
    ['leads', '/api/widget/lead', { email: 'ana@example.com' }],
    ['proactive', '/api/widget/proactive', { trigger_type: 'exit_intent' }],
  ] as const)('%s: the last one is taken, and the next is refused until midnight', async (what, path, body) => {
    const own = await almostSpent(what)
    const visitor = await (await Visitor.create()).login(own)
    const session_id = await visitor.openSession(own)
    const statuses = []
    for (let n = 0; n < 2; n++) statuses.push(await visitor.post(path, { session_id, ...body }, {}, own))
    expect(statuses.map(({ status }) => status)).toEqual([200, 429])
    const [, refused] = statuses
    expect(refused && (await json(refused))['violated-policies']).toEqual([what])
    expect((await received()).filter((call) => call.path === path)).toHaveLength(1)
  })

  it('an upload counts, and one with a message counts as a message too', async () => {
    const own = ownLedger({ UPLOADS: 'on', MESSAGES_PER_VISITOR_PER_MINUTE: '1' })
    const visitor = await (await Visitor.create()).login(own)
    const session_id = await visitor.openSession(own)
    const send = async (message?: string) => {
      const body = new FormData()
      body.set('session_id', session_id)
      if (message) body.set('message', message)
      body.set('file', new Blob([Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)]), 'a.png')
      const headers = await visitor.headers('POST', '/api/widget/upload')
      return ask('/api/widget/upload', { method: 'POST', headers, body }, own)
    }
    expect((await send('look')).status).toBe(200)
    const second = await send('look again')
    expect([second.status, (await json(second))['violated-policies']]).toEqual([429, ['visitor']])
    expect((await send()).status).toBe(200)
    expect((await received()).filter(({ path }) => path === '/api/widget/upload')).toHaveLength(2)
  })
})

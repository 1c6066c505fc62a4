/** Limits and idempotency through the Worker: what a client sees, and what Caty never does. */
import { parseList } from 'structured-headers'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { networkOf } from '../../edge/api/rate-limit.ts'
import { A_MINUTE_MORE, withinOneMinute } from '../support/one-minute.ts'
import { ask, askToken, firstExchange, json, ORIGIN, ownLedger, Visitor } from './client.ts'
import { planFaults, received, releaseHeld, resetSandbox } from './sandbox.ts'

beforeEach(resetSandbox)
afterEach(() => vi.useRealTimers())

/** What a test says of seconds holds, however long it takes. */
const stopClock = () => vi.useFakeTimers({ toFake: ['Date'], now: Date.now() })

const PATH = '/api/widget/message'
const messages = async () => (await received()).filter(({ path }) => path.endsWith('/message')).length

async function chatter(settings = {}) {
  const visitor = await (await Visitor.create()).login(settings)
  const session_id = await visitor.openSession(settings)
  const say = (message: string, key?: string) =>
    visitor.post(PATH, { session_id, message }, key ? { 'Idempotency-Key': `"${key}"` } : {}, settings)
  return { visitor, session_id, say }
}

/** Items of a structured list as [name, parameters]. */
const items = (field: string | null) =>
  parseList(field ?? '').map(([name, parameters]) => [name, Object.fromEntries(parameters)])

describe('the message budget', () => {
  it('tells its policies on every answer, and refuses the fourth in a row with a time', async () => {
    stopClock()
    const { say } = await chatter()
    const first = await say('one')
    expect(items(first.headers.get('RateLimit-Policy'))).toEqual([
      ['calls', { q: 120, w: 60 }],
      ['visitor', { q: 6, w: 60 }],
      ['tenant', { q: 10000, w: 60 }],
      ['day', { q: 1000000, w: 86400 }],
    ])
    expect(items(first.headers.get('RateLimit'))).toEqual([['visitor', { r: 2 }]])
    await say('two')
    await say('three')
    const before = await messages()
    const refused = await say('four')
    const problem = await json(refused)
    expect([refused.status, problem.code, problem['violated-policies']]).toEqual([429, 'RATE_LIMITED', ['visitor']])
    expect(problem.type).toBe('https://iana.org/assignments/http-problem-types#quota-exceeded')
    const wait = Number(refused.headers.get('Retry-After'))
    expect(wait).toBe(10)
    expect(items(refused.headers.get('RateLimit'))).toEqual([['visitor', { r: 0, t: wait }]])
    expect(await messages()).toBe(before)
  })

  it('counts every attempt at Caty, also one that Caty refused', async () => {
    const { say } = await chatter()
    await planFaults({ path: '/api/widget/chat/message', status: 400, times: 5 })
    for (let n = 0; n < 3; n++) expect((await say(`refused ${n}`)).status).toBe(400)
    const problem = await json(await say('four'))
    expect(problem['violated-policies']).toEqual(['visitor'])
    expect(await messages()).toBe(3)
  })

  it('tells its policies on refusals too, and names Caty where the limit was its own', async () => {
    const own = ownLedger()
    const { visitor, say } = await chatter(own)
    const lost = await visitor.post(PATH, { session_id: 'nobody', message: 'one' }, {}, own)
    expect([lost.status, lost.headers.get('RateLimit-Policy')]).toEqual([404, '"calls";q=120;w=60'])
    await say('two', 'k')
    const mismatch = await say('three', 'k')
    expect([mismatch.status, items(mismatch.headers.get('RateLimit-Policy')).length]).toEqual([422, 4])
    await planFaults({ path: '/api/widget/chat/message', status: 429, headers: { 'Retry-After': '7' } })
    const busy = await say('four')
    expect([busy.status, (await json(busy))['violated-policies']]).toEqual([429, ['caty']])
    expect(items(busy.headers.get('RateLimit'))).toEqual([['caty', { r: 0, t: 7 }]])
    expect(items(busy.headers.get('RateLimit-Policy')).length).toBe(4)
  })

  it('waits as long as Caty says, also where a date says it, and half a minute where nothing sensible does', async () => {
    stopClock()
    const told = async (value: string) => {
      const { say } = await chatter(ownLedger())
      await planFaults({ path: '/api/widget/chat/message', status: 429, headers: { 'Retry-After': value } })
      return Number((await say('hello')).headers.get('Retry-After'))
    }
    const wait = await told(new Date(Date.now() + 90_000).toUTCString())
    // The date of the header has whole seconds.
    expect(wait).toBeGreaterThanOrEqual(89)
    expect(wait).toBeLessThanOrEqual(90)
    expect(await told('999999')).toBe(3600)
    for (const value of ['soon', '-5', 'Wed, 21 Oct 2015 07:28:00 GMT']) expect(await told(value)).toBe(30)
  })

  it('leaves Caty alone for as long as Caty asks, whoever calls and from whichever isolate', async () => {
    stopClock()
    const own = ownLedger()
    const { visitor, say } = await chatter(own)
    const other = await chatter(own)
    await planFaults({ path: '/api/widget/chat/message', status: 429, headers: { 'Retry-After': '50' } })
    expect((await say('one')).headers.get('Retry-After')).toBe('50')
    vi.advanceTimersByTime(20_000)
    const before = (await received()).length
    const elsewhere = { ...own, DEBUG: 'on' }
    for (const settings of [own, elsewhere]) {
      for (let n = 0; n < 10; n++) {
        const message = await other.visitor.post(PATH, { session_id: other.session_id, message: 'x' }, {}, settings)
        expect([message.status, message.headers.get('Retry-After')]).toEqual([429, '30'])
        expect((await json(message))['violated-policies']).toEqual(['caty'])
      }
      const view = await visitor.post('/api/widget/view', { event_type: 'view' }, {}, settings)
      expect([view.status, view.headers.get('Retry-After')]).toEqual([429, '30'])
    }
    expect((await received()).length).toBe(before)
    vi.advanceTimersByTime(30_001)
    expect((await say('two')).status).toBe(200)
  })

  it('counts a second attempt in the other dialect like the first', async () => {
    const own = ownLedger({ MESSAGES_PER_MINUTE: '5' })
    await planFaults({ path: '/api/widget/*message', status: 404, body: { code: 'NOT_FOUND' }, times: 100 })
    for (let n = 0; n < 10; n++) await (await chatter(own)).say('hello')
    expect(await messages()).toBe(5)
  })

  it('fails closed when the ledger cannot be reached, while everything else goes on', async () => {
    const broken = {
      LEDGER: {
        getByName: () => ({
          admit: () => Promise.reject(new Error('unreachable')),
        }),
      },
      TOKEN_EPOCH: '70001',
    }
    const { visitor, say } = await chatter(broken)
    const before = await messages()
    const refused = await say('hello')
    expect([refused.status, (await json(refused)).code]).toEqual([503, 'UPSTREAM_UNAVAILABLE'])
    expect(Number(refused.headers.get('Retry-After'))).toBeGreaterThan(0)
    expect(await messages()).toBe(before)
    expect((await visitor.post('/api/widget/view', { event_type: 'view' }, {}, broken)).status).toBe(200)
  })
})

describe('an Idempotency-Key', () => {
  it('brings the same answer with one call upstream, also for the next isolate', async () => {
    const { say } = await chatter()
    const first = await (await say('When are you open?', 'k-1')).text()
    const again = await say('When are you open?', 'k-1')
    expect([again.status, await again.text()]).toEqual([200, first])
    expect(await messages()).toBe(1)
  })

  it('is 422 with another message, and 400 when it is no key', async () => {
    const { say, visitor, session_id } = await chatter()
    await say('one', 'k-2')
    const other = await say('two', 'k-2')
    expect([other.status, (await json(other)).code]).toEqual([422, 'VALIDATION_ERROR'])
    for (const bad of ['two words', '"', '""', '"a" "b"', 'a, b', `"${'x'.repeat(201)}"`]) {
      const answer = await json(await visitor.post(PATH, { session_id, message: 'x' }, { 'Idempotency-Key': bad }))
      expect([bad, answer.status, answer.field]).toEqual([bad, 400, 'Idempotency-Key'])
    }
    expect(await messages()).toBe(1)
  })

  it('is the same key with and without its quotes', async () => {
    const { say, visitor, session_id } = await chatter()
    const first = await (await say('When are you open?', '8e03978e-40d5-43dd-bc93-6894a57f9324')).text()
    const bare = { 'Idempotency-Key': '8e03978e-40d5-43dd-bc93-6894a57f9324' }
    const again = await visitor.post(PATH, { session_id, message: 'When are you open?' }, bare)
    expect([again.status, await again.text()]).toEqual([200, first])
    expect(await messages()).toBe(1)
  })

  it('lets one of two at the same time through', async () => {
    const { say } = await chatter()
    // Held until the other is refused: a fixed delay may be over before the other has even begun.
    await planFaults({ path: '/api/widget/chat/message', held: true })
    const both = [say('hello', 'k-3'), say('hello', 'k-3')]
    expect((await Promise.race(both)).status).toBe(409)
    await releaseHeld()
    expect((await Promise.all(both)).map(({ status }) => status).sort()).toEqual([200, 409])
    expect(await messages()).toBe(1)
  })

  it('may try again after a refusal of Caty, which surely did not take the message', async () => {
    const { say } = await chatter()
    await planFaults({ path: '/api/widget/chat/message', status: 400 })
    expect((await say('hello', 'k-4')).status).toBe(400)
    expect((await say('hello', 'k-4')).status).toBe(200)
  })

  it.each<[string, object, string?]>([
    ['a connection that ends once Caty has the message', { hangUp: true }],
    ['an answer that is cut off', { body: '{"success":true,"content":"Yes', cut: true }],
    ['a 500', { status: 500 }],
    ['a 502 of a gateway', { status: 502, body: '<html>' }],
    ['a 504 of a gateway', { status: 504, body: '<html>' }],
    ['a redirect', { redirectTo: '/elsewhere' }],
    ['a 200 that is no JSON', { body: '<html>' }],
    ['success: false in a 200', { body: { success: false, error: 'x' } }],
    ['an answer of another shape', { body: { success: true, content: 7 } }],
    ['an answer that is too large to read', { body: 'x', bodyRepeat: 600_000 }],
    ['a stream that is cut off', { body: 'data: {"delta":"We "}\n\n', contentType: 'text/event-stream', cut: true }],
    [
      'a stream that is cut off, passed on in pieces',
      { body: 'data: {"delta":"We "}\n\n', contentType: 'text/event-stream', cut: true },
      'text/event-stream',
    ],
  ])('stays taken after %s: Caty sees the message once', async (_, fault, accept) => {
    const settings = { TOKEN_EPOCH: '70002' }
    const { visitor, session_id } = await chatter(settings)
    await planFaults({ path: '/api/widget/chat/message', ...fault })
    const send = async (key: string) => {
      const headers = { 'Idempotency-Key': `"${key}"`, ...(accept && { Accept: accept }) }
      const answer = await visitor.post(PATH, { session_id, message: 'Are you open?' }, headers, settings)
      return { status: answer.status, text: await answer.text() }
    }
    const first = await send('open')
    const again = await send('open')
    expect([first.status, again.status]).toEqual([accept ? 200 : 504, 504])
    for (const { text } of [first, again]) expect(text).toContain('"OUTCOME_UNKNOWN"')
    expect(await messages()).toBe(1)
    expect((await send('another')).status).toBe(200)
    expect(await messages()).toBe(2)
  })

  it('keeps also a very large answer', async () => {
    const { say } = await chatter()
    const content = '\u0001'.repeat(32_000)
    await planFaults({ path: '/api/widget/chat/message', body: { success: true, content } })
    const first = await (await say('hello', 'k-large')).text()
    expect(first.length).toBeGreaterThan(128 * 1024)
    expect(await (await say('hello', 'k-large')).text()).toBe(first)
    expect(await messages()).toBe(1)
  })

  it('whose message Caty may have taken is not used again; a new key is', async () => {
    const { say } = await chatter()
    // The time is up once Caty has the message, however long its way there took.
    const limit = new AbortController()
    const timer = vi.spyOn(AbortSignal, 'timeout').mockReturnValue(limit.signal)
    await planFaults({ path: '/api/widget/chat/message', held: true })
    const late = say('hello', 'k-5')
    await vi.waitFor(async () => expect(await messages()).toBe(1), { timeout: 50_000, interval: 10 })
    limit.abort(new DOMException('the time is up', 'TimeoutError'))
    expect((await late).status).toBe(504)
    timer.mockRestore()
    expect((await say('hello', 'k-5')).status).toBe(504)
    expect(await messages()).toBe(1)
    expect((await say('hello', 'k-6')).status).toBe(200)
  })

  it("is the visitor's own: another's key of the same name is another", async () => {
    const one = await chatter()
    const two = await chatter()
    const first = await json(await one.say('When are you open?', 'same'))
    const second = await json(await two.say('How long does shipping take?', 'same'))
    expect(second.response.content).not.toBe(first.response.content)
  })
})

describe('tokens of one address', () => {
  const from = (address: string, more: Record<string, string> = {}) => ({ 'CF-Connecting-IP': address, ...more })

  it('are 300 a minute, and 30 that are bound to a key, whatever else the caller claims to be', {
    timeout: A_MINUTE_MORE,
  }, async () => {
    const visitor = await Visitor.create()
    const bound = async (headers: Record<string, string>) =>
      askToken(firstExchange, { DPoP: await visitor.proof('POST', '/token'), ...headers })
    const { statuses, refused } = await withinOneMinute(async () => {
      const statuses: number[] = []
      for (let n = 0; n < 31; n++)
        statuses.push(
          (await bound(from('203.0.113.7', { 'X-Forwarded-For': `10.0.0.${n}`, 'X-Real-IP': `10.1.0.${n}` }))).status,
        )
      return { statuses, refused: await bound(from('203.0.113.7')) }
    })
    expect(statuses.filter((status) => status === 200)).toHaveLength(30)
    expect([refused.status, await json(refused)]).toEqual([
      429,
      expect.objectContaining({
        error: 'slow_down',
        type: 'https://iana.org/assignments/http-problem-types#quota-exceeded',
        'violated-policies': ['bound-tokens'],
      }),
    ])
    expect(items(refused.headers.get('RateLimit'))).toEqual([['bound-tokens', { r: 0, t: 60 }]])
    expect((await askToken(firstExchange, from('203.0.113.7'))).status).toBe(200)
    expect((await bound(from('203.0.113.8'))).status).toBe(200)
  })

  it('count a whole IPv6 network of 64 bits as one', () => {
    expect(networkOf('2001:db8:1:2:aaaa::1')).toBe(networkOf('2001:0db8:0001:0002:ffff:ffff:ffff:ffff'))
    expect(networkOf('2001:db8:1:2::')).not.toBe(networkOf('2001:db8:1:3::'))
    expect(networkOf('::1')).toBe('0:0:0:0')
    expect(networkOf('203.0.113.7')).toBe('203.0.113.7')
  })
})

it('calls of one visitor are 120 a minute', { timeout: A_MINUTE_MORE }, async () => {
  const visitor = await (await Visitor.create()).login()
  const statuses = await withinOneMinute(async () => {
    const statuses: number[] = []
    for (let n = 0; n < 121; n++) {
      const headers = await visitor.headers('GET', '/api/widget/config')
      statuses.push((await ask('/api/widget/config', { headers })).status)
    }
    return statuses
  })
  expect(statuses.filter((status) => status === 200)).toHaveLength(120)
  expect(statuses.at(-1)).toBe(429)
})

it('a config that lost a binding is named on every call', async () => {
  for (const name of ['LEDGER', 'CALLS_PER_VISITOR', 'TOKENS_PER_ADDRESS', 'BOUND_TOKENS_PER_ADDRESS']) {
    const response = await ask('/health', { headers: { Origin: ORIGIN } }, { [name]: '' })
    expect([response.status, (await json(response)).detail]).toEqual([
      503,
      expect.stringContaining(`${name} is not bound`),
    ])
  }
})

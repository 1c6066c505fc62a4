/** The upstream at its worst, and in both of its dialects. No POST is ever sent twice. */
import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, it } from 'vitest'
import { Refused } from '../../edge/base/reason.ts'
import { CatyClient } from '../../edge/caty/client.ts'
import { parseSettings } from '../../edge/settings/index.ts'
import { json, ownLedger, type Settings, Visitor } from './client.ts'
import { configureSandbox, planFaults, received, resetSandbox } from './sandbox.ts'

beforeEach(resetSandbox)

let run = 0
/** A Worker that remembers no dialect and no failure. */
const freshWorker = (more: Settings = {}): Settings => ownLedger({ TOKEN_EPOCH: String(5000 + ++run), ...more })

async function chat(settings: Settings) {
  const visitor = await (await Visitor.create()).login(settings)
  const session_id = await visitor.openSession(settings)
  return {
    visitor,
    session_id,
    say: (message: string) => visitor.post('/api/widget/message', { session_id, message }, {}, settings),
  }
}

const paths = async () => (await received()).map((call) => call.path.replace('/api/widget', ''))

describe('dialects', () => {
  it.each([
    ['observed', 'auto', ['/session', '/chat/message', '/chat/message']],
    ['documented', 'auto', ['/session', '/chat/message', '/message', '/message']],
    ['documented', 'documented', ['/session', '/message', '/message']],
    ['observed', 'observed', ['/session', '/chat/message', '/chat/message']],
  ])('an upstream that speaks %s is understood with CATY_DIALECT=%s', async (dialect, CATY_DIALECT, expected) => {
    await configureSandbox({ dialect })
    const { say } = await chat(freshWorker({ CATY_DIALECT }))
    for (const text of ['When are you open?', 'Show me your mugs']) {
      const answer = await json(await say(text))
      expect(answer).toMatchObject({
        success: true,
        response: { content: expect.any(String), suggested_actions: expect.any(Array) },
        metadata: { intent: expect.any(String) },
      })
    }
    expect(await paths()).toEqual(expected)
  })

  it('tells a lost session from a missing route', async () => {
    const settings = freshWorker()
    const { say } = await chat(settings)
    await resetSandbox()
    const response = await say('Hello')
    expect([response.status, (await json(response)).code]).toEqual([404, 'SESSION_NOT_FOUND'])
    expect(await paths()).toEqual(['/chat/message'])
  })
})

describe('failures', () => {
  it.each([
    [{ status: 500 }, 504, 'OUTCOME_UNKNOWN'],
    [{ status: 503 }, 504, 'OUTCOME_UNKNOWN'],
    [{ status: 401 }, 502, 'UPSTREAM_KEY_REFUSED'],
    [{ status: 400 }, 400, 'VALIDATION_ERROR'],
    [{ status: 429, headers: { 'Retry-After': '7' } }, 429, 'RATE_LIMITED'],
    [{ status: 429 }, 429, 'RATE_LIMITED'],
    [{ redirectTo: '/elsewhere' }, 504, 'OUTCOME_UNKNOWN'],
    [{ body: '{"content":' }, 504, 'OUTCOME_UNKNOWN'],
    [{ body: { success: true } }, 504, 'OUTCOME_UNKNOWN'],
    [{ body: { success: true, content: { text: 1 } } }, 504, 'OUTCOME_UNKNOWN'],
    [{ body: { success: false, content: 'x' } }, 504, 'OUTCOME_UNKNOWN'],
    [{ body: 'x', bodyRepeat: 5_000_000 }, 504, 'OUTCOME_UNKNOWN'],
    [{ hangUp: true }, 504, 'OUTCOME_UNKNOWN'],
  ])('%o of a message becomes %d %s, after one call', async (fault, status, code) => {
    const { say } = await chat(freshWorker())
    await planFaults({ path: '/api/widget/chat/message', times: 9, ...fault })
    const response = await say('Hello')
    const problem = await json(response)
    expect([response.status, problem.code]).toEqual([status, code])
    if (status === 429) expect(Number(response.headers.get('Retry-After'))).toBe('headers' in fault ? 7 : 30)
    expect((await paths()).filter((path) => path === '/chat/message')).toHaveLength(1)
  })

  it('that hangs ends when its time is over', async () => {
    await planFaults({ path: '/api/widget/config', delayMs: 60_000, times: 9 })
    const parsed = parseSettings({ ...env })
    if (!parsed.ok) throw new Error('the settings of the tests are wrong')
    const client = new CatyClient({
      baseUrl: env.CATY_API_URL,
      widgets: parsed.settings.widgets,
      now: () => new Date(),
      fetch: (request) => fetch(request),
    })
    const call = client.call({
      widget: 'default',
      purpose: 'config',
      method: 'GET',
      path: '/api/widget/config',
      timeoutMs: 50,
    })
    const error = await call.catch((reason: unknown) => reason)
    expect(error instanceof Refused && error.reason).toEqual({ kind: 'upstream', fault: 'timeout' })
  })

  it('ten in a row leave it alone, then one call probes it', async () => {
    const parsed = parseSettings({ ...env })
    if (!parsed.ok) throw new Error('the settings of the tests are wrong')
    let time = 1_000_000
    const client = new CatyClient({
      baseUrl: env.CATY_API_URL,
      widgets: parsed.settings.widgets,
      now: () => new Date(time),
      fetch: (request) => fetch(request),
    })
    const post = () =>
      client
        .call({
          widget: 'default',
          purpose: 'chat',
          method: 'POST',
          path: '/api/widget/view',
          body: {},
          timeoutMs: 5000,
        })
        .then(
          () => 'fine',
          (error: unknown) => (error instanceof Refused ? error.reason.kind : 'other'),
        )
    await planFaults({ path: '/api/widget/view', status: 500, times: 11 })
    for (let at = 0; at < 10; at++) expect(await post()).toBe('upstream')
    expect(await post()).toBe('upstream_resting')
    time += 10_000
    expect(await Promise.all([post(), post()])).toEqual(['upstream', 'upstream_resting'])
    time += 10_000
    expect([await post(), await post()]).toEqual(['fine', 'fine'])
    expect((await paths()).length).toBe(13)
  })
})

describe('two keys', () => {
  it('the next one is tried when the first is refused, and remembered', async () => {
    const settings = freshWorker({
      CATY_API_KEY: 'caty_0123456789abcdef0123456789abcdef',
      CATY_API_KEY_NEXT: env.CATY_API_KEY,
    })
    const { say } = await chat(settings)
    expect((await say('Hello')).status).toBe(200)
    const keys = (await received()).map((call) => call.headers['x-api-key'] === env.CATY_API_KEY)
    expect(keys).toEqual([false, true, true])
  })
})

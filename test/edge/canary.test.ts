/**
 * The canary: a random key, an upstream that fails in every way, and no eight characters of the key's secret part in
 * anything that leaves the edge. And the upstream did get the whole key.
 */
import { env } from 'cloudflare:workers'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { configName } from '../../edge/app/context.ts'
import { VERSION } from '../../edge/base/version.ts'
import { KeyRing } from '../../edge/token/key-ring.ts'
import { parseTokenSecrets } from '../../edge/token/secrets.ts'
import { ask, askToken, firstExchange, ORIGIN, ownLedger, type Settings, Visitor } from './client.ts'

import { configureSandbox, planFaults, received, resetSandbox } from './sandbox.ts'

const secretPart = env.CATY_API_KEY.replace(/^caty_/, '')
const fragments = Array.from({ length: secretPart.length - 7 }, (_, at) => secretPart.slice(at, at + 8))
const leaksIn = (text: string): string[] => fragments.filter((fragment) => text.includes(fragment))

let logged: string[] = []
let run = 0

beforeEach(async () => {
  await resetSandbox()
  logged = []
  for (const method of ['log', 'warn', 'error', 'info', 'debug'] as const) {
    vi.spyOn(console, method).mockImplementation((...words: unknown[]) => void logged.push(words.map(String).join(' ')))
  }
})
afterEach(() => vi.restoreAllMocks())

/** Settings of a Worker with empty caches and a closed breaker. */
const freshWorker = (): Settings => ownLedger({ TOKEN_EPOCH: String(++run) })

/** Everything an answer shows to whoever asked. */
async function everything(response: Response): Promise<string> {
  return JSON.stringify([response.status, response.statusText, ...response.headers, await response.text()])
}

/** Every call that reaches the upstream, and some that do not, as one text. */
async function converse(settings: Settings): Promise<string> {
  const answers: string[] = []
  const visitor = await (await Visitor.create()).login(settings)
  const session = await visitor.openSession(settings).catch(() => 'none')
  const config = { Authorization: `DPoP ${visitor.token}`, ...(await visitor.headers('GET', '/api/widget/config')) }
  for (const response of [
    await askToken({ ...firstExchange, include: 'config' }, {}, settings),
    await ask('/api/widget/config', { headers: config }, settings),
    await ask('/health', {}, settings),
    await visitor.post('/api/widget/session', { page: {} }, {}, settings),
    await visitor.post('/api/widget/message', { session_id: session, message: 'Hello' }, {}, settings),
    await ask('/api/widget/message', { method: 'POST', headers: { Origin: ORIGIN } }, settings),
  ]) {
    answers.push(await everything(response))
  }
  return answers.join('\n')
}

const everywhere = (fault: object) => planFaults({ path: '/api/widget/*', times: 1000, ...fault })
const key = env.CATY_API_KEY
/** As a JSON text may spell it: no search of that text finds the key, and whoever parses it has it. */
const escaped = [...key].map((letter) => `\\u00${letter.charCodeAt(0).toString(16)}`).join('')

describe('the canary', () => {
  it('the upstream gets the whole key, and nobody else a piece of it', async () => {
    const seen = await converse(freshWorker())
    expect(leaksIn(seen)).toEqual([])
    expect(leaksIn(logged.join('\n'))).toEqual([])
    const calls = await received()
    expect(calls.length).toBeGreaterThanOrEqual(4)
    for (const call of calls) expect(call.headers['x-api-key']).toBe(key)
  })

  it.each([
    ['the key in an error', { status: 500, body: { success: false, error: `bad key ${key}`, code: key } }],
    [
      'the key in a refusal',
      { status: 401, body: { success: false, error: `Invalid API key ${key}`, code: 'INVALID_API_KEY' } },
    ],
    [
      'the key in a validation error',
      { status: 400, body: { success: false, error: key, code: 'VALIDATION_ERROR', field: key } },
    ],
    [
      'the key in a missing session',
      { status: 404, body: { success: false, error: `Session of ${key} not found`, code: 'SESSION_NOT_FOUND' } },
    ],
    [
      'the key in an unknown member',
      { body: { success: true, config: { persona: { name: 'Mia' } }, session_id: 's', content: 'Hi', debug: { key } } },
    ],
    [
      'the key in a member that is handed on',
      {
        body: {
          success: true,
          config: { persona: { name: key } },
          session_id: `s${key}`,
          content: `Your key is ${key}`,
          intent: key,
        },
      },
    ],
    [
      'the key in a member that is handed on, each letter written as an escape',
      {
        body: `{"success":true,"config":{"persona":{"name":"${escaped}"}},"session_id":"s1","content":"Is it ${escaped}?"}`,
      },
    ],
    ['the key in a header', { status: 429, body: '{}', headers: { 'Retry-After': key, 'X-Echo': key } }],
    ['a text that is no JSON', { body: `<html>${key}</html>`, contentType: 'text/html' }],
    ['half of a JSON text', { body: `{"content":"${key}` }],
    ['5 MB', { body: `${key}`, bodyRepeat: 150_000 }],
    [
      'a redirect to another host',
      { redirectTo: `${env.SANDBOX_URL.replace('127.0.0.1', 'localhost')}/stolen?k=${key}` },
    ],
    ['a redirect within the host', { redirectTo: '/stolen' }],
    ['hanging up', { hangUp: true }],
  ])('says nothing with %s', async (_name, fault) => {
    await everywhere(fault)
    const seen = await converse(freshWorker())
    expect(leaksIn(seen)).toEqual([])
    expect(leaksIn(logged.join('\n'))).toEqual([])
    const calls = await received()
    expect(calls.length).toBeGreaterThan(0)
    expect(calls.filter((call) => call.path.startsWith('/stolen'))).toEqual([])
  })

  it('says nothing when nobody listens there, or with wrong settings that hold it', async () => {
    expect(leaksIn(await converse({ ...freshWorker(), CATY_API_URL: 'http://127.0.0.1:1' }))).toEqual([])
    const wrong = [{ CATY_API_KEY: `${key} ` }, { CATY_API_KEYS: key }, { TOKEN_SECRETS: key }, { ALLOWED_ORIGINS: '' }]
    for (const settings of wrong)
      expect(leaksIn(await everything(await ask('/token', { method: 'POST' }, settings)))).toEqual([])
    expect(leaksIn(logged.join('\n'))).toEqual([])
  })

  it('is not in the synthetic key or the body of the shared cache', async () => {
    await configureSandbox({ config: { secret: key } })
    const settings = freshWorker()
    await converse(settings)
    const ring = new KeyRing(parseTokenSecrets(env.TOKEN_SECRETS).secrets)
    const name = await configName(ring, [VERSION, env.CATY_API_URL, 'default'])
    const response = await vi.waitFor(async () => {
      const kept = await caches.default.match(`https://config.caty-keyless.invalid/${name}`)
      if (!kept) throw new Error('nothing is in the cache')
      return kept
    })
    expect(leaksIn(name)).toEqual([])
    expect(leaksIn(await response.text())).toEqual([])
  })
})

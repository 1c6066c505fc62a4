/** The project's keys as a long-lived part, with the clock and the network in the test's hand. */
import fc from 'fast-check'
import { compactVerify, exportJWK, generateKeyPair, type JWK } from 'jose'
import { describe, expect, it, vi } from 'vitest'
import { COOLDOWN_MS, FRESH_MS, KEYS_CAP, KeySet, LAST_GOOD_MS } from '../../edge/supabase/jwks.ts'
import { RFC7515_A2, RFC7515_A3, RFC8037_A4 } from '../vectors/jose.ts'

const URL_OF_KEYS = 'https://project.example/auth/v1/.well-known/jwks.json'
type Answer = () => Promise<Response> | Response

/** A key set over answers that the test can change, and a clock that it moves. */
function setUp(first: Answer) {
  const state = { now: 1_800_000_000_000, answer: first, asked: [] as Request[] }
  const keys = new KeySet({
    url: URL_OF_KEYS,
    now: () => new Date(state.now),
    fetch: async (request) => {
      state.asked.push(request)
      return state.answer()
    },
  })
  const work: Promise<unknown>[] = []
  /** The algorithms of the keys found, or what was thrown. */
  const find = async (kid: string): Promise<unknown> => {
    const found = await keys.named(kid, (later) => work.push(later)).catch((error: Error) => error.message)
    return Array.isArray(found) ? found.map(({ algorithm }) => algorithm) : found
  }
  return { state, keys, find, settled: () => Promise.all(work) }
}

const document =
  (...keys: object[]): Answer =>
  () =>
    Response.json({ keys })
const ec = (kid: string, more: object = {}) => ({ ...RFC7515_A3.jwk, kid, ...more })
const down: Answer = () => Promise.reject(new Error('refused'))

describe('the key set', () => {
  it('reads the keys of the RFCs, and with them verifies what the RFCs print', async () => {
    const vectors = { rsa: RFC7515_A2, ec: RFC7515_A3, okp: RFC8037_A4 }
    const { keys } = setUp(document(...Object.entries(vectors).map(([kid, { jwk }]) => ({ ...jwk, kid }))))
    for (const [kid, { jws }] of Object.entries(vectors)) {
      const [found] = await keys.named(kid, () => undefined)
      if (!found) throw new Error(`${kid} was not read`)
      await compactVerify(jws, found.key, { algorithms: [found.algorithm] })
    }
  })

  it('asks once, from empty headers, and follows no redirect', async () => {
    const { state, find } = setUp(document(ec('a')))
    expect(await Promise.all([find('a'), find('a'), find('b')])).toEqual([['ES256'], ['ES256'], []])
    state.now += FRESH_MS - 1
    expect(await find('a')).toEqual(['ES256'])
    expect(state.asked).toHaveLength(1)
    const [request] = state.asked
    expect([request?.url, request?.redirect, [...(request?.headers.keys() ?? [])]]).toEqual([
      URL_OF_KEYS,
      'manual',
      ['accept'],
    ])
  })

  it('sees a rotation at the first token of the new key, and within the cooldown at the latest', async () => {
    const { state, find } = setUp(document(ec('old')))
    await find('old')
    state.answer = document(ec('new'))
    state.now += COOLDOWN_MS - 1
    expect(await find('new')).toEqual([])
    state.now += 1
    expect(await find('new')).toEqual(['ES256'])
    // What the project does not publish any more does not count any more.
    expect(await find('old')).toEqual([])
    expect(state.asked).toHaveLength(2)
  })

  it('drops a withdrawn key though nobody shows a new one', async () => {
    const { state, find, settled } = setUp(document(ec('a'), ec('b')))
    await find('a')
    state.answer = document(ec('b'))
    state.now += FRESH_MS
    // The caller does not wait for the look-up.
    expect(await find('a')).toEqual(['ES256'])
    await settled()
    expect(await find('a')).toEqual([])
  })

  it('costs one look-up in thirty seconds, whatever kids are made up', async () => {
    const { state, find } = setUp(document(ec('a')))
    await find('a')
    const kids = fc.sample(fc.string({ minLength: 1, maxLength: 60 }), 1000).filter((kid) => kid !== 'a')
    await Promise.all(kids.map(find))
    expect(state.asked).toHaveLength(1)
    for (let round = 1; round <= 10; round++) {
      state.now += COOLDOWN_MS
      for (const kid of kids.slice(round * 50, round * 50 + 50)) expect(await find(kid)).toEqual([])
      expect(state.asked).toHaveLength(1 + round)
    }
    expect(await find('a')).toEqual(['ES256'])
  })
})

describe('when the keys cannot be had', () => {
  it('the last good copy serves for a day, and then nobody is let in', async () => {
    const { state, find, settled } = setUp(document(ec('a')))
    await find('a')
    state.answer = down
    for (let hour = 1; hour < 24; hour++) {
      state.now += 3_600_000
      expect(await find('a')).toEqual(['ES256'])
      await settled()
    }
    state.now += LAST_GOOD_MS
    expect(await find('a')).toBe('keys_unreachable')
    state.answer = document(ec('a'))
    state.now += COOLDOWN_MS
    expect(await find('a')).toEqual(['ES256'])
  })

  it('an outage at the beginning is asked about once a cooldown, and said to be one', async () => {
    const { state, find } = setUp(down)
    expect(await Promise.all([find('a'), find('b'), find('a')])).toEqual(Array(3).fill('keys_unreachable'))
    expect(state.asked).toHaveLength(1)
    state.answer = document(ec('a'))
    expect(await find('a')).toBe('keys_unreachable')
    state.now += COOLDOWN_MS
    expect(await find('a')).toEqual(['ES256'])
  })

  const good = JSON.stringify({ keys: [ec('b')] })
  it.each<[string, Answer]>([
    ['an error', () => new Response(good, { status: 500 })],
    ['a page in place of keys', () => new Response('<html>', { headers: { 'Content-Type': 'text/html' } })],
    ['a redirect', () => Response.redirect('https://evil.example/keys', 302)],
    ['a list', () => Response.json([ec('b')])],
    ['a megabyte', () => new Response(`${good.slice(0, -1)}${' '.repeat(1024 * 1024)}}`)],
    ['one byte too many', () => new Response(good + ' '.repeat(KEYS_CAP - good.length + 1))],
    ['a thousand keys', document(...Array.from({ length: 1000 }, (_, n) => ec(String(n))))],
    ['half an answer', () => new Response(good.slice(0, 40))],
  ])('%s is no key set', async (_name, answer) => {
    const { state, find } = setUp(document(ec('a')))
    await find('a')
    state.now += COOLDOWN_MS
    state.answer = answer
    expect(await find('b')).toEqual([])
    expect(await find('a')).toEqual(['ES256'])
    expect(state.asked).toHaveLength(2)
  })

  it.each<[string, Answer]>([
    ['no key', document()],
    ['only a key for encryption', document(ec('a', { use: 'enc' }))],
    ['only a shared secret', document({ kty: 'oct', k: 'c2VjcmV0', kid: 'a', alg: 'HS256' })],
    ['only a key beside its curve', document(ec('a', { y: RFC7515_A3.jwk.x }))],
    ['only nonsense', document({}, { kid: 'a' })],
  ])('a set with %s leaves the last good copy, for a day', async (_name, answer) => {
    const { state, find } = setUp(document(ec('a')))
    await find('a')
    state.answer = answer
    state.now += COOLDOWN_MS
    expect(await find('b')).toEqual([])
    expect([await find('a'), state.asked.length]).toEqual([['ES256'], 2])
    state.now += LAST_GOOD_MS
    // The project was asked and has no such key, so it is the session that does not count.
    expect(await find('a')).toEqual([])
    state.answer = document(ec('a'))
    state.now += COOLDOWN_MS
    expect(await find('a')).toEqual(['ES256'])
  })

  it('a project without any key has answered: its sessions are refused, not put off', async () => {
    expect(await setUp(document()).find('a')).toEqual([])
  })

  it('a project that hangs is given up after three seconds, for all who wait', async () => {
    const { state, find } = setUp(document(ec('a')))
    await find('a')
    state.now += COOLDOWN_MS
    state.answer = () =>
      new Promise((_, reject) => {
        const signal = state.asked.at(-1)?.signal
        signal?.addEventListener('abort', () => reject(signal.reason))
      })
    const soon = AbortSignal.timeout.bind(AbortSignal, 20)
    const limit = vi.spyOn(AbortSignal, 'timeout').mockImplementation(() => soon())
    expect(await Promise.all([find('x'), find('y')])).toEqual([[], []])
    expect(limit.mock.calls).toEqual([[3000]])
    limit.mockRestore()
    // Those who have a known key wait for nothing: this project never answers.
    state.now += FRESH_MS
    state.answer = () => new Promise(() => {})
    expect(await find('a')).toEqual(['ES256'])
  })
})

describe('a published key', () => {
  it.each<[string, object]>([
    ['that is a shared secret', { kty: 'oct', k: 'c2VjcmV0', kid: 'k', alg: 'HS256' }],
    ['for encryption', ec('k', { use: 'enc' })],
    ['that may only sign', ec('k', { key_ops: ['sign'] })],
    ['of another algorithm', ec('k', { alg: 'ES384' })],
    ['of another curve', ec('k', { crv: 'P-384' })],
    ['without an id', ec('')],
    ['that is not on its curve', ec('k', { y: RFC7515_A3.jwk.x })],
    ['that is no key', { kid: 'k' }],
  ])('%s is left out, and the others count', async (_name, key) => {
    const { find } = setUp(document(key, ec('good')))
    expect([await find('k'), await find('good')]).toEqual([[], ['ES256']])
  })

  it('with its private part is read without it', async () => {
    const pair = await generateKeyPair('ES256', { extractable: true })
    const jwk: JWK = { ...(await exportJWK(pair.privateKey)), kid: 'k' }
    const { keys } = setUp(document(jwk))
    const [found] = await keys.named('k', () => undefined)
    expect([found?.key.type, found?.key.usages]).toEqual(['public', ['verify']])
  })

  it('may carry everything that a project publishes', async () => {
    const key = ec('k', { alg: 'ES256', use: 'sig', key_ops: ['verify'], ext: true, 'x-more': 1 })
    expect(await setUp(document(key)).find('k')).toEqual(['ES256'])
  })
})

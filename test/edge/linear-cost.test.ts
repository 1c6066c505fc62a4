/**
 * What a stranger may send before anything is verified costs time in proportion to its length. Measured as the ratio of
 * two lengths in one run, so it holds on any machine: 2 is linear, 4 is quadratic.
 */
import { describe, expect, it } from 'vitest'
import { readParameters } from '../../edge/http/parameters.ts'
import { ask, firstExchange, form, ORIGIN, Visitor } from './client.ts'

const many = (count: number, make: (at: number) => string, between: string) =>
  Array.from({ length: count }, (_, at) => make(at)).join(between)
const FORM = { Origin: ORIGIN, 'Content-Type': 'application/x-www-form-urlencoded' }
const exchange = form(firstExchange).toString()
type Sent = { path: string; init: RequestInit }
const token = (body: string, headers: Record<string, string> = {}): Sent => ({
  path: '/token',
  init: { method: 'POST', headers: { ...FORM, ...headers }, body },
})
const get = (path: string, headers: Record<string, string>): Sent => ({ path, init: { headers } })

/** Inputs by their length, which is `n` pieces. The larger ones are as long as the edge or the platform lets in. */
const inputs: Record<string, (n: number) => Sent> = {
  // A form holds at most 16 KB.
  'names of a form': (n) => token(`${exchange}&${many(n, (at) => `${at.toString(36)}`, '&')}`),
  'one name of a form, again and again': (n) => token(`${exchange}&${many(n, () => 'audience=', '&')}`),
  'words of a scope': (n) => token(`${exchange}&scope=${many(n, (at) => at.toString(36), '+')}`),
  'dots of a subject': (n) =>
    token(
      `${exchange.replace(
        'default',
        many(n, () => '.', ''),
      )}`,
    ),
  'dots of a proof': (n) => token(exchange, { DPoP: many(n, () => '.', '') }),
  'commas of a proof': (n) => token(exchange, { DPoP: many(n, () => 'e', ',') }),
  'spaces of a token': (n) => get('/api/widget/config', { Origin: ORIGIN, Authorization: `Bearer ${' '.repeat(n)}!` }),
  'letters of a token': (n) => get('/api/widget/config', { Origin: ORIGIN, Authorization: `DPoP ${'e'.repeat(n)}!` }),
  'labels of an origin': (n) => get('/health', { Origin: `https://${many(n, () => 'a', '.')}` }),
  'groups of an address': (n) => token(exchange, { 'CF-Connecting-IP': many(n, () => '0', ':') }),
  'parts of a path': (n) => get(`/${many(n, () => 'a', '/')}`, { Origin: ORIGIN }),
  'names of a query': (n) => get(`/health?${many(n, (at) => `${at.toString(36)}`, '&')}`, { Origin: ORIGIN }),
  'parameters of a media type': (n) => token(exchange, { 'Content-Type': `text/plain;${many(n, () => ' a=b', ';')}` }),
  'signatures of a webhook': (n) => ({
    path: '/webhooks/dead-letters',
    init: {
      method: 'POST',
      body: '{}',
      headers: { 'webhook-id': 'a', 'webhook-timestamp': '1', 'webhook-signature': many(n, () => 'v1,x', ' ') },
    },
  }),
}

/** Milliseconds of a few calls. */
async function cost({ path, init }: Sent): Promise<number> {
  const started = performance.now()
  for (let n = 0; n < 4; n++) await ask(path, init)
  return performance.now() - started
}

/** Less than this for the few calls is too little to tell one growth from another. */
const NOTHING_MS = 20

/**
 * Other processes only ever add to a time, so the least of many rounds comes near the true one: rounds are added until it
 * is seen to be linear. Quadratic cost is not, however many there are.
 */
async function isLinear(input: (n: number) => Sent): Promise<boolean> {
  const least = { few: Number.POSITIVE_INFINITY, half: Number.POSITIVE_INFINITY, whole: Number.POSITIVE_INFINITY }
  for (let round = 0; round < 40; round++) {
    least.few = Math.min(least.few, await cost(input(10)))
    least.half = Math.min(least.half, await cost(input(1600)))
    least.whole = Math.min(least.whole, await cost(input(3200)))
    // What every call costs is in all three. Eight rounds at least: half of it must be near its true time as well.
    if (round > 7 && least.whole - least.few < Math.max(3 * (least.half - least.few), NOTHING_MS)) return true
  }
  return false
}

describe('the time of a call grows with its length and no faster', () => {
  it.each(Object.entries(inputs))('%s', async (_, input) => expect(await isLinear(input)).toBe(true))
})

describe('parameters', () => {
  const names = (count: number) => many(count, (at) => `p${at}=1`, '&')

  it('50 are read, and one more is refused by name of the limit', async () => {
    expect(readParameters(new URLSearchParams(names(50)), new Set()).ok).toBe(true)
    const response = await ask('/token', token(names(51)).init)
    expect([response.status, await response.json()]).toMatchObject([
      400,
      {
        error: 'invalid_request',
        error_description: expect.stringContaining('The form holds more than 50 parameters.'),
      },
    ])
  })

  it('a query of thousands is refused as well', async () => {
    const visitor = await (await Visitor.create()).login()
    const path = '/api/widget/schedule/slots'
    const headers = await visitor.headers('GET', path)
    const response = await ask(`${path}?${names(2000)}`, { headers })
    expect([response.status, await response.json()]).toMatchObject([
      400,
      { detail: 'The member query holds more than 50 parameters.' },
    ])
  })
})

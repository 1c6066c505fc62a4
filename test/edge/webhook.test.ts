/** Caty's webhooks at the edge: who may bring one, what is one, and that it counts once. */
import { runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { deliver } from '../../edge/outbox/deliver.ts'
import { pendingDelivery } from '../../edge/outbox/store.ts'
import { parseSettings } from '../../edge/settings/index.ts'
import { RFC_4231 } from '../vectors/hmac.ts'
import { ask, json } from './client.ts'
import { planFaults, resetSandbox } from './sandbox.ts'
import { arrivals, hmac, hmacOf, lead, OLDER_SECRET, SECRET, send, targetUp, verifyStandard } from './webhook-client.ts'

beforeEach(async () => {
  await resetSandbox()
  await targetUp()
})
// What one test leaves on its way would arrive in the next.
afterEach(() => settled())

/** Resolves when the ledger has nothing left to deliver. */
const settled = () =>
  vi.waitFor(
    async () => {
      if ((await env.LEDGER.getByName('tenant').listDeadLetters()).waiting > 0) throw new Error('letters are waiting')
    },
    { timeout: 50_000, interval: 20 },
  )
/** Nothing was delivered, and nothing is about to be. */
async function nothingArrives(): Promise<void> {
  await settled()
  expect(await arrivals()).toEqual([])
}

/** Resolves when as many events as these have arrived, and returns them. */
const delivered = (ids: string[]) =>
  vi.waitFor(
    async () => {
      const mine = (await arrivals()).filter(({ id }) => ids.includes(id))
      if (mine.length < ids.length) throw new Error(`${mine.length} of ${ids.length} arrived`)
      return mine
    },
    { timeout: 50_000, interval: 20 },
  )

describe('a webhook', () => {
  it('is taken in both forms of the signature, by either secret, and delivered signed afresh', async () => {
    const forms: [string, string][] = [
      [lead(), ''],
      [lead(), 'sha256='],
    ]
    const ids: string[] = []
    for (const [body, prefix] of forms) {
      for (const secret of [SECRET, OLDER_SECRET]) {
        const own = body.replace('Ada', `Ada ${secret === SECRET}`)
        const response = await send(own, { signature: prefix + (await hmac(secret, own)) })
        expect(response.status).toBe(202)
        const answer = await json(response)
        expect(answer).toEqual({ success: true, id: expect.stringMatching(/^msg_[\w-]{32}$/), duplicate: false })
        ids.push(answer.id)
      }
    }
    expect(new Set(ids).size).toBe(4)
    for (const arrived of await delivered(ids)) {
      expect(verifyStandard(arrived)).toEqual([arrived.body, arrived.body])
      expect(arrived.body).toMatchObject({ event: 'lead.captured', data: { email: 'ada@example.org', score: 80 } })
      expect(arrived.call.headers).toMatchObject({ 'content-type': 'application/json', 'user-agent': 'caty-keyless' })
      expect(arrived.call.headers['x-caty-signature']).toBeUndefined()
    }
  })

  it('in capitals is the same signature', async () => {
    const body = lead()
    expect((await send(body, { signature: (await hmac(SECRET, body)).toUpperCase() })).status).toBe(202)
  })

  it.each([
    ['lead.captured', { lead_id: 'l', name: 'A', email: 'a@b.c', phone: null, company: 'C', score: 9, intent: 'i' }],
    ['lead.updated', { lead_id: 'l', status: 'contacted' }],
    [
      'conversation.started',
      { session_id: 's1', visitor_id: 'v', page_url: 'https://x', referrer: '', user_agent: 'U' },
    ],
    ['conversation.ended', { session_id: 's2', messages: [{ role: 'user', content: 'Hi' }] }],
    ['message.received', { session_id: 's3', message: 'Hello' }],
    ['handoff.requested', { session_id: 's4', reason: 'r', visitor: { email: 'a@b.c' }, last_message: 'm' }],
  ])('%s arrives with everything that Caty said', async (event, data) => {
    const sent = { event, timestamp: new Date().toISOString(), widget_id: 'wgt_1', data, plan: 'pro' }
    const { id } = await json(await send(JSON.stringify({ ...sent, nonce: crypto.randomUUID() })))
    const [arrived] = await delivered([id])
    expect(arrived?.body).toMatchObject(sent)
  })

  it('arrives byte for byte, whatever is in it', async () => {
    const event = { event: 'lead.captured', timestamp: new Date().toISOString(), widget_id: 'w' }
    const nonce = () => `"nonce":"${crypto.randomUUID()}"`
    const data = (members: string) => `${JSON.stringify(event).slice(0, -1)},"data":{${members}},${nonce()}}`
    const bodies: [string, string, string?][] = [
      ['numbers that JavaScript rounds', data('"order": 12345678901234567890, "huge": 1e400, "small": 0.10')],
      ['members with names of every object', data('"constructor": 1, "__proto__": {"x": 2}, "toString": "x"')],
      ['white space, escapes and a name twice', ` ${data('"name": "\\u0041da", "name" : "A\\/B"')}\n`],
      ['a numeric id of a lead', data('"lead_id": 17, "email": "ada@example.org"'), 'data.lead_id'],
      ['a score as text', data('"score": "80"'), 'data.score'],
      ['a long address', data(`"session_id": "${crypto.randomUUID()}", "page_url": "https://x/${'y'.repeat(9000)}"`)],
      ['an event nobody documented', `{"event":"lead.deleted",${nonce()}}`, 'event, timestamp'],
      ['no data', `{"event":"lead.updated","timestamp":1700000000,${nonce()}}`, 'timestamp, data'],
      ['a time that is none', `{"event":"lead.updated","timestamp":"yesterday","data":{},${nonce()}}`, 'timestamp'],
      [
        'the older form',
        `{"event":"lead_captured","timestamp":"${event.timestamp}","lead":{"email":"a@b.c"},${nonce()}}`,
      ],
      ['a list', `[${nonce().slice(8)}]`, 'body'],
      ['no JSON', `{${nonce()}`, 'body'],
    ]
    const lines: string[] = []
    vi.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(line))
    const sent = new Map<string, { what: string; body: string; notes: string | undefined }>()
    for (const [what, body, notes] of bodies) {
      // A time in seconds; the one above is far in the past.
      const fresh = body.replace('1700000000', String(Math.floor(Date.now() / 1000)))
      const response = await send(fresh)
      expect([what, response.status]).toEqual([what, 202])
      sent.set((await json(response)).id, { what, body: fresh, notes })
    }
    const calls = await delivered([...sent.keys()])
    await settled()
    vi.restoreAllMocks()
    for (const { id, call } of calls) {
      const { what, body, notes } = sent.get(id) ?? {}
      expect([what, call.body, call.headers['caty-not-understood']]).toEqual([what, body, notes])
      const said = lines.map((line) => JSON.parse(line)).filter((line) => line.id === id && 'not_understood' in line)
      expect(said.map((line) => line.not_understood.join(', '))).toEqual(notes ? [notes] : [])
    }
    for (const secret of ['ada@', '"80"', 'yesterday']) expect(lines.join()).not.toContain(secret)
  })

  it.each([
    ['no UTF-8', [0x22, 0xff, 0xfe, 0x22], 'application/octet-stream', 'body'],
    ['a byte order mark', [0xef, 0xbb, 0xbf, 0x7b, 0x7d], 'application/json', 'event, timestamp'],
    ['nothing', [], 'application/octet-stream', 'body'],
  ])('of %s is signed and sent as the bytes that came', async (_what, numbers, type, notes) => {
    const body = Uint8Array.from(numbers)
    const ledger = env.LEDGER.getByName(crypto.randomUUID())
    const LEDGER = { of: crypto.randomUUID(), getByName: () => ledger }
    await planFaults({ path: '/target', status: 503, body: '', times: 1 })
    const { id } = await json(await send(body, { settings: { LEDGER } }))
    // Once more, now out of the storage, and looked at before it goes over the network.
    const stored = await runInDurableObject(ledger, async (_ledger, { storage }) => {
      const pending = pendingDelivery(storage.sql, id)
      // This ledger's own next attempt would arrive in another test.
      await storage.deleteAlarm()
      storage.sql.exec('DELETE FROM outbox')
      return pending
    })
    if (!stored) throw new Error('it is not there')
    const seen: Request[] = []
    const parsed = parseSettings({ ...env })
    const target = parsed.ok ? parsed.settings.webhooks.target : undefined
    const now = new Date()
    const sender = {
      now: () => now,
      fetch: (request: Request) => Promise.resolve(seen.push(request)).then(() => new Response()),
    }
    expect(await deliver(stored, target, sender)).toEqual({ ok: true })
    const [request] = seen
    expect([...new Uint8Array((await request?.arrayBuffer()) ?? new ArrayBuffer(1))]).toEqual(numbers)
    expect([request?.headers.get('Content-Type'), request?.headers.get('Caty-Not-Understood')]).toEqual([type, notes])
    const signed = new TextEncoder().encode(`${id}.${Math.floor(now.getTime() / 1000)}.`)
    const [secret = ''] = env.WEBHOOK_TARGET_SECRET.split(',')
    const key = Uint8Array.from(atob(secret.replace('whsec_', '')), (letter) => letter.charCodeAt(0))
    const mac = await hmacOf(key, Uint8Array.from([...signed, ...numbers]))
    expect(request?.headers.get('webhook-signature')?.split(' ')[0]).toBe(`v1,${btoa(String.fromCharCode(...mac))}`)
  })
})

describe('a wrong signature is 401 and delivers nothing', () => {
  const refused = async (body: string, signature: string | null) => {
    const response = await send(body, { signature })
    expect(response.status).toBe(401)
    expect(response.headers.get('WWW-Authenticate')).toContain('Caty-Signature')
    expect(await json(response)).toMatchObject({ success: false, code: 'UNAUTHORIZED' })
  }

  it('whatever is wrong with it', async () => {
    const body = lead()
    const right = await hmac(SECRET, body)
    const flipped = (right.startsWith('0') ? '1' : '0') + right.slice(1)
    const wrong = [
      null,
      '',
      'sha256=',
      flipped,
      `sha256=${flipped}`,
      right.slice(1),
      `${right}0`,
      `${right}${right}`,
      `sha1=${right}`,
      `sha512=${right}`,
      `SHA256=${right}`,
      `sha256=sha256=${right}`,
      `${right},${right}`,
      `${right.slice(0, 63)}g`,
      '0'.repeat(64),
      btoa(right.slice(0, 32)),
      await hmac('another secret', body),
      await hmac(`${SECRET},${OLDER_SECRET}`, body),
      await hmac(SECRET, `${body} `),
      await hmac(SECRET, JSON.stringify(JSON.parse(body), null, 1)),
      'undefined',
      'null',
      'x'.repeat(10_000),
    ]
    for (const signature of wrong) await refused(body, signature)
    // The right one of this body for another, and the published ones of keys that are not ours.
    await refused(lead(), right)
    for (const { mac } of RFC_4231) await refused(body, mac)
    await nothingArrives()
    expect((await send(body, { signature: right })).status).toBe(202)
  })

  it('for any header of any length', async () => {
    const body = lead()
    const digit = fc.constantFrom(...'0123456789abcdef')
    const header = fc.oneof(
      fc.string({ unit: 'binary-ascii', maxLength: 200 }).filter((text) => /^[\x20-\x7e]*$/.test(text)),
      fc.string({ unit: digit, maxLength: 200 }),
      fc.string({ unit: digit, minLength: 64, maxLength: 64 }),
    )
    await fc.assert(
      fc.asyncProperty(header, async (signature) => {
        expect((await send(body, { signature })).status).toBe(401)
      }),
      { numRuns: 300 },
    )
    await nothingArrives()
  })
})

it('a signed body that is too large is 413, counted on the bytes', async () => {
  const response = await send(lead({ notes: 'x'.repeat(256 * 1024) }))
  expect(response.status).toBe(413)
})

describe('an old event', () => {
  const WEEK_MS = 7 * 86_400_000
  const of = (timestamp: unknown) => lead({}, { timestamp })

  it('is refused as stale once its id may be forgotten, and the log says so', async () => {
    const lines: string[] = []
    vi.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(line))
    const old = Date.now() - WEEK_MS - 60_000
    for (const time of [
      '2019-01-15T10:30:00Z',
      new Date(old).toISOString(),
      Math.floor(old / 1000),
      old,
      String(old),
    ]) {
      const response = await send(of(time))
      expect([time, response.status]).toEqual([time, 400])
      expect((await json(response)).type).toMatch(/#webhook-stale$/)
    }
    vi.restoreAllMocks()
    expect(lines.map((line) => JSON.parse(line))).toMatchObject(
      Array(5).fill({ route: '/webhooks/caty', reason: 'webhook_stale', fault: 'lead.captured' }),
    )
    await nothingArrives()
  })

  it('is taken until then, and so is one whose time means nothing', async () => {
    const young = Date.now() - WEEK_MS + 60_000
    // A zero of Go, a counter, a word with a digit: to read them as the past would lose a lead.
    for (const time of [new Date(young).toISOString(), young, '0001-01-01T00:00:00Z', 12, 'lead 5', 0, null, {}])
      expect([time, (await send(of(time))).status]).toEqual([time, 202])
  })
})

describe('the same delivery', () => {
  it('twice, at once and later, is delivered once', async () => {
    const body = lead()
    const answers = await Promise.all(Array.from({ length: 8 }, () => send(body)))
    const ids = await Promise.all(answers.map(async (answer) => (await json(answer)).id))
    expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(202))
    expect(new Set(ids).size).toBe(1)
    await delivered([ids[0]])
    expect((await json(await send(body))).duplicate).toBe(true)
    // Another event after it, so that a second delivery of the first would have come by now.
    const after = lead()
    await delivered([(await json(await send(after))).id])
    expect((await arrivals()).map(({ id }) => id).filter((id) => id === ids[0])).toHaveLength(1)
  })

  it('is known by name, id, time and widget where it has an id, also when the rest differs', async () => {
    const [id, timestamp] = [crypto.randomUUID(), new Date().toISOString()]
    const named = (more: object, data = {}) => lead(data, { id, timestamp, ...more })
    const first = await json(await send(named({})))
    expect(await json(await send(named({}, { note: 'again' })))).toMatchObject({ id: first.id, duplicate: true })
    const others = [
      { event: 'handoff.requested' },
      { timestamp: new Date(Date.now() + 1).toISOString() },
      { widget_id: 'wgt_2' },
      { id: `${id}2` },
    ]
    for (const other of others) expect((await json(await send(named(other)))).duplicate).toBe(false)
  })

  it('is known by its bytes where it has none, or one that may have been rounded', async () => {
    const body = lead()
    const signed = await json(await send(body, { signature: await hmac(OLDER_SECRET, body) }))
    expect(await json(await send(body))).toMatchObject({ id: signed.id, duplicate: true })
    const timestamp = new Date().toISOString()
    for (const [one, other] of [
      ['12345678901234567890', '12345678901234567891'],
      ['""', '"" '],
      ['{"a":1}', '{"a":2}'],
    ] as const) {
      const withId = (text: string) => `{"id":${text},"event":"lead.updated","timestamp":"${timestamp}","data":{}}`
      expect((await json(await send(withId(one)))).duplicate).toBe(false)
      expect((await json(await send(withId(other)))).duplicate).toBe(false)
      expect((await json(await send(withId(one)))).duplicate).toBe(true)
    }
  })
})

it('the log has one line an attempt, and nothing of what the event says', async () => {
  const lines: string[] = []
  vi.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(line))
  const { id } = await json(await send(lead({ session_id: 'sess_secret' })))
  await delivered([id])
  await settled()
  vi.restoreAllMocks()
  const written = lines.map((line) => JSON.parse(line)).filter((line) => line.id === id)
  expect(written).toEqual([{ id, webhook: 'lead.captured', attempt: 1, ms: expect.any(Number) }])
  for (const secret of ['ada@', 'sess_secret', SECRET]) expect(lines.join()).not.toContain(secret)
})

describe('the path', () => {
  it('without secrets says which setting is missing, and takes nothing', async () => {
    const response = await send(lead(), { settings: { CATY_WEBHOOK_SECRETS: '' } })
    expect(response.status).toBe(503)
    const problem = await json(response)
    expect(problem.detail).toMatch(/^CATY_WEBHOOK_SECRETS is missing: /)
    await nothingArrives()
  })

  it('takes POST only', async () => {
    const response = await ask('/webhooks/caty')
    expect([response.status, response.headers.get('Allow')]).toEqual([405, 'POST'])
  })

  it('refuses when the ledger cannot keep it, so that Caty comes again', async () => {
    const broken = {
      getByName: () => ({ acceptDelivery: () => Promise.reject(new Error('the ledger is away')) }),
    }
    const response = await send(lead(), { settings: { LEDGER: broken } })
    expect([response.status, response.headers.get('Retry-After')]).toEqual([503, '30'])
    expect((await json(response)).type).toMatch(/#webhook-not-kept$/)
  })

  it('goes on during maintenance: Caty would not come again for hours', async () => {
    expect((await send(lead(), { settings: { MAINTENANCE: '1' } })).status).toBe(202)
  })
})

it('the operator path does not exist for anybody without the key', async () => {
  for (const init of [{}, { method: 'POST', body: '{"action":"list"}' }, { method: 'DELETE' }]) {
    const response = await ask('/webhooks/dead-letters', init)
    expect([response.status, (await json(response)).type]).toEqual([404, expect.stringMatching(/#not-found$/)])
  }
})

/** Caty's webhooks at the edge: who may bring one, what is one, and that it counts once. */
import { env } from 'cloudflare:workers'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { RFC_4231 } from '../vectors/hmac.ts'
import { ask, json } from './client.ts'
import { resetSandbox } from './sandbox.ts'
import { arrivals, hmac, lead, OLDER_SECRET, SECRET, send, targetUp, verifyStandard } from './webhook-client.ts'

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
    const sent = { event, timestamp: '2026-01-15T10:30:00Z', widget_id: 'wgt_1', data, plan: 'pro' }
    const { id } = await json(await send(JSON.stringify({ ...sent, nonce: crypto.randomUUID() })))
    const [arrived] = await delivered([id])
    expect(arrived?.body).toMatchObject(sent)
  })

  it('of the older form arrives in the new one', async () => {
    const older = {
      event: 'lead_captured',
      lead: { name: 'Ada', email: 'ada@example.org' },
      widget_id: 'wgt_1',
      timestamp: new Date().toISOString(),
    }
    const { id } = await json(await send(JSON.stringify(older)))
    const [arrived] = await delivered([id])
    const { lead: data, ...rest } = older
    expect(arrived?.body).toEqual({ ...rest, event: 'lead.captured', data })
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

describe('a signed body that is no event', () => {
  const event = { event: 'lead.captured', timestamp: '2026-01-15T10:30:00Z', widget_id: 'w', data: {} }
  it.each([
    ['is not JSON', '{', undefined],
    ['is not UTF-8', new Uint8Array([0x22, 0xff, 0x22]), undefined],
    ['a list', '[]', undefined],
    ['an event nobody documented', JSON.stringify({ ...event, event: 'lead.deleted' }), 'event'],
    ['no time', JSON.stringify({ ...event, timestamp: undefined }), 'timestamp'],
    ['a time that is none', JSON.stringify({ ...event, timestamp: 'yesterday' }), 'timestamp'],
    ['no data', JSON.stringify({ ...event, data: undefined }), 'data'],
    ['a score that is no number', JSON.stringify({ ...event, data: { score: '80' } }), 'data.score'],
    ['an older form without its lead', JSON.stringify({ ...event, event: 'lead_captured' }), 'lead'],
  ])('%s: 400 that names the member, and nothing is delivered', async (_what, body, field) => {
    const response = await send(body)
    expect(response.status).toBe(400)
    expect((await json(response)).field).toBe(field)
    await nothingArrives()
  })

  it('is too large: 413, counted on the bytes', async () => {
    const response = await send(lead({ notes: 'x'.repeat(256 * 1024) }))
    expect(response.status).toBe(413)
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

  it('is known by the event id, also when the rest differs, and by its bytes after a change of the secret', async () => {
    const id = crypto.randomUUID()
    const first = await json(await send(lead({}, { id })))
    expect(await json(await send(lead({}, { id })))).toMatchObject({ id: first.id, duplicate: true })
    expect((await json(await send(lead({}, { id }).replace('wgt_1', 'wgt_2')))).duplicate).toBe(false)
    const body = lead()
    const signed = await json(await send(body, { signature: await hmac(OLDER_SECRET, body) }))
    expect(await json(await send(body))).toMatchObject({ id: signed.id, duplicate: true })
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

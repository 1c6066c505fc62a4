/**
 * `caty-keyless/webhook` as an owner imports it: with published vectors, compared with Node's own HMAC, and under
 * attack.
 */
import { createHmac, randomBytes, randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { runInNewContext } from 'node:vm'
import { readEvent, verifyWebhook } from 'caty-keyless/webhook'
import fc from 'fast-check'
import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { EVENTS as DOCUMENTED } from '../../edge/contract/webhook.ts'
import { RFC_4231 } from '../vectors/hmac.ts'

const SECRET = 'whk_0123456789abcdef'
const sign = (body: string | Uint8Array, secret: string | Uint8Array = SECRET) =>
  createHmac('sha256', secret).update(body).digest('hex')

const lead = { lead_id: 'lead_1', name: 'Ada', email: 'ada@example.org', score: 80, session_id: 'sess_1' }
const envelope = { timestamp: '2026-01-15T10:30:00.000Z', widget_id: 'wgt_1' }
const EVENTS = [
  { event: 'lead.captured', ...envelope, data: lead },
  { event: 'lead.updated', ...envelope, data: { lead_id: 'lead_1' } },
  { event: 'conversation.started', ...envelope, data: { session_id: 's', visitor_id: 'v', page_url: 'https://x/' } },
  { event: 'conversation.ended', ...envelope, data: { session_id: 's' } },
  { event: 'message.received', ...envelope, data: { session_id: 's' } },
  { event: 'handoff.requested', ...envelope, data: { session_id: 's', visitor: { email: 'ada@example.org' } } },
]
const BODY = JSON.stringify(EVENTS[0])

/** Whether the signature was accepted, whatever the body was. */
const counts = async (...args: Parameters<typeof verifyWebhook>) => {
  return (await verifyWebhook(...args)).ok
}

describe('the signature', () => {
  it.each(RFC_4231)('matches RFC 4231 section $name', async ({ key, data, mac }) => {
    const [secret, body] = [Buffer.from(key, 'hex'), Buffer.from(data, 'hex')]
    expect(await counts(body, mac, secret)).toBe(true)
    expect(await counts(body, `sha256=${mac}`, [randomBytes(20), secret])).toBe(true)
    expect(await counts(Buffer.concat([body, Buffer.from([0])]), mac, secret)).toBe(false)
  })

  it("agrees with Node's own HMAC on 10,000 random inputs, valid and invalid", async () => {
    let right = 0
    for (let n = 0; n < 10_000; n++) {
      const [secret, body] = [randomBytes(1 + (n % 150)), randomBytes(n % 700)]
      const signature = sign(body, secret)
      const at = n % 64
      const other = (Number.parseInt(signature[at] ?? '0', 16) ^ (1 + (n % 15))).toString(16)
      const wrong = signature.slice(0, at) + other + signature.slice(at + 1)
      if ((await counts(body, signature, secret)) && !(await counts(body, wrong, secret))) right += 1
    }
    expect(right).toBe(10_000)
  }, 60_000)

  it('is refused, without an exception, for any invalid header', async () => {
    const header = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: fc.constantFrom(...'0123456789abcdefABCDEF='), maxLength: 130 }),
      fc.constantFrom('', 'sha256=', `${sign(BODY)} `, `sha1=${sign(BODY)}`, `${sign(BODY)}00`, sign(BODY).slice(2)),
    )
    await fc.assert(
      fc.asyncProperty(header, async (signature) => {
        expect((await verifyWebhook(BODY, signature, SECRET)).ok).toBe(false)
      }),
      { numRuns: 2000 },
    )
    expect(await verifyWebhook(BODY, undefined, SECRET)).toEqual({ ok: false, reason: 'no_signature' })
    expect(await verifyWebhook(BODY, null, SECRET)).toEqual({ ok: false, reason: 'no_signature' })
    expect(await verifyWebhook(BODY, 'x', SECRET)).toEqual({ ok: false, reason: 'malformed_signature' })
    expect(await verifyWebhook(BODY, sign(`${BODY} `), SECRET)).toEqual({ ok: false, reason: 'wrong_signature' })
  })

  it('covers the exact bytes: the same JSON in another format is refused', async () => {
    const spaced = JSON.stringify(EVENTS[0], null, 2)
    expect((await verifyWebhook(spaced, sign(BODY), SECRET)).ok).toBe(false)
    expect((await verifyWebhook(spaced, sign(spaced), SECRET)).ok).toBe(true)
  })

  it('is accepted with the old and the new secret during a change', async () => {
    for (const signature of [sign(BODY, 'new one'), sign(BODY, 'old one'), `sha256=${sign(BODY, 'old one')}`])
      expect((await verifyWebhook(BODY, signature, ['new one', 'old one'])).ok).toBe(true)
    expect((await verifyWebhook(BODY, sign(BODY, 'gone'), ['new one', 'old one'])).ok).toBe(false)
  })
})

it('takes bytes of another realm, as a Buffer is inside jsdom', async () => {
  const foreign = (code: string) => runInNewContext(code, { BODY, SECRET, numbers: [...Buffer.from(BODY)] })
  for (const code of [
    'Uint8Array.from(numbers)',
    'Uint8Array.from(numbers).buffer',
    'new DataView(Uint8Array.from(numbers).buffer)',
  ])
    expect(await verifyWebhook(foreign(code), sign(BODY), SECRET)).toMatchObject({ ok: true, event: EVENTS[0] })
  const secret = foreign('Uint8Array.from([...SECRET].map((letter) => letter.charCodeAt(0)))')
  expect(await counts(BODY, sign(BODY), secret)).toBe(true)
  expect(await counts(BODY, sign(BODY), [secret])).toBe(true)
})

describe('a mistake in the calling code throws an error', () => {
  const signature = sign(BODY)
  /** The value of an environment variable that is not set, which plain JavaScript does not prevent. */
  const unset = JSON.parse('null')
  const wrong: Parameters<typeof verifyWebhook>[] = [
    [BODY, signature, ''],
    [BODY, signature, []],
    [BODY, signature, [SECRET, '']],
    [BODY, signature, unset],
    [BODY, signature, [unset]],
    [JSON.parse(BODY), signature, SECRET],
  ]
  it.each(wrong)('for wrong arguments %#', async (...args) => {
    await expect(verifyWebhook(...args)).rejects.toThrow(TypeError)
  })

  it('even if the sender sent no signature', async () => {
    await expect(verifyWebhook(BODY, undefined, '')).rejects.toThrow(TypeError)
  })
})

describe('the event', () => {
  const verified = async (value: unknown) => {
    const body = JSON.stringify(value)
    return verifyWebhook(new TextEncoder().encode(body), sign(body), SECRET)
  }

  it.each(EVENTS)('$event has its type and its data', async (event) => {
    expect(await verified(event)).toMatchObject({ ok: true, event, raw: event, notUnderstood: [] })
    // The description of the API says the same.
    expect(v.safeParse(v.variant('event', DOCUMENTED), event).success).toBe(true)
  })

  it('is narrowed by its name', async () => {
    const read = await verified(EVENTS[0])
    if (!read.ok || read.event?.event !== 'lead.captured') throw new Error('it is no lead')
    const score: number | undefined = read.event.data.score
    expect(score).toBe(80)
  })

  it('of the older form is converted to the new one', async () => {
    const read = await verified({ event: 'lead_captured', lead, ...envelope })
    expect(read).toMatchObject({ ok: true, event: EVENTS[0] })
  })

  it('of a delivery by the edge is read from its JSON', () => {
    expect(readEvent(EVENTS[0])).toEqual({ event: EVENTS[0], notUnderstood: [] })
  })

  it('leaves out members of another type, names them, and keeps them in raw', async () => {
    const odd = { ...EVENTS[0], data: { ...lead, score: '80', name: { first: 'Ada' }, extra: 1 } }
    const read = await verified(odd)
    const { score: _score, name: _name, ...data } = lead
    expect(read).toMatchObject({ ok: true, raw: odd })
    expect(read.ok && read.event?.data).toEqual(data)
    expect(read.ok && read.notUnderstood).toEqual(['data.name', 'data.score'])
  })

  it.each([
    ['{', ['body']],
    ['[]', ['body']],
    ['null', ['body']],
    [JSON.stringify({ ...EVENTS[0], event: 'lead.deleted' }), ['event']],
    [JSON.stringify({ ...EVENTS[0], event: '__proto__' }), ['event']],
    [JSON.stringify({ ...EVENTS[0], event: ['constructor'], timestamp: 'soon' }), ['event', 'timestamp']],
  ])('%s counts, because Caty signed it, and is named: %j', async (body, notUnderstood) => {
    const read = await verifyWebhook(body, sign(body), SECRET)
    expect(read).toMatchObject({ ok: true, event: undefined, notUnderstood, id: expect.stringMatching(/^msg_/) })
  })

  it('without usable data is read as far as it goes', async () => {
    expect(await verified({ ...EVENTS[0], data: 'x', widget_id: 7 })).toMatchObject({
      ok: true,
      event: { event: 'lead.captured', data: {} },
      notUnderstood: ['widget_id', 'data'],
    })
    expect(await verified({ event: 'lead_captured', ...envelope })).toMatchObject({ ok: true, notUnderstood: ['lead'] })
  })

  it('of any shape counts and never throws', async () => {
    const any = fc.oneof(
      fc.string(),
      fc.json(),
      fc
        .record({ event: fc.constantFrom(...EVENTS.map(({ event }) => event)), data: fc.jsonValue() })
        .map((value) => JSON.stringify(value)),
    )
    await fc.assert(
      fc.asyncProperty(any, async (body) => {
        const bytes = new TextEncoder().encode(body)
        expect((await verifyWebhook(bytes, sign(bytes), SECRET)).ok).toBe(true)
      }),
      { numRuns: 500 },
    )
  })

  it('has the same id in each delivery, and another event has another id', async () => {
    const [first, again] = [await verified(EVENTS[0]), await verifyWebhook(BODY, sign(BODY, 'new'), 'new')]
    const other = await verified(EVENTS[1])
    expect([first, again, other].map((each) => each.ok && /^msg_[\w-]{32}$/.test(each.id))).toEqual([true, true, true])
    expect(first.ok && again.ok && first.id === again.id).toBe(true)
    expect(first.ok && other.ok && first.id !== other.id).toBe(true)
    const id = randomUUID()
    const named = async (more: object) => {
      const own = await verified({ ...EVENTS[0], id, ...more })
      return own.ok && own.id
    }
    expect(await named({ extra: 1 })).toBe(await named({}))
    for (const more of [{ event: 'lead.updated' }, { timestamp: '2026-01-15T10:30:01Z' }, { id: `${id}2` }])
      expect(await named(more)).not.toBe(await named({}))
  })

  it('can be refused for its age', async () => {
    const now = new Date('2026-01-15T13:30:00Z')
    const read = (maxAgeSeconds: number) => verifyWebhook(BODY, sign(BODY), SECRET, { maxAgeSeconds, now })
    expect((await read(10_801)).ok).toBe(true)
    expect(await read(10_799)).toEqual({ ok: false, reason: 'too_old' })
    const timeless = JSON.stringify({ ...EVENTS[0], timestamp: 'yesterday' })
    expect((await verifyWebhook(timeless, sign(timeless), SECRET)).ok).toBe(true)
    expect((await verifyWebhook(timeless, sign(timeless), SECRET, { maxAgeSeconds: 1e9 })).ok).toBe(false)
  })
})

it('the module imports nothing but the platform', () => {
  const code = readFileSync('dist/npm/esm/webhook/index.js', 'utf8')
  expect(code).not.toMatch(/\bimport\b|\brequire\(|\bprocess\b|\bBuffer\b|node:/)
})

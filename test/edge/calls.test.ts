/** Every forwarded call of the Widget API: what Caty receives, what the browser gets, and what is refused before. */
import { env } from 'cloudflare:workers'
import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import { ask, askToken, claimsOf, firstExchange, json, ORIGIN, Visitor } from './client.ts'
import { planFaults, received, resetSandbox } from './sandbox.ts'

beforeEach(resetSandbox)

type Row = {
  path: string
  scope: 'track' | 'lead' | 'chat'
  body: Record<string, unknown>
  /** The member whose absence must be named; absent where nothing is required. */
  required?: string
  answer: Record<string, unknown>
  session: 'needed' | 'optional' | 'none'
  adds?: 'visitor_id'
}

const text = expect.any(String)
const ROWS: Row[] = [
  {
    path: '/api/widget/track',
    scope: 'track',
    session: 'optional',
    body: {
      events: [{ type: 'click', data: { text: 'Buy', x: 3, ok: true }, timestamp: '2026-11-24T10:00:00Z' }],
      metrics: { timeOnPage: 1000, scrollDepth: 50, clickCount: 1 },
      page: { url: 'https://shop.example/' },
    },
    required: 'events',
    answer: { success: true, engagement_score: 40, proactive: { should_trigger: false } },
  },
  {
    path: '/api/widget/view',
    scope: 'track',
    session: 'none',
    body: { event_type: 'view', page_url: 'https://shop.example/' },
    required: 'event_type',
    answer: { success: true },
    adds: 'visitor_id',
  },
  {
    path: '/api/widget/proactive',
    scope: 'track',
    session: 'needed',
    body: { trigger_type: 'exit_intent', context: { page_url: 'https://shop.example/', content: { h1: 'Mugs' } } },
    required: 'trigger_type',
    answer: {
      success: true,
      message: { message_id: text, content: text, suggested_actions: [{ label: text, action: 'message' }] },
    },
  },
  {
    path: '/api/widget/proactive/engaged',
    scope: 'track',
    session: 'needed',
    body: { message_id: 'msg_1', action: 'clicked' },
    required: 'message_id',
    answer: { success: true },
  },
  {
    path: '/api/widget/proactive/dismissed',
    scope: 'track',
    session: 'needed',
    body: { message_id: 'msg_1' },
    required: 'message_id',
    answer: { success: true },
  },
  {
    path: '/api/widget/lead',
    scope: 'lead',
    session: 'needed',
    body: { name: 'Ada', email: 'ada@example.org', phone: '+44 20 7946 0000', custom_fields: { size: 'L' } },
    required: 'session_id',
    answer: { success: true, lead_id: text, message: text },
  },
  {
    path: '/api/widget/form',
    scope: 'lead',
    session: 'needed',
    body: { form_type: 'feedback', rating: 5, comment: 'Fine' },
    required: 'form_type',
    answer: { success: true },
  },
  {
    path: '/api/widget/schedule',
    scope: 'lead',
    session: 'needed',
    body: { name: 'Ada', phone: '+442079460000', date: '2026-11-25', time: '10:00' },
    required: 'date',
    answer: { success: true },
  },
  {
    path: '/api/widget/handoff/request',
    scope: 'chat',
    session: 'needed',
    body: { reason: 'user_request' },
    required: 'session_id',
    answer: { success: true, message: text },
  },
]

const login = async () => (await Visitor.create()).login()

describe.each(ROWS)('POST $path', (row) => {
  /** A visitor, a body that fits, and Caty's own id of the session. */
  async function prepared() {
    const visitor = await login()
    const handle = row.session === 'none' ? undefined : await visitor.openSession()
    const body = handle === undefined ? row.body : { ...row.body, session_id: handle }
    return { visitor, body }
  }

  it('reaches Caty with exactly what belongs there, and comes back in its one shape', async () => {
    const { visitor, body } = await prepared()
    const answer = await visitor.post(row.path, { ...body, visitor_id: 'vis_other', unknown: 'x' })
    expect([answer.status, await json(answer)]).toEqual([200, row.answer])
    // What one visitor was told must not lie in any cache for another.
    expect(answer.headers.get('Cache-Control')).toBe('no-store')
    const call = (await received()).at(-1)
    const sent = JSON.parse(call?.body ?? '{}')
    expect(sent).toEqual({
      ...row.body,
      ...(row.session !== 'none' && { session_id: expect.stringMatching(/^sess_/) }),
      ...(row.adds && { visitor_id: claimsOf(visitor.token).sub }),
    })
    expect(call?.headers['x-api-key']).toBe(env.CATY_API_KEY)
    expect(Object.keys(call?.headers ?? {}).filter((name) => /cookie|auth|dpop|origin|forwarded/.test(name))).toEqual(
      [],
    )
  })

  it('drops what Caty says beyond it', async () => {
    const { visitor, body } = await prepared()
    await planFaults({ path: row.path, body: { success: true, internal: 'x', data: undefined, html: '<b>' } })
    const answer = await json(await visitor.post(row.path, body))
    expect(answer.internal).toBeUndefined()
    expect(answer.html).toBeUndefined()
  })

  it('needs its scope', async () => {
    const visitor = await Visitor.create()
    const other = row.scope === 'track' ? 'config' : 'config track'
    const answer = await json(
      await askToken({ ...firstExchange, scope: other }, { DPoP: await visitor.proof('POST', '/token') }),
    )
    visitor.token = answer.access_token
    const response = await visitor.post(row.path, row.body)
    expect(response.status).toBe(403)
    expect(response.headers.get('WWW-Authenticate')).toContain(`scope="${row.scope}"`)
    expect(await received()).toEqual([])
  })

  it('names the member that is missing, and refuses another type, a list and too many bytes', async () => {
    const { visitor, body } = await prepared()
    const { [row.required ?? '']: _left, ...without } = body as Record<string, unknown>
    const before = (await received()).length
    const missing = await json(await visitor.post(row.path, without))
    expect([missing.status, missing.field]).toEqual([400, row.required])
    expect((await visitor.post(row.path, '{}', { 'Content-Type': 'text/plain' })).status).toBe(415)
    expect((await visitor.post(row.path, '[]')).status).toBe(400)
    expect((await visitor.post(row.path, `"${'a'.repeat(70_000)}"`)).status).toBe(413)
    expect((await received()).length).toBe(before)
  })

  it.runIf(row.session !== 'none')("does not know somebody else's session", async () => {
    const { body } = await prepared()
    const thief = await login()
    const before = (await received()).length
    const answer = await json(await thief.post(row.path, body))
    expect([answer.status, answer.code]).toEqual([404, 'SESSION_NOT_FOUND'])
    expect((await received()).length).toBe(before)
  })

  it('takes no other method', async () => {
    const response = await ask(row.path, { method: 'GET', headers: { Origin: ORIGIN } })
    expect([response.status, response.headers.get('Allow')]).toEqual([405, 'POST, OPTIONS'])
  })
})

describe('PATCH /api/widget/session/:id', () => {
  const patch = async (visitor: Visitor, handle: string, body: unknown) => {
    const path = `/api/widget/session/${handle}`
    const headers = { ...(await visitor.headers('PATCH', path)), 'Content-Type': 'application/json' }
    return ask(path, { method: 'PATCH', headers, body: JSON.stringify(body) })
  }

  it('tells Caty who the visitor is, under the id that only the edge knows', async () => {
    const visitor = await login()
    const handle = await visitor.openSession()
    const response = await patch(visitor, handle, { visitor_info: { email: 'ada@example.org', plan: 'pro' }, more: 1 })
    expect([response.status, await json(response)]).toEqual([200, { success: true }])
    const call = (await received()).at(-1)
    expect(call).toMatchObject({ method: 'PATCH', path: expect.stringMatching(/^\/api\/widget\/session\/sess_\w+$/) })
    expect(JSON.parse(call?.body ?? '')).toEqual({ visitor_info: { email: 'ada@example.org', plan: 'pro' } })
  })

  it("is 404 for another visitor's handle and for anything that is none", async () => {
    const handle = await (await login()).openSession()
    const thief = await login()
    const before = (await received()).length
    for (const id of [handle, 'sess_1', 's1.k1.AAAA', '..', '%2e%2e%2fadmin'])
      expect((await patch(thief, id, { visitor_info: {} })).status).toBe(404)
    expect((await received()).length).toBe(before)
  })
})

describe('GET /api/widget/schedule/slots', () => {
  const slots = async (visitor: Visitor, query: string) =>
    ask(`/api/widget/schedule/slots${query}`, { headers: await visitor.headers('GET', '/api/widget/schedule/slots') })

  it('brings the slots of a day', async () => {
    const answer = await json(await slots(await login(), '?date=2026-11-25'))
    expect(answer).toMatchObject({ success: true, calendar_connected: true })
    expect(answer.slots[0]).toEqual({ label: '10:00', start: '2026-11-25T10:00:00' })
  })

  it.each([
    ['', 'date'],
    ['?date=tomorrow', 'date'],
    ['?date=2026-11-25&date=2026-11-26', 'date'],
    ['?date=2026-11-25&key=1', 'key'],
    ['?date=2026-11-25%26admin=1', 'date'],
  ])('names what is wrong in %j', async (query, field) => {
    const answer = await json(await slots(await login(), query))
    expect([answer.status, answer.field]).toEqual([400, field])
    expect(await received()).toEqual([])
  })
})

describe('anything else', () => {
  it('is refused without a 5xx and without a call upstream', async () => {
    const visitor = await login()
    const paths = fc.constantFrom(...ROWS.map(({ path }) => path))
    const bodies = fc.oneof(fc.json(), fc.string({ unit: 'binary' }))
    await fc.assert(
      fc.asyncProperty(paths, bodies, async (path, body) => {
        const response = await visitor.post(path, body)
        expect(response.status).toBeGreaterThanOrEqual(400)
        expect(response.status).toBeLessThan(500)
      }),
      { numRuns: 400 },
    )
    expect(await received()).toEqual([])
  })

  it('of a path is 404', async () => {
    const part = fc.stringMatching(/^[a-z0-9%./;:@\\ _-]{0,12}$/)
    await fc.assert(
      fc.asyncProperty(part, part, async (first, second) => {
        const path = `/api/widget/${first}x/${second}`
        const response = await ask(encodeURI(path), { headers: { Origin: ORIGIN } })
        expect([404, 405]).toContain(response.status)
      }),
      { numRuns: 500 },
    )
    expect(await received()).toEqual([])
  })
})

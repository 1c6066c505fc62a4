/** The Admin API as a dashboard meets it: every call, what may be in it, what Caty gets, and what comes back. */
import { env } from 'cloudflare:workers'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { json, Visitor } from './client.ts'
import { askAdmin, newUser, newWorker, resetAuth, sendAdmin, unlimited } from './dashboard.ts'
import { planFaults, received, resetSandbox } from './sandbox.ts'

let token = ''
beforeAll(async () => {
  await resetAuth()
  token = await newUser()
})
beforeEach(resetSandbox)

const get = async (path: string) => json(await askAdmin(path, token, {}, unlimited))
const send = async (method: string, path: string, body: unknown) =>
  json(await sendAdmin(method, path, token, body, unlimited))
const remove = async (path: string) => json(await askAdmin(path, token, { method: 'DELETE' }, unlimited))
const upstream = async () => (await received()).filter(({ path }) => path.startsWith('/api/admin/'))

/** A visitor who chatted and left an address. */
async function visited(name: string): Promise<void> {
  const visitor = await (await Visitor.create()).login()
  const session_id = await visitor.openSession()
  await visitor.post('/api/widget/message', { session_id, message: 'I need a quote for a restaurant' })
  await visitor.post('/api/widget/lead', { session_id, name, email: `${name.toLowerCase()}@example.org` })
}

describe('leads and conversations', () => {
  it('come from the chats of the widget, and a lead takes a state, notes and tags', async () => {
    await visited('Ada')
    const { leads } = await get('/api/admin/leads?status=new&score_min=50&date_from=2026-01-01')
    expect(leads).toMatchObject([{ name: 'Ada', email: 'ada@example.org', status: 'new', widget_id: 'wgt_demo' }])
    const change = { status: 'contacted', notes: 'Called.', tags: ['restaurant', 'hot'] }
    const { lead } = await send('PUT', `/api/admin/leads/${leads[0].lead_id}`, change)
    expect(lead).toMatchObject(change)
    expect((await get('/api/admin/leads?status=new')).leads).toEqual([])
    const { conversations, pagination } = await get('/api/admin/conversations?status=active&limit=5&page=1')
    expect(conversations).toMatchObject([{ visitor: { name: 'Ada' }, status: 'active' }])
    expect(pagination).toMatchObject({ page: 1, limit: 5, total: 1 })
    const one = await get(`/api/admin/conversations/${conversations[0].session_id}`)
    expect(one.conversation.messages[0]).toMatchObject({ role: 'visitor', content: 'I need a quote for a restaurant' })
    const { analytics } = await get('/api/admin/analytics')
    expect(analytics).toMatchObject({ conversations: { total: 1 }, leads: { total: 1 }, conversion_rate: 1 })
  })
})

describe('widgets, knowledge and notifications', () => {
  it('a widget is made, changed and removed', async () => {
    const made = await send('POST', '/api/admin/widgets', {
      name: 'Second',
      business: { name: 'Tern & Tide', website: 'https://tern.example', plan: 'enterprise' },
      admin: true,
    })
    const path = `/api/admin/widgets/${made.widget.widget_id}`
    const [call] = await upstream()
    expect(JSON.parse(call?.body ?? '')).toEqual({
      name: 'Second',
      business: { name: 'Tern & Tide', website: 'https://tern.example' },
    })
    expect((await send('PUT', path, { name: 'Third' })).widget.name).toBe('Third')
    expect((await get(path)).widget).toMatchObject({ name: 'Third', plan: 'free' })
    expect((await get('/api/admin/widgets')).widgets).toHaveLength(2)
    expect(await remove(path)).toEqual({ success: true })
    expect((await get(path)).code).toBe('NOT_FOUND')
  })

  it('settings are read and written', async () => {
    const change = {
      email: { enabled: true, addresses: ['a@example.org'] },
      whatsapp: { enabled: true, phone: '+49 30 1' },
    }
    expect((await send('PUT', '/api/admin/notifications/settings', change)).settings).toMatchObject(change)
    expect((await get('/api/admin/notifications/settings')).settings).toMatchObject({
      ...change,
      push: { enabled: false },
    })
    expect(await get('/api/admin/knowledge')).toEqual({ success: true, documents: [] })
  })
})

describe('what does not fit', () => {
  it.each<[string, string, unknown, number, string | undefined]>([
    ['GET', '/api/admin/leads?status=old', undefined, 400, 'status'],
    ['GET', '/api/admin/leads?score_min=-1', undefined, 400, 'score_min'],
    ['GET', '/api/admin/leads?date_from=yesterday', undefined, 400, 'date_from'],
    ['GET', '/api/admin/leads?unknown=1', undefined, 400, 'unknown'],
    ['GET', '/api/admin/leads?status=new&status=contacted', undefined, 400, 'status'],
    ['GET', '/api/admin/conversations?limit=101', undefined, 400, 'limit'],
    ['GET', '/api/admin/conversations?page=0', undefined, 400, 'page'],
    ['GET', '/api/admin/conversations?widget_id=..%2F..', undefined, 400, 'widget_id'],
    ['GET', '/api/admin/analytics?period=day', undefined, 400, 'period'],
    ['PUT', '/api/admin/leads/lead_1', { status: 'old' }, 400, 'status'],
    ['PUT', '/api/admin/leads/lead_1', { notes: 'x'.repeat(4001) }, 400, 'notes'],
    ['PUT', '/api/admin/leads/lead_1', { tags: 'hot' }, 400, 'tags'],
    ['PUT', '/api/admin/leads/lead_1', {}, 400, undefined],
    ['PUT', '/api/admin/leads/lead_1', { score: 100 }, 400, undefined],
    ['PUT', '/api/admin/leads/lead_1', [], 400, undefined],
    ['POST', '/api/admin/widgets', { name: 'x' }, 400, 'business'],
    [
      'POST',
      '/api/admin/widgets',
      { name: 'x', business: { name: 'y', website: 'javascript:1' } },
      400,
      'business.website',
    ],
    [
      'PUT',
      '/api/admin/notifications/settings',
      { email: { enabled: true, addresses: ['x'] } },
      400,
      'email.addresses.0',
    ],
    ['PUT', '/api/admin/leads/lead_1', { notes: 'x'.repeat(17_000) }, 413, undefined],
  ])('%s %s is refused before Caty hears of it (%#)', async (method, path, body, status, field) => {
    const answer = body === undefined ? await get(path) : await send(method, path, body)
    expect([answer.status, answer.field, answer.success]).toEqual([status, field, false])
    expect(await upstream()).toEqual([])
  })

  it('a body that is no JSON is 415 or 400', async () => {
    const put = (type: string, body: string) =>
      askAdmin('/api/admin/leads/l', token, { method: 'PUT', headers: { 'Content-Type': type }, body }, unlimited)
    expect((await put('text/plain', '{}')).status).toBe(415)
    expect((await put('application/json', '{')).status).toBe(400)
  })

  it('a path that is not in the table does not exist, and another method is 405 with Allow', async () => {
    for (const path of ['', '/', '/users', '/leads/a/b', '/leads/', '/knowledge/upload/x', '/widgets%2fx', '/keys'])
      expect([path, (await get(`/api/admin${path}`)).status]).toEqual([path, 404])
    const allowed: [string, string, string][] = [
      ['/leads', 'POST', 'GET, HEAD, OPTIONS'],
      ['/leads/x', 'DELETE', 'PUT, OPTIONS'],
      ['/widgets/x', 'PATCH', 'GET, HEAD, PUT, DELETE, OPTIONS'],
      ['/knowledge/upload', 'GET', 'POST, OPTIONS'],
      ['/analytics', 'DELETE', 'GET, HEAD, OPTIONS'],
    ]
    for (const [path, method, allow] of allowed) {
      const response = await askAdmin(`/api/admin${path}`, token, { method }, unlimited)
      expect([path, response.status, response.headers.get('Allow')]).toEqual([path, 405, allow])
    }
    expect(await upstream()).toEqual([])
  })

  it.each(['a b', '%2e%2e', 'a%2Fb', 'ä', "'", 'x'.repeat(129)])('an id that no record can have: %s', async (id) => {
    expect((await get(`/api/admin/conversations/${id}`)).status).toBe(404)
    expect(await upstream()).toEqual([])
  })
})

describe('what Caty answers', () => {
  const fault = (more: object) => planFaults({ path: '/api/admin/leads', ...more })
  const lead = { lead_id: 'l1', name: 'Ada', status: 'new', secret: 'x', tags: ['a', 1] }
  const shown = { lead_id: 'l1', name: 'Ada', status: 'new', tags: ['a'] }

  it.each<[string, unknown]>([
    ['at the top', { success: true, leads: [lead] }],
    ['under data', { success: true, data: { leads: [lead] } }],
    ['as data itself', { success: true, data: [lead] }],
    ['with a general id', { success: true, leads: [{ ...lead, lead_id: undefined, id: 'l1' }] }],
    ['beside rows that are none', { success: true, leads: [lead, null, 'x', { name: 'no id' }] }],
  ])('a list %s is one shape here, and unknown members stop', async (_name, body) => {
    await fault({ body })
    expect(await get('/api/admin/leads')).toEqual({ success: true, leads: [shown] })
  })

  it.each([
    ['beside the list', { conversations: [], pagination: { page: 2, total: 30, cursor: 'x' } }],
    ['flat', { conversations: [], page: 2, total: 30 }],
    ['around data', { data: [], pagination: { page: 2, total: 30 } }],
  ])('which page it is may stand %s', async (_name, body) => {
    await planFaults({ path: '/api/admin/conversations', body: { success: true, ...body } })
    const answer = await get('/api/admin/conversations?page=2')
    expect(answer).toEqual({ success: true, conversations: [], pagination: { page: 2, total: 30 } })
  })

  it('a change counts as made though Caty does not show the record', async () => {
    await planFaults({ path: '/api/admin/leads/l1', body: { success: true, message: 'Updated' } })
    expect(await send('PUT', '/api/admin/leads/l1', { notes: 'x' })).toEqual({ success: true, message: 'Updated' })
    await planFaults({ path: '/api/admin/widgets/w1', status: 204, body: '' })
    expect(await remove('/api/admin/widgets/w1')).toEqual({ success: true })
  })

  it.each<[string, object, number, string]>([
    ['that the user may not', { status: 403 }, 403, 'UNAUTHORIZED'],
    ['that the session does not count there', { status: 401 }, 403, 'UNAUTHORIZED'],
    ['that it does not know the call', { status: 404 }, 502, 'UPSTREAM_ERROR'],
    ['with an error', { status: 500, times: 2 }, 502, 'UPSTREAM_ERROR'],
    ['with success: false', { body: { success: false, leads: [] } }, 502, 'UPSTREAM_ERROR'],
    ['with a page', { body: '<html>' }, 502, 'UPSTREAM_ERROR'],
    ['with something else', { body: { success: true, leads: 'many' } }, 502, 'UPSTREAM_ERROR'],
    ['with too much', { body: 'x'.repeat(1024), bodyRepeat: 2100 }, 502, 'UPSTREAM_ERROR'],
    ['with a redirect', { redirectTo: 'http://127.0.0.1:9/' }, 502, 'UPSTREAM_ERROR'],
    ['that it is busy', { status: 429, headers: { 'Retry-After': '7' } }, 429, 'RATE_LIMITED'],
  ])('%s', async (_name, planned, status, code) => {
    await fault(planned)
    const response = await askAdmin('/api/admin/leads', token, {}, newWorker())
    const answer = await json(response)
    expect([answer.status, answer.code]).toEqual([status, code])
    if (status === 429) expect(response.headers.get('Retry-After')).toBe('7')
    expect(JSON.stringify(answer)).not.toContain('Planned failure')
  })

  it('an echo of the session or the key leaves the edge in nothing', async () => {
    await fault({ body: { success: true, leads: [{ ...lead, name: `${token} ${env.CATY_API_KEY}` }] } })
    const text = JSON.stringify(await get('/api/admin/leads'))
    expect(text).not.toContain(token)
    expect(text).toContain('[key]')
  })

  it('a failing report does not keep visitors from Caty', async () => {
    const settings = newWorker()
    await planFaults({ path: '/api/admin/analytics', status: 500, times: 1000 })
    const statuses: number[] = []
    for (let n = 0; n < 12; n++) statuses.push((await askAdmin('/api/admin/analytics', token, {}, settings)).status)
    expect([statuses[0], statuses.at(-1)]).toEqual([502, 503])
    const visitor = await (await Visitor.create()).login(settings)
    expect((await visitor.post('/api/widget/session', {}, {}, settings)).status).toBe(200)
  })
})

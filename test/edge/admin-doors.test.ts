/** The doors of the Admin API: which pages may call, how often, and what an owner reads who has not set it up. */
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { A_MINUTE_MORE, withinOneMinute } from '../support/one-minute.ts'
import { ask, json, ORIGIN, type Settings, Visitor } from './client.ts'
import { askAdmin, DASHBOARD, newUser, resetAuth, unlimited } from './dashboard.ts'
import { received, resetSandbox } from './sandbox.ts'

let token = ''
beforeAll(async () => {
  await resetAuth()
  token = await newUser()
})
beforeEach(resetSandbox)

const get = async (path: string) => json(await askAdmin(path, token, {}, unlimited))
const upstream = async () => (await received()).filter(({ path }) => path.startsWith('/api/admin/'))

describe('CORS', () => {
  const preflight = (Origin: string, path = '/api/admin/leads/x') =>
    ask(path, { method: 'OPTIONS', headers: { Origin, 'Access-Control-Request-Method': 'PUT' } })

  it('lets dashboards in, and nobody else: pages of the widget are no dashboards, and the other way round', async () => {
    const good = await preflight(DASHBOARD)
    expect([good.status, good.headers.get('Access-Control-Allow-Origin')]).toEqual([204, DASHBOARD])
    expect(good.headers.get('Access-Control-Allow-Methods')).toBe('PUT')
    expect(good.headers.get('Access-Control-Allow-Headers')).toContain('Authorization')
    for (const origin of [ORIGIN, 'https://evil.example', 'null', `${DASHBOARD}.evil.example`]) {
      const refused = await preflight(origin)
      expect([origin, refused.status, refused.headers.get('Access-Control-Allow-Origin')]).toEqual([origin, 403, null])
      expect((await json(refused)).detail).toContain('ADMIN_ORIGINS')
      const call = await askAdmin('/api/admin/leads', token, { headers: { Origin: origin } }, unlimited)
      expect([call.status, call.headers.get('Access-Control-Allow-Origin')]).toEqual([403, null])
      expect(call.headers.get('Vary')).toBe('Origin')
    }
    const widget = await preflight(DASHBOARD, '/api/widget/session/x')
    expect([widget.status, (await json(widget)).detail]).toEqual([403, expect.stringContaining('ALLOWED_ORIGINS')])
    expect((await ask('/api/admin/leads', { headers: { Authorization: `Bearer ${token}` } })).status).toBe(403)
    expect(await upstream()).toEqual([])
  })

  it('a refusal can be read by the dashboard', async () => {
    const response = await askAdmin('/api/admin/leads', undefined)
    expect(response.headers.get('Access-Control-Allow-Origin')).toBe(DASHBOARD)
    expect(response.headers.get('Access-Control-Allow-Credentials')).toBeNull()
    expect(response.headers.get('Cache-Control')).toBe('no-store')
  })
})

describe('limits', () => {
  const statusesOf = async (user: string, calls: number, settings: Settings = {}) => {
    const statuses: number[] = []
    for (let n = 0; n < calls; n++)
      statuses.push((await askAdmin('/api/admin/analytics?x=1', user, {}, settings)).status)
    return statuses
  }

  it('a user has 60 calls a minute, all users together too, and each answer says so', {
    timeout: A_MINUTE_MORE,
  }, async () => {
    const one = await newUser()
    const { statuses, refused, other } = await withinOneMinute(async () => ({
      // Calls that are refused for their query count too.
      statuses: await statusesOf(one, 61),
      refused: await askAdmin('/api/admin/analytics', one),
      other: await askAdmin('/api/admin/analytics', await newUser()),
    }))
    expect([statuses.filter((status) => status === 400).length, statuses.at(-1)]).toEqual([60, 429])
    expect(await json(refused)).toMatchObject({ code: 'RATE_LIMITED', 'violated-policies': ['admin'] })
    expect([refused.headers.get('Retry-After'), refused.headers.get('RateLimit')]).toEqual(['60', '"admin";r=0;t=60'])
    expect(await json(other)).toMatchObject({ status: 429, 'violated-policies': ['admin-tenant'] })
    const fine = await askAdmin('/api/admin/analytics', await newUser(), {}, unlimited)
    expect([fine.status, fine.headers.get('RateLimit-Policy')]).toEqual([
      200,
      '"admin";q=60;w=60, "admin-tenant";q=60;w=60',
    ])
    expect(await upstream()).toHaveLength(1)
  })

  it('a token that does not count uses up nobody’s limit', async () => {
    const statuses = await statusesOf('a.b.c', 70)
    expect(new Set(statuses)).toEqual(new Set([401]))
  })
})

describe('an owner without dashboards', () => {
  it.each([
    [{ SUPABASE_URL: '' }, 'SUPABASE_URL'],
    [{ ADMIN_ORIGINS: '' }, 'ADMIN_ORIGINS'],
  ])('reads which setting is missing, and the widget works: %o', async (settings, name) => {
    for (const method of ['GET', 'OPTIONS']) {
      const response = await askAdmin('/api/admin/leads', token, { method }, settings)
      expect(await json(response)).toMatchObject({
        status: 503,
        code: 'NOT_CONFIGURED',
        detail: expect.stringContaining(name),
      })
    }
    expect((await get('/api/admin/nothing')).status).toBe(404)
    expect((await (await Visitor.create()).login(settings)).token).not.toBe('')
  })

  it.each([
    [{ SUPABASE_URL: 'project.supabase.co' }, 'SUPABASE_URL'],
    [{ SUPABASE_URL: 'http://project.supabase.co' }, 'SUPABASE_URL'],
    [{ SUPABASE_URL: 'https://project.supabase.co/auth/v1' }, 'SUPABASE_URL'],
    [{ ADMIN_ORIGINS: '*' }, 'ADMIN_ORIGINS'],
    [{ ADMIN_ORIGINS: 'https://dashboard.example/' }, 'ADMIN_ORIGINS'],
    [{ SUPABASE_JWT_SECRET: 'short' }, 'SUPABASE_JWT_SECRET'],
    [{ ADMIN_ROLE: 'a, b' }, 'ADMIN_ROLE'],
    [{ ADMIN_CALLS: '' }, 'ADMIN_CALLS is not bound'],
  ])('with a setting that is wrong is told so: %o', async (settings, said) => {
    const answer = await json(await ask('/health', {}, settings))
    expect([answer.status, answer.detail]).toEqual([503, expect.stringContaining(said)])
    expect(answer.detail).not.toContain('short')
  })
})

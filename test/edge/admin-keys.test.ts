/** What does not lie in a session itself: floods of made-up keys, Supabase being down, and roles. */
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { json } from './client.ts'
import { askAdmin, keyLookups, newUser, newWorker, planAuthFaults, resetAuth, unlimited } from './dashboard.ts'
import { received, resetSandbox } from './sandbox.ts'

const PATH = '/api/admin/leads'
const b64 = (value: unknown) =>
  btoa(typeof value === 'string' ? value : JSON.stringify(value))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')

beforeAll(resetAuth)
beforeEach(resetSandbox)

it('a thousand tokens of made-up keys cost the project one look-up', async () => {
  await resetAuth()
  const settings = newWorker()
  const made = Array.from({ length: 1000 }, () => {
    const header = b64({ alg: 'ES256', typ: 'JWT', kid: crypto.randomUUID() })
    return askAdmin(PATH, `${header}.${b64({ sub: 'nobody' })}.${b64('x'.repeat(64))}`, {}, settings)
  })
  const statuses = (await Promise.all(made)).map(({ status }) => status)
  expect(new Set(statuses)).toEqual(new Set([401]))
  expect(await keyLookups()).toBe(1)
  expect(await received()).toEqual([])
  expect((await askAdmin(PATH, await newUser(), {}, settings)).status).toBe(200)
})

describe('while Supabase is down', () => {
  const JWKS = '/auth/v1/.well-known/jwks.json'
  const faults = [
    ['answers errors', { status: 500 }],
    ['hangs up', { hangUp: true }],
    ['answers a megabyte', { body: ' '.repeat(1024), bodyRepeat: 1024 }],
    // Until the caller gives up; how long he waits, jwks.test.ts knows.
    ['hangs', { delayMs: 3_600_000 }],
  ] as const

  it.each(faults)('%s: a session of a known key goes on, any other is told to wait', async (_name, fault) => {
    await resetAuth()
    const knows = newWorker()
    const token = await newUser()
    expect((await askAdmin(PATH, token, {}, knows)).status).toBe(200)
    await planAuthFaults({ path: JWKS, times: 100, ...fault })
    expect((await askAdmin(PATH, token, {}, knows)).status).toBe(200)
    const response = await askAdmin(PATH, token, {}, newWorker())
    expect([response.status, response.headers.get('Retry-After')]).toEqual([503, '30'])
    expect(await json(response)).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE', success: false })
    await resetAuth()
  })
})

describe('a role', () => {
  const owners = { ...unlimited, ADMIN_ROLE: 'owner' }

  it('counts from app_metadata only', async () => {
    const statuses = async (how: object) => (await askAdmin(PATH, await newUser({ claims: how }), {}, owners)).status
    expect(await statuses({ app_metadata: { role: 'owner' } })).toBe(200)
    expect(await statuses({ app_metadata: { roles: ['editor', 'owner'] } })).toBe(200)
    expect(await statuses({ app_metadata: { role: 'editor' }, user_metadata: { role: 'owner' } })).toBe(403)
    expect(
      await statuses({ app_metadata: {}, user_metadata: { role: 'owner', roles: ['owner'] }, role: 'owner' }),
    ).toBe(403)
    expect(await statuses({ app_metadata: 'owner' })).toBe(403)
    expect(await statuses({ app_metadata: { roles: 'owner' } })).toBe(403)
  })

  it('that is missing is said to the dashboard, and Caty is not asked', async () => {
    const response = await askAdmin(PATH, await newUser({ claims: { app_metadata: {} } }), {}, owners)
    expect([response.status, response.headers.get('WWW-Authenticate')]).toEqual([
      403,
      'Bearer realm="caty-keyless", error="insufficient_scope"',
    ])
    expect((await json(response)).detail).toContain('ADMIN_ROLE')
    expect(await received()).toEqual([])
  })
})

/** What an owner can see of a call, and what nobody may. */
import { env } from 'cloudflare:workers'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ask, json, ORIGIN, Visitor } from './client.ts'
import { received, resetSandbox } from './sandbox.ts'

beforeEach(resetSandbox)
afterEach(() => vi.restoreAllMocks())

/** The lines written meanwhile. */
function lines() {
  const said: Record<string, unknown>[] = []
  vi.spyOn(console, 'log').mockImplementation((line: string) => void said.push(JSON.parse(line)))
  return said
}

describe('the log', () => {
  it('has one line a call, with its id, route and times, and nothing of the visitor', async () => {
    const said = lines()
    const points: { blobs: string[]; doubles: number[] }[] = []
    const settings = {
      METRICS: { writeDataPoint: (point: { blobs: string[]; doubles: number[] }) => points.push(point) },
      TOKEN_EPOCH: '60001',
    }
    const visitor = await (await Visitor.create()).login(settings)
    const session_id = await visitor.openSession(settings)
    const secretText = 'my number is 4711 and my mail ada@example.org'
    const response = await visitor.post(
      '/api/widget/message',
      { session_id, message: secretText },
      { 'CF-Connecting-IP': '203.0.113.77' },
      settings,
    )
    expect(said).toHaveLength(3)
    expect(said[2]).toEqual({
      id: response.headers.get('X-Request-Id'),
      method: 'POST',
      route: '/api/widget/message',
      status: 200,
      ms: expect.any(Number),
      upstream_ms: expect.any(Number),
      widget: 'default',
    })
    const everything = JSON.stringify([said, points])
    const sessions = (await received()).map(({ body }) => JSON.parse(body || '{}').session_id).filter(Boolean)
    for (const secret of [
      env.CATY_API_KEY.slice(5, 13),
      visitor.token,
      session_id,
      ...sessions,
      '4711',
      'ada@',
      '203.0.113.77',
    ])
      expect(everything).not.toContain(secret)
    expect(points.map(({ blobs }) => blobs[0])).toEqual(['/token', '/api/widget/session', '/api/widget/message'])
  })

  it('names the reason of a refusal precisely, while the answer stays vague', async () => {
    const said = lines()
    const headers = { Origin: ORIGIN, Authorization: 'DPoP a.b.c' }
    const problem = await json(await ask('/api/widget/config', { headers }))
    expect(said[0]).toMatchObject({ reason: 'token', fault: 'malformed', status: 401 })
    expect(JSON.stringify(problem)).not.toContain('malformed')
    expect(problem.instance).toBe(`urn:uuid:${said[0]?.id}`)
  })

  it('holds no handle of a session in a path', async () => {
    const said = lines()
    const visitor = await (await Visitor.create()).login()
    const handle = await visitor.openSession()
    await ask(`/api/widget/session/${handle}`, { method: 'PATCH', headers: { Origin: ORIGIN } })
    expect(said.at(-1)?.route).toBe('/api/widget/session/:id')
    expect(JSON.stringify(said)).not.toContain(handle)
  })
})

it('Server-Timing is there for DEBUG only', async () => {
  const visitor = await (await Visitor.create()).login()
  expect((await visitor.post('/api/widget/session', {})).headers.get('Server-Timing')).toBeNull()
  const timed = await visitor.post('/api/widget/session', {}, {}, { DEBUG: '1' })
  expect(timed.headers.get('Server-Timing')).toMatch(/^edge;dur=\d+, upstream;dur=\d+$/)
})

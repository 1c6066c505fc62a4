/** docs/openapi.json against the running edge: every call is described, and every real answer matches its description. */
import { readFile } from 'node:fs/promises'
import { Ajv2020 } from 'ajv/dist/2020.js'
import * as v from 'valibot'
import { beforeAll, describe, expect, inject, it } from 'vitest'
import { configureSandbox } from '../support/sandbox.ts'
import { HttpVisitor } from '../support/visitor.ts'

const { edge, shop, auth, dashboard } = inject('stack')
const ajv = new Ajv2020({ strict: false, validateFormats: false })
const Refused = v.looseObject({ $ref: v.optional(v.string()) })
const Paths = v.record(v.string(), v.record(v.string(), v.looseObject({ responses: v.record(v.string(), Refused) })))
const Description = v.looseObject({ paths: Paths })
let description: v.InferOutput<typeof Description>
let visitor: HttpVisitor
let session_id = ''

beforeAll(async () => {
  description = v.parse(Description, JSON.parse(await readFile('docs/openapi.json', 'utf8')))
  ajv.addSchema(description, 'openapi')
  visitor = await HttpVisitor.login(edge, shop)
  const opened = await visitor.call('POST', '/api/widget/session', {})
  session_id = String(Reflect.get(Object(opened.body), 'session_id'))
})

const escaped = (path: string) => path.replaceAll('~', '~0').replaceAll('/', '~1')
function complaints(path: string, method: string, status: number, type: string, body: unknown) {
  const here = `#/paths/${escaped(path)}/${method}/responses/${status}`
  const response = description.paths[path]?.[method]?.responses[status]?.$ref ?? here
  const pointer = `openapi${response}/content/${escaped(type)}/schema`
  const validate = ajv.getSchema(pointer)
  if (!validate) return `${pointer} is not described`
  return validate(body) ? undefined : JSON.stringify(validate.errors)
}

const lead = { name: 'Ada', email: 'ada@example.org' }
const CALLS: [string, string, (() => object) | undefined, string?][] = [
  ['POST', '/api/widget/session', () => ({ page: { url: shop } })],
  ['GET', '/api/widget/config', undefined],
  ['POST', '/api/widget/message', () => ({ session_id, message: 'Show me your mugs' })],
  ['PATCH', '/api/widget/session/{id}', () => ({ visitor_info: { plan: 'pro' } })],
  ['POST', '/api/widget/track', () => ({ session_id, events: [{ type: 'click' }] })],
  ['POST', '/api/widget/view', () => ({ event_type: 'view' })],
  ['POST', '/api/widget/proactive', () => ({ session_id, trigger_type: 'idle' })],
  ['POST', '/api/widget/proactive/engaged', () => ({ session_id, message_id: 'm' })],
  ['POST', '/api/widget/proactive/dismissed', () => ({ session_id, message_id: 'm' })],
  ['POST', '/api/widget/lead', () => ({ session_id, ...lead })],
  ['POST', '/api/widget/form', () => ({ session_id, form_type: 'contact', ...lead })],
  ['POST', '/api/widget/schedule', () => ({ session_id, name: 'Ada', date: '2026-11-25', time: '10:00' })],
  ['GET', '/api/widget/schedule/slots', undefined, '?date=2026-11-25'],
  ['POST', '/api/widget/handoff/request', () => ({ session_id })],
]

/** A valid id for each parameter of a path. */
const ids: Record<string, string> = {}
let user = ''

async function askAdmin(method: string, path: string, body?: object, token = user) {
  const headers = { Origin: dashboard, Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' }
  const response = await fetch(edge + path, { method, headers, ...(body && { body: JSON.stringify(body) }) })
  const answer: unknown = await response.json()
  return { status: response.status, body: answer }
}

beforeAll(async () => {
  await configureSandbox({ limits: { perMinute: 10_000, messagesPerMinute: 10_000, adminPerMinute: 10_000 } })
  const signed: unknown = await (await fetch(`${auth}/__auth/sign`, { method: 'POST' })).json()
  user = String(Reflect.get(Object(signed), 'token'))
  await visitor.call('POST', '/api/widget/message', { session_id, message: 'Show me your mugs' })
  await visitor.call('POST', '/api/widget/lead', { session_id, ...lead })
  const first = async (path: string, list: string, id: string) =>
    String((Object((await askAdmin('GET', path)).body)[list] ?? [])[0]?.[id])
  ids['/api/admin/leads/{id}'] = await first('/api/admin/leads', 'leads', 'lead_id')
  ids['/api/admin/conversations/{id}'] = await first('/api/admin/conversations', 'conversations', 'session_id')
  ids['/api/admin/widgets/{id}'] = await first('/api/admin/widgets', 'widgets', 'widget_id')
})

const ADMIN_CALLS: [string, string, (object | undefined)?, string?][] = [
  ['GET', '/api/admin/widgets'],
  ['POST', '/api/admin/widgets', { name: 'Second', business: { name: 'Tern' } }],
  ['GET', '/api/admin/widgets/{id}'],
  ['PUT', '/api/admin/widgets/{id}', { name: 'First' }],
  ['GET', '/api/admin/conversations', undefined, '?status=active&limit=1'],
  ['GET', '/api/admin/conversations/{id}'],
  ['GET', '/api/admin/leads', undefined, '?score_min=1'],
  ['PUT', '/api/admin/leads/{id}', { status: 'contacted' }],
  ['GET', '/api/admin/knowledge'],
  ['GET', '/api/admin/analytics'],
  ['GET', '/api/admin/notifications/settings'],
  ['PUT', '/api/admin/notifications/settings', { push: { enabled: true } }],
  ['DELETE', '/api/admin/widgets/{id}'],
]

describe('docs/openapi.json', () => {
  it.each(CALLS)('describes the answer of %s %s', async (method, path, body, query = '') => {
    const answer = await visitor.call(method, path.replace('{id}', session_id) + query, body?.())
    expect(answer.status).toBe(200)
    expect(complaints(path, method.toLowerCase(), 200, 'application/json', answer.body)).toBeUndefined()
  })

  it.each(CALLS.filter(([method]) => method !== 'GET'))('describes the refusals of %s %s', async (method, path) => {
    const answer = await visitor.call(method, path.replace('{id}', session_id), { session_id: 1, page: 1 })
    expect(answer.status).toBe(400)
    expect(complaints(path, method.toLowerCase(), 400, 'application/problem+json', answer.body)).toBeUndefined()
  })

  it.each(['/health', '/.well-known/oauth-authorization-server'])('describes the answer of GET %s', async (path) => {
    const body: unknown = await (await fetch(edge + path)).json()
    expect(complaints(path, 'get', 200, 'application/json', body)).toBeUndefined()
  })

  it.each(ADMIN_CALLS)('describes the answer of %s %s to a dashboard', async (method, path, body, query = '') => {
    const answer = await askAdmin(method, path.replace('{id}', ids[path] ?? '') + query, body)
    expect(answer.status).toBe(200)
    expect(complaints(path, method.toLowerCase(), 200, 'application/json', answer.body)).toBeUndefined()
  })

  it.each(ADMIN_CALLS)('describes the refusals of %s %s to a dashboard', async (method, path) => {
    const answer = await askAdmin(method, path.replace('{id}', 'x'), undefined, 'a.b.c')
    expect(answer.status).toBe(401)
    expect(complaints(path, method.toLowerCase(), 401, 'application/problem+json', answer.body)).toBeUndefined()
  })

  it('names only calls that the edge has', async () => {
    for (const path of Object.keys(description.paths)) {
      const method = path.startsWith('/api/admin/') ? 'PATCH' : 'DELETE'
      const response = await fetch(edge + path.replace('{id}', 'x'), { method, headers: { Origin: shop } })
      expect([path, response.status]).toEqual([path, 405])
    }
  })
})

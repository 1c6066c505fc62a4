/**
 * The part of Cloudflare's API that wrangler calls for the commands of a tenant. Any other call gets 404 and is
 * recorded.
 */
import type { IncomingMessage } from 'node:http'
import * as v from 'valibot'
import type { Account, Script, Version } from './account.ts'

export type Call = { method: string; path: string; query: URLSearchParams; body: Buffer; type: string }
export type Answer = { status: number; result: unknown; code?: number }

const Metadata = v.looseObject({
  main_module: v.string(),
  bindings: v.array(v.looseObject({ name: v.string(), type: v.string(), text: v.optional(v.string()) })),
  migrations: v.optional(v.looseObject({ new_tag: v.optional(v.string()) })),
  annotations: v.optional(v.record(v.string(), v.string())),
})
const Deployment = v.looseObject({ versions: v.array(v.object({ version_id: v.string(), percentage: v.number() })) })
const Patch = v.looseObject({
  env: v.record(v.string(), v.nullable(v.looseObject({ text: v.string() }))),
  annotations: v.looseObject({ 'workers/message': v.optional(v.string(), '') }),
})

const ok = (result: unknown): Answer => ({ status: 200, result })
const gone = (code: number): Answer => ({ status: 404, result: null, code })
/** “This Worker does not exist on your account.” */
const NO_WORKER = 10_007

const shown = ({ id, number, created_on, bindings, message }: Version): object => ({
  id,
  number,
  metadata: { created_on, modified_on: created_on, source: 'wrangler', author_email: 'agency@example.org' },
  annotations: { 'workers/message': message },
  resources: { bindings: bindings.map(({ name, type }) => ({ name, type })), script: { etag: id }, script_runtime: {} },
  startup_time_ms: 1,
})

export async function readCall(request: IncomingMessage): Promise<Call> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  const url = new URL(request.url ?? '/', 'http://api.invalid')
  return {
    method: request.method ?? 'GET',
    path: url.pathname.replace(/^\/accounts\/[0-9a-f]+/, ''),
    query: url.searchParams,
    body: Buffer.concat(chunks),
    type: request.headers['content-type'] ?? '',
  }
}

export async function answerCall(account: Account, call: Call): Promise<Answer> {
  const { method, path } = call
  if (path === '/workers/subdomain') return ok({ subdomain: 'agency' })
  // `wrangler delete` checks for a namespace of the former Workers Sites.
  if (path === '/storage/kv/namespaces') return ok([])
  if (path === '/workers/scripts' && method === 'GET') {
    return ok([...account.scripts].map(([id, { migrationTag }]) => ({ id, migration_tag: migrationTag })))
  }
  const [, name = '', rest = ''] = /^\/workers\/(?:services|scripts|workers)\/([\w-]+)(\/.*)?$/.exec(path) ?? []
  const script = account.scripts.get(name)
  if (rest === '/assets-upload-session') return ok({ jwt: 'uploaded', buckets: [] })
  if (path.startsWith('/workers/scripts/') && rest === '' && method === 'PUT') return put(account, name, call)
  if (!script) return gone(NO_WORKER)
  if (path.startsWith('/workers/services/')) return service(account, name, method)
  return existing(account, name, script, rest, call)
}

function service(account: Account, name: string, method: string): Answer {
  const migration_tag = account.scripts.get(name)?.migrationTag
  if (method === 'DELETE') account.scripts.delete(name)
  const script = { tag: name, tags: [], last_deployed_from: 'wrangler', migration_tag }
  return ok({ id: name, default_environment: { environment: 'production', script }, environments: [] })
}

async function existing(account: Account, name: string, script: Script, rest: string, call: Call): Promise<Answer> {
  const { method, body } = call
  const json = (): unknown => JSON.parse(body.toString())
  const version = /^\/versions\/([0-9a-f-]{36})$/.exec(rest)?.[1]
  if (version !== undefined) {
    const found = script.versions.find(({ id }) => id === version)
    return found ? ok(shown(found)) : gone(10_000)
  }
  switch (`${method} ${rest}`) {
    case 'GET ':
      return ok({ id: name, name, subdomain: { enabled: true, previews_enabled: false } })
    case 'DELETE ':
      account.scripts.delete(name)
      return ok(null)
    case 'GET /secrets':
      return ok(
        (script.versions.at(-1)?.bindings ?? [])
          .filter(({ type }) => type === 'secret_text')
          .map(({ name: own }) => ({ name: own, type: 'secret_text' })),
      )
    case 'POST /versions':
      return ok(shown(await uploaded(account, name, call)))
    case 'GET /versions':
      return ok({ items: script.versions.map(shown) })
    case 'PATCH /versions/latest': {
      const { env, annotations } = v.parse(Patch, json())
      const patched = account.patch(name, env, annotations['workers/message'])
      return patched ? ok(shown(patched)) : gone(10_222)
    }
    case 'GET /deployments':
      return ok({
        deployments: script.deployments.map((each) => ({
          ...each,
          source: 'wrangler',
          strategy: 'percentage',
          annotations: {},
        })),
      })
    case 'POST /deployments': {
      const deployment = account.deploy(name, v.parse(Deployment, json()).versions)
      return deployment ? ok(deployment) : gone(10_000)
    }
    case 'GET /subdomain':
    case 'POST /subdomain':
      return ok({ enabled: true, previews_enabled: false })
    case 'GET /script-settings':
    case 'PATCH /script-settings':
      return ok({})
    default:
      return gone(7000)
  }
}

/** A first deploy, or one with migrations: the version gets all traffic at once. */
async function put(account: Account, name: string, call: Call): Promise<Answer> {
  const version = await uploaded(account, name, call)
  account.deploy(name, [{ version_id: version.id, percentage: 100 }])
  return ok({ id: name, etag: version.id, deployment_id: version.id, startup_time_ms: 1 })
}

async function uploaded(account: Account, name: string, { body, type }: Call): Promise<Version> {
  const form = await new Response(new Uint8Array(body), { headers: { 'Content-Type': type } }).formData()
  const text = async (part: FormDataEntryValue | null): Promise<string> =>
    part instanceof File ? part.text() : (part ?? '')
  const parsed = v.parse(Metadata, JSON.parse(await text(form.get('metadata'))))
  const bindings = parsed.bindings.map(({ name: own, type: kind, text: value }) => ({
    name: own,
    type: kind,
    ...(value !== undefined && { text: value }),
  }))
  const source = await text(form.get(parsed.main_module))
  const { new_tag } = parsed.migrations ?? {}
  return account.upload(name, source, {
    main_module: parsed.main_module,
    bindings,
    ...(new_tag !== undefined && { migrations: { new_tag } }),
    ...(parsed.annotations && { annotations: parsed.annotations }),
  })
}

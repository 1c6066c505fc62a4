/**
 * A tenant's `wrangler.jsonc`, made from the project's `wrangler.toml`: the same bindings by construction, with the names
 * that must be the tenant's own. Flat, because `[env.x]` sections silently drop rate limits and secrets.
 */
import { readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { type ParseError, parse as parseJsonc, printParseErrorCode } from 'jsonc-parser'
import { parse as parseToml } from 'smol-toml'
import * as v from 'valibot'
import type { Home } from '../base/home.ts'
import { datasetName, namespaceId, queueName, workerName } from './names.ts'
import type { Places, Tenant } from './places.ts'

const Ratelimit = v.looseObject({
  name: v.string(),
  namespace_id: v.string(),
  simple: v.object({ limit: v.number(), period: v.number() }),
})
const Queues = v.looseObject({
  producers: v.optional(v.array(v.looseObject({ queue: v.string(), binding: v.string() }))),
  consumers: v.optional(v.array(v.looseObject({ queue: v.string(), dead_letter_queue: v.optional(v.string()) }))),
})

/** The parts of a wrangler configuration that we read; everything else is carried along as it is. */
export const WranglerConfig = v.looseObject({
  name: v.string(),
  main: v.string(),
  account_id: v.optional(v.string()),
  compatibility_date: v.string(),
  compatibility_flags: v.optional(v.array(v.string()), []),
  routes: v.optional(v.array(v.looseObject({ pattern: v.string() })), []),
  assets: v.looseObject({ directory: v.string(), run_worker_first: v.array(v.string()) }),
  durable_objects: v.looseObject({ bindings: v.array(v.looseObject({ name: v.string(), class_name: v.string() })) }),
  migrations: v.array(v.looseObject({ tag: v.string() })),
  ratelimits: v.array(Ratelimit),
  analytics_engine_datasets: v.optional(v.array(v.looseObject({ binding: v.string(), dataset: v.string() })), []),
  queues: v.optional(Queues),
  vars: v.record(v.string(), v.unknown()),
})
export type WranglerConfig = v.InferOutput<typeof WranglerConfig>

/** The project's own configuration: what every tenant's must agree with. */
export async function projectConfig(home: Home): Promise<WranglerConfig> {
  const text = await readFile(join(home.root, 'wrangler.toml'), 'utf8')
  // The queues stand there behind a mark, since most tenants have none.
  const config = v.parse(WranglerConfig, plain(parseToml(text.replaceAll(/^#queues# /gm, ''))))
  // An example for the form of the Deploy button, and no default: a tenant without origins is refused.
  const { ALLOWED_ORIGINS: _, ...vars } = config.vars
  return { ...config, vars }
}

/** What a tenant's own configuration has to agree with: the project's, with queues only where they were chosen. */
export function baseFor(base: WranglerConfig, vars: Record<string, unknown>): WranglerConfig {
  const { queues, ...shared } = base
  return vars.WEBHOOK_DELIVERY === 'queue' ? base : shared
}

/** TOML comes as objects without a prototype, JSONC with one: made alike, they can be compared. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

/** Reads a tenant's JSONC as wrangler does, by the same library. Throws with one line that says where it went wrong. */
export async function readRaw(path: string): Promise<unknown> {
  const text = await readFile(path, 'utf8')
  const mistakes: ParseError[] = []
  const value: unknown = parseJsonc(text, mistakes, { allowTrailingComma: true })
  const [first] = mistakes
  if (first === undefined) return value
  const line = text.slice(0, first.offset).split('\n').length
  const what = printParseErrorCode(first.error)
    .replace(/(?<=[a-z])(?=[A-Z])/g, ' ')
    .toLowerCase()
  throw new Error(`line ${line}, ${what}`)
}

export type TenantChoices = {
  /** A host name of the owner's zone, such as `chat.acme.example`; without one the Worker gets its workers.dev name. */
  domain: string | undefined
  account: string | undefined
  vars: Record<string, string>
}

/** The configuration of a tenant as an object, in the order in which a person reads it. */
export function tenantConfig(
  project: WranglerConfig,
  places: Places,
  tenant: Tenant,
  { domain, account, vars }: TenantChoices,
): Record<string, unknown> {
  const base = baseFor(project, vars)
  const from = (path: string): string => relative(tenant.folder, path).replaceAll('\\', '/')
  const code = places.codeFor(tenant.folder)
  const { name: _, main: __, routes: ___, vars: defaults, workers_dev: ____, ...shared } = base
  return {
    name: workerName(tenant.name),
    ...(account !== undefined && { account_id: account }),
    main: from(code.main),
    ...(domain === undefined
      ? { workers_dev: true }
      : { workers_dev: false, routes: [{ pattern: domain, custom_domain: true }] }),
    preview_urls: false,
    vars: { ...defaults, ...vars, ...(domain !== undefined && { PUBLIC_URL: `https://${domain}` }) },
    ...shared,
    assets: { ...base.assets, directory: from(code.assets) },
    ...ownNames(base, tenant.name),
  }
}

/** The names that two Workers of one account must not share. */
function ownNames(base: WranglerConfig, tenant: string): Record<string, unknown> {
  const { queues } = base
  const queue = <T extends { queue: string; dead_letter_queue?: string | undefined }>(each: T): T => ({
    ...each,
    queue: queueName(tenant, each.queue),
    ...(each.dead_letter_queue !== undefined && { dead_letter_queue: queueName(tenant, each.dead_letter_queue) }),
  })
  return {
    ratelimits: base.ratelimits.map((limit) => ({ ...limit, namespace_id: namespaceId(tenant, limit.name) })),
    analytics_engine_datasets: base.analytics_engine_datasets.map((each) => ({
      ...each,
      dataset: datasetName(tenant),
    })),
    ...(queues && {
      queues: {
        ...queues,
        ...(queues.producers && { producers: queues.producers.map(queue) }),
        ...(queues.consumers && { consumers: queues.consumers.map(queue) }),
      },
    }),
  }
}

const sections = (called: string): Readonly<Record<string, string>> => ({
  preview_urls: 'No addresses of single versions: an old one would answer there with its old secrets.',
  vars: 'Every setting is in docs/settings.md. Secrets never go here: they have a file of their own, which git ignores.',
  compatibility_date: `From here on as this version of Caty Keyless needs it: \`${called} check\` compares them.`,
  ratelimits:
    'Workers of one account that share a namespace_id share counters: these come from the name of the tenant.',
})

/** The file's text, with comments against the usual mistakes. */
export function configText(called: string, tenant: string, config: Record<string, unknown>): string {
  const comments = sections(called)
  const body = JSON.stringify(config, null, 2).replace(/^ {2}"(\w+)":/gm, (line, key: string) =>
    comments[key] === undefined ? line : `  // ${comments[key]}\n${line}`,
  )
  return `// Made by \`${called} new ${tenant}\`. Yours to edit, safe to track: there is no secret in it.\n${body}\n`
}

/** What of an existing file is the owner's own; read leniently, since the rest of the file may be what is broken. */
const OwnChoices = v.looseObject({
  name: v.fallback(v.optional(v.string()), undefined),
  account_id: v.fallback(v.optional(v.string()), undefined),
  routes: v.fallback(v.array(v.looseObject({ pattern: v.string() })), []),
  ratelimits: v.fallback(v.array(Ratelimit), []),
  vars: v.fallback(v.record(v.string(), v.unknown()), {}),
})

/**
 * A tenant's configuration with what the project's has got since. The owner's name, variables, domain, account and limits
 * stay; comments and sections of their own do not.
 */
export function renewedConfig(
  base: WranglerConfig,
  places: Places,
  tenant: Tenant,
  raw: unknown,
): Record<string, unknown> {
  const own = v.parse(OwnChoices, raw)
  const domain = own.routes.find((route) => route.custom_domain === true)?.pattern
  const vars = Object.fromEntries(Object.entries(own.vars).map(([name, value]) => [name, String(value)]))
  const fresh = tenantConfig(base, places, tenant, { domain, account: own.account_id, vars })
  const ratelimits = base.ratelimits.map((limit) => ({
    ...limit,
    namespace_id: namespaceId(tenant.name, limit.name),
    simple: own.ratelimits.find((each) => each.name === limit.name)?.simple ?? limit.simple,
  }))
  const name = own.name === undefined || own.name === base.name ? workerName(tenant.name) : own.name
  return { ...fresh, name, ratelimits }
}

/**
 * The settings of the Worker, parsed and validated once. The tools call the same function, so an owner reads the same
 * sentence before a deploy as in the answer of a Worker that was deployed with a mistake.
 */
import * as v from 'valibot'
import type { SettingProblem } from '../base/reason.ts'
import type { Secret } from '../base/secret.ts'
import type { SecretKey } from '../base/secret-key.ts'
import type { OriginRule } from '../http/origin.ts'
import type { TokenSecret } from '../token/secrets.ts'
import { type Purpose, sameKeys, type WidgetKeys } from './caty-keys.ts'
import { Environment } from './environment.ts'

export type { Purpose, WidgetKeys }

export type Settings = {
  /** By widget id; `default` is the widget of `CATY_API_KEY`. */
  widgets: ReadonlyMap<string, WidgetKeys>
  /** Another name for `default`, as the vendor's tags carry it. */
  widgetAlias: string | undefined
  tokenSecrets: readonly TokenSecret[]
  allowedOrigins: readonly OriginRule[]
  catyApiUrl: string
  catyDialect: 'auto' | 'documented' | 'observed'
  /** Issuer and audience; absent means the request's own origin. */
  publicUrl: string | undefined
  dpop: 'required' | 'optional' | 'off'
  /** Seconds. */
  tokenTtl: number
  tokenEpoch: number
  maintenance: boolean
  messages: MessageLimits
  /** Calls to Caty with one key. */
  callsPerMinute: number
  /** Present when a challenge is asked for before the first bound token. */
  turnstile: Turnstile | undefined
  /** `Server-Timing` on answers. */
  debug: boolean
  /** Visitors may send files. */
  uploads: boolean
  /** Dashboards. Off: each admin call says which setting is missing, and the widget works without it. */
  admin: { on: true; settings: AdminSettings } | { on: false; missing: SettingProblem }
  webhooks: WebhookSettings
}

/** The limits of a tenant's messages: each visitor's a minute, and all visitors' a minute and a day (UTC). */
export type MessageLimits = { perVisitor: number; perTenant: number; perDay: number }

export type Turnstile = { siteKey: string; secret: Secret; verifyUrl: string }

export type AdminSettings = {
  /** The Supabase project; its tokens come from `<url>/auth/v1`. */
  supabaseUrl: string
  /** For projects that sign with a shared secret (HS256). Any of them counts, so that the secret can be changed. */
  jwtSecrets: readonly SecretKey[]
  /** The origins of dashboards. */
  origins: readonly OriginRule[]
  /** Must be in `app_metadata`; absent when every user of the project may in. */
  role: string | undefined
}

export type WebhookSettings = {
  /** Any of them may have signed an incoming webhook; none means that webhooks are refused. */
  secrets: readonly SecretKey[]
  /** Absent: incoming events become dead letters until there is a target. */
  target: WebhookTarget | undefined
  delivery: 'ledger' | 'queue'
}
/** Every secret signs each delivery, so that a receiver can change its own at any time. */
export type WebhookTarget = { url: string; secrets: readonly SecretKey[] }

export type ParsedSettings = { ok: true; settings: Settings } | { ok: false; problems: SettingProblem[] }

/** Names of every setting, in the order of the docs. */
export const SETTING_NAMES: readonly string[] = Object.keys(Environment.entries)

/** Reads the environment of the Worker. Never throws. Reports every mistake at once, by the setting's name. */
export function parseSettings(env: Readonly<Record<string, unknown>>): ParsedSettings {
  const given = Object.fromEntries(SETTING_NAMES.map((name) => [name, env[name]]))
  // Of one value only the first complaint: the others would follow from it.
  const read = v.safeParse(Environment, given, { abortPipeEarly: true })
  const problems = [...(read.issues ?? []).map(problemOf), ...incomplete(given)]
  if (!read.success || problems.length > 0) return { ok: false, problems }
  return { ok: true, settings: settingsOf(read.output) }
}

const problemOf = (issue: v.BaseIssue<unknown>): SettingProblem => ({
  setting: v.getDotPath(issue) ?? 'The environment',
  why: issue.message,
})

/** Settings that need one another. With one alone either nobody could chat, or anybody could forge what it protects. */
const PAIRS = [
  ['TURNSTILE_SITE_KEY', 'TURNSTILE_SECRET'],
  ['WEBHOOK_TARGET_URL', 'WEBHOOK_TARGET_SECRET'],
] as const

function incomplete(given: Readonly<Record<string, unknown>>): SettingProblem[] {
  const has = (name: string): boolean => String(given[name] ?? '').trim() !== ''
  const problems = PAIRS.flatMap(([one, other]) => {
    if (has(one) === has(other)) return []
    const [absent, present] = has(one) ? [other, one] : [one, other]
    return [{ setting: absent, why: `is missing, and ${present} is set: set both or none` }]
  })
  if (has('CATY_API_KEY') || has('CATY_API_KEYS')) return problems
  const why = 'is missing: set it as a secret of the Worker (wrangler secret put CATY_API_KEY)'
  return [{ setting: 'CATY_API_KEY', why }, ...problems]
}

function settingsOf(env: Environment): Settings {
  return {
    widgets: widgetsOf(env),
    widgetAlias: env.WIDGET_ID,
    tokenSecrets: env.TOKEN_SECRETS,
    allowedOrigins: env.ALLOWED_ORIGINS,
    catyApiUrl: env.CATY_API_URL,
    catyDialect: env.CATY_DIALECT,
    publicUrl: env.PUBLIC_URL,
    dpop: env.DPOP,
    tokenTtl: env.TOKEN_TTL,
    tokenEpoch: env.TOKEN_EPOCH,
    maintenance: env.MAINTENANCE,
    messages: {
      perVisitor: env.MESSAGES_PER_VISITOR_PER_MINUTE,
      perTenant: env.MESSAGES_PER_MINUTE,
      perDay: env.MESSAGES_PER_DAY,
    },
    callsPerMinute: env.CALLS_PER_MINUTE,
    turnstile: turnstileOf(env),
    debug: env.DEBUG,
    uploads: env.UPLOADS,
    admin: adminOf(env),
    webhooks: { secrets: env.CATY_WEBHOOK_SECRETS ?? [], target: targetOf(env), delivery: env.WEBHOOK_DELIVERY },
  }
}

function widgetsOf(env: Environment): Map<string, WidgetKeys> {
  const widgets = new Map<string, WidgetKeys>()
  const keys = [env.CATY_API_KEY, env.CATY_API_KEY_NEXT].filter((key) => key !== undefined)
  if (env.CATY_API_KEY) widgets.set('default', sameKeys(keys))
  for (const [widget, own] of env.CATY_API_KEYS ?? []) widgets.set(widget, own)
  return widgets
}

function turnstileOf(env: Environment): Turnstile | undefined {
  const { TURNSTILE_SITE_KEY: siteKey, TURNSTILE_SECRET: secret, TURNSTILE_VERIFY_URL: verifyUrl } = env
  return siteKey === undefined || secret === undefined ? undefined : { siteKey, secret, verifyUrl }
}

function targetOf(env: Environment): WebhookTarget | undefined {
  const { WEBHOOK_TARGET_URL: url, WEBHOOK_TARGET_SECRET: secrets } = env
  return url === undefined || secrets === undefined ? undefined : { url, secrets }
}

function adminOf(env: Environment): Settings['admin'] {
  const { SUPABASE_URL: supabaseUrl, ADMIN_ORIGINS: origins, ADMIN_ROLE: role } = env
  const off = (setting: string, why: string) => ({ on: false, missing: { setting, why } }) as const
  if (supabaseUrl === undefined)
    return off('SUPABASE_URL', 'is missing, so the Admin API is off: set it to https://<project>.supabase.co')
  if (origins === undefined)
    return off('ADMIN_ORIGINS', 'is missing, so the Admin API is off: list the origins of your dashboards')
  const jwtSecrets = [env.SUPABASE_JWT_SECRET, env.SUPABASE_JWT_SECRET_NEXT].filter((secret) => secret !== undefined)
  return { on: true, settings: { supabaseUrl, jwtSecrets, origins, role } }
}

/**
 * Every variable and secret of the Worker, parsed and validated once. The same function runs in `npm start`, so an
 * owner reads the same sentence before a deploy as in the answer of a Worker that was deployed with a mistake.
 */
import * as v from 'valibot'
import { parsedJson } from '../base/json.ts'
import type { SettingProblem } from '../base/reason.ts'
import { Secret } from '../base/secret.ts'
import { type OriginRule, parseOriginRules } from '../http/origin.ts'
import { parseTokenSecrets, type TokenSecret } from '../token/secrets.ts'
import { type AdminChoice, readAdmin } from './admin.ts'
import type { MessageLimits } from './message-limits.ts'
import { readWebhooks, type WebhookSettings } from './webhooks.ts'

/** What a call to Caty is for; an owner may give each purpose its own key. */
export type Purpose = 'config' | 'chat' | 'lead' | 'track'
/** The keys of one widget by purpose, in the order in which they are tried. */
export type WidgetKeys = Record<Purpose, readonly Secret[]>

export type Settings = {
  /** By canonical widget id; `default` is the widget of `CATY_API_KEY`. */
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
  /** Present when a challenge is asked for before the first bound token. */
  turnstile: Turnstile | undefined
  /** `Server-Timing` on answers. */
  debug: boolean
  /** Visitors may send files. */
  uploads: boolean
  /** Dashboards, with the user's own token and never with the key. */
  admin: AdminChoice
  webhooks: WebhookSettings
}

export type Turnstile = { siteKey: string; secret: Secret; verifyUrl: string }

export type ParsedSettings = { ok: true; settings: Settings } | { ok: false; problems: SettingProblem[] }

const KEY_FORMAT = /^caty_[A-Za-z0-9_]{16,128}$/
const WIDGET_ID = /^[A-Za-z0-9_-]{1,100}$/
const PURPOSES = ['config', 'chat', 'lead', 'track'] as const

/** Collects every mistake instead of stopping at the first: an owner should mend a configuration in one go. */
class Reader {
  readonly problems: SettingProblem[] = []
  readonly #env: Record<string, unknown>

  constructor(env: Record<string, unknown>) {
    this.#env = env
  }

  /** The setting as text; absent and empty are the same, since a dashboard leaves empty strings behind. */
  text(setting: string): string | undefined {
    const value = this.#env[setting]
    return typeof value === 'string' && value !== '' ? value : undefined
  }

  refuse(setting: string, why: string): void {
    this.problems.push({ setting, why })
  }

  choice<const T extends string>(setting: string, choices: readonly T[], otherwise: T): T {
    const value = this.text(setting)
    if (value === undefined) return otherwise
    const found = choices.find((choice) => choice === value)
    if (found === undefined) this.refuse(setting, `must be one of ${choices.join(', ')}`)
    return found ?? otherwise
  }

  wholeNumber(setting: string, otherwise: number, min: number, max: number): number {
    const value = this.text(setting)
    if (value === undefined) return otherwise
    const number = /^\d{1,10}$/.test(value) ? Number(value) : Number.NaN
    if (number >= min && number <= max) return number
    this.refuse(setting, `must be a whole number from ${min} to ${max}`)
    return otherwise
  }

  flag(setting: string): boolean {
    return this.choice(setting, ['1', 'true', 'on', '0', 'false', 'off'], '0').match(/^(1|true|on)$/) !== null
  }

  /** An absolute URL without path, query or credentials; `http:` only for this machine, where no certificate exists. */
  baseUrl(setting: string): string | undefined {
    const value = this.text(setting)
    if (value === undefined) return undefined
    const url = URL.canParse(value) ? new URL(value) : undefined
    const local = url !== undefined && /^(localhost|127\.0\.0\.1|\[::1\])$/.test(url.hostname)
    if (!url || url.username || url.password || url.search || url.hash || url.pathname.replace(/\/+$/, '') !== '') {
      this.refuse(setting, 'must be an origin such as https://api.example.com, without path, query or user name')
    } else if (url.protocol !== 'https:' && !(url.protocol === 'http:' && local)) {
      this.refuse(setting, 'must start with https:// (http:// is for this machine only)')
    } else return url.origin
    return undefined
  }

  key(setting: string): Secret | undefined {
    const value = this.text(setting)
    if (value === undefined) return undefined
    if (KEY_FORMAT.test(value)) return new Secret(value)
    this.refuse(setting, KEY_ADVICE)
    return undefined
  }
}

const KEY_ADVICE =
  'must be a key as Caty shows it: caty_ and at least 16 letters, digits or underscores, without spaces'

/** Reads the Worker's environment. Never throws; a mistake comes back as the setting's name and what to change. */
export function parseSettings(env: Record<string, unknown>): ParsedSettings {
  const read = new Reader(env)
  const widgets = readWidgets(read)
  const tokenSecrets = readTokenSecrets(read)
  const allowedOrigins = readOrigins(read)
  const widgetAlias = read.text('WIDGET_ID')
  if (widgetAlias !== undefined && !WIDGET_ID.test(widgetAlias)) {
    read.refuse('WIDGET_ID', 'must be letters, digits, - or _, at most 100 of them')
  }
  const settings: Settings = {
    widgets,
    widgetAlias,
    tokenSecrets,
    allowedOrigins,
    catyApiUrl: read.baseUrl('CATY_API_URL') ?? 'https://api.catyai.io',
    catyDialect: read.choice('CATY_DIALECT', ['auto', 'documented', 'observed'], 'auto'),
    publicUrl: read.baseUrl('PUBLIC_URL'),
    dpop: read.choice('DPOP', ['required', 'optional', 'off'], 'required'),
    tokenTtl: read.wholeNumber('TOKEN_TTL', 300, 30, 3600),
    tokenEpoch: read.wholeNumber('TOKEN_EPOCH', 0, 0, 4_294_967_295),
    maintenance: read.flag('MAINTENANCE'),
    messages: {
      perVisitor: read.wholeNumber('MESSAGES_PER_VISITOR_PER_MINUTE', 6, 1, 600),
      // Caty's own limit for all of a tenant's visitors is 20.
      perTenant: read.wholeNumber('MESSAGES_PER_MINUTE', 18, 1, 10_000),
      perDay: read.wholeNumber('MESSAGES_PER_DAY', 2000, 1, 10_000_000),
    },
    turnstile: readTurnstile(read),
    debug: read.flag('DEBUG'),
    uploads: read.flag('UPLOADS'),
    admin: readAdmin(read),
    webhooks: readWebhooks(read),
  }
  return read.problems.length === 0 ? { ok: true, settings } : { ok: false, problems: read.problems }
}

const TURNSTILE_VERIFY_URL = 'https://challenges.cloudflare.com/turnstile/v0/siteverify'

/** Both or none: with one alone either nobody could chat, or everybody without a challenge. */
function readTurnstile(read: Reader): Turnstile | undefined {
  const siteKey = read.text('TURNSTILE_SITE_KEY')
  const secret = read.text('TURNSTILE_SECRET')
  const verifyUrl = read.text('TURNSTILE_VERIFY_URL') ?? TURNSTILE_VERIFY_URL
  if (siteKey === undefined && secret === undefined) return undefined
  if (siteKey === undefined)
    read.refuse('TURNSTILE_SITE_KEY', 'is missing, and TURNSTILE_SECRET is set: set both or none')
  if (secret === undefined)
    read.refuse('TURNSTILE_SECRET', 'is missing, and TURNSTILE_SITE_KEY is set: set both or none')
  if (!/^(https:\/\/|http:\/\/(localhost|127\.0\.0\.1)[:/])/.test(verifyUrl)) {
    read.refuse('TURNSTILE_VERIFY_URL', 'must start with https:// (http:// is for this machine only)')
  }
  return siteKey === undefined || secret === undefined ? undefined : { siteKey, secret: new Secret(secret), verifyUrl }
}

function readOrigins(read: Reader): OriginRule[] {
  const text = read.text('ALLOWED_ORIGINS')
  if (text === undefined) {
    read.refuse('ALLOWED_ORIGINS', 'is missing: list the origins of the pages that carry the widget, comma separated')
    return []
  }
  const parsed = parseOriginRules(text)
  for (const why of parsed.problems) read.refuse('ALLOWED_ORIGINS', why)
  return parsed.rules
}

function readTokenSecrets(read: Reader): TokenSecret[] {
  const text = read.text('TOKEN_SECRETS')
  const parsed = parseTokenSecrets(text ?? '')
  for (const why of parsed.problems) read.refuse('TOKEN_SECRETS', why)
  return parsed.secrets
}

const KeyByPurpose = v.strictObject({
  config: v.optional(v.string()),
  chat: v.optional(v.string()),
  lead: v.optional(v.string()),
  track: v.optional(v.string()),
})
const KeyTable = v.record(v.string(), v.union([v.string(), KeyByPurpose]))

function readWidgets(read: Reader): Map<string, WidgetKeys> {
  const widgets = new Map<string, WidgetKeys>()
  const first = read.key('CATY_API_KEY')
  const next = read.key('CATY_API_KEY_NEXT')
  if (first) {
    const keys = next ? [first, next] : [first]
    widgets.set('default', { config: keys, chat: keys, lead: keys, track: keys })
  }
  const table = read.text('CATY_API_KEYS')
  if (table !== undefined) readKeyTable(read, table, widgets)
  if (widgets.size === 0 && read.problems.length === 0) {
    read.refuse('CATY_API_KEY', 'is missing: set it as a secret of the Worker (wrangler secret put CATY_API_KEY)')
  }
  return widgets
}

function readKeyTable(read: Reader, text: string, widgets: Map<string, WidgetKeys>): void {
  const setting = 'CATY_API_KEYS'
  const parsed = v.safeParse(KeyTable, parsedJson(text))
  if (!parsed.success || Object.keys(parsed.output).length === 0) {
    read.refuse(
      setting,
      'must be JSON: {"widget id": "caty_…"} or {"widget id": {"config": "caty_…", "chat": "caty_…"}}',
    )
    return
  }
  for (const [widget, entry] of Object.entries(parsed.output)) {
    if (!WIDGET_ID.test(widget)) {
      read.refuse(setting, 'has a widget id that is not letters, digits, - or _')
      continue
    }
    const keys: WidgetKeys = { config: [], chat: [], lead: [], track: [] }
    for (const purpose of PURPOSES) {
      const key = typeof entry === 'string' ? entry : (entry[purpose] ?? entry.chat ?? Object.values(entry)[0])
      if (key === undefined || !KEY_FORMAT.test(key)) read.refuse(setting, `(widget ${widget}) ${KEY_ADVICE}`)
      else keys[purpose] = [new Secret(key)]
      if (typeof entry === 'string' && key !== undefined && !KEY_FORMAT.test(key)) break
    }
    widgets.set(widget, keys)
  }
}

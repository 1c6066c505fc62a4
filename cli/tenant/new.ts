/** `new`: a tenant's two files, checked before they are written, with every secret that we can make ourselves. */
import { access, mkdir, writeFile } from 'node:fs/promises'
import { settingSentence } from '../../edge/base/reason.ts'
import { parseSettings } from '../../edge/settings/index.ts'
import { publicSuffixMistake } from '../start/public-suffix.ts'
import { configText, projectConfig, readRaw, tenantConfig } from './config.ts'
import { Stopped } from './mistake.ts'
import type { Tenant } from './project.ts'
import type { Run } from './run.ts'
import { newTokenSecret, newWebhookSecret, withSecrets, writeSecrets } from './secrets-file.ts'
import { VARIABLES } from './settings.ts'

export type NewOptions = {
  origins: string | undefined
  /** One: another name for the widget of `CATY_API_KEY`. More: one key each. */
  widgets: readonly string[]
  domain: string | undefined
  account: string | undefined
  /** `NAME=value` of further variables. */
  set: readonly string[]
  admin: string | undefined
  adminOrigins: string | undefined
  webhooks: boolean
  webhookTarget: string | undefined
  secretsOnly: boolean
}

/** Makes the tenant. Throws `Stopped` before anything is written when an option does not fit. */
export async function newTenant(run: Run, tenant: Tenant, given: NewOptions): Promise<void> {
  const { terminal, clock } = run
  if (given.secretsOnly) return newSecretsOnly(run, tenant, given)
  if (await exists(tenant.config)) {
    throw new Stopped(
      'mistake',
      `The tenant ${tenant.name} is there already: edit its wrangler.jsonc, or choose another name.`,
    )
  }
  const options = terminal.asks ? await asked(run, given) : given
  if (options.origins === undefined) {
    throw new Stopped(
      'usage',
      'Name the origins of the pages that carry the widget, as in --origins https://acme.example.',
    )
  }
  const vars = variables(options)
  refuseMistakes(vars, options.domain)
  const base = await projectConfig()
  const { domain, account } = options
  const config = tenantConfig(base, { tenant: tenant.name, folder: tenant.folder, domain, account, vars })
  await mkdir(tenant.folder, { recursive: true })
  await writeFile(tenant.config, configText(tenant.name, config))
  if (!(await exists(tenant.secrets)))
    await writeSecrets(tenant.secrets, secretsText(tenant.name, options, clock.now()))
  report(run, tenant, options)
}

async function newSecretsOnly(run: Run, tenant: Tenant, options: NewOptions): Promise<void> {
  if (!(await exists(tenant.config))) {
    throw new Stopped('mistake', `There is no tenant ${tenant.name}: leave --secrets-only out to make it.`)
  }
  if (await exists(tenant.secrets)) {
    throw new Stopped(
      'mistake',
      `${tenant.name}/secrets.env is there already: edit it, or change a secret with npm run tenant -- rotate.`,
    )
  }
  const vars = Object(Reflect.get(Object(await readRaw(tenant.config)), 'vars'))
  const webhookTarget: unknown = Reflect.get(vars, 'WEBHOOK_TARGET_URL')
  const text = secretsText(
    tenant.name,
    {
      ...options,
      admin: vars.SUPABASE_URL,
      webhookTarget: typeof webhookTarget === 'string' ? webhookTarget : undefined,
    },
    run.clock.now(),
  )
  await writeSecrets(tenant.secrets, text)
  report(run, tenant, options)
}

/** Only what has not been said, and only what everybody has to answer. */
async function asked({ terminal }: Run, given: NewOptions): Promise<NewOptions> {
  const origins =
    given.origins ?? (await terminal.ask('Origins of the pages that carry the widget (https://acme.example, …):'))
  const widget =
    given.widgets.length > 0
      ? ''
      : await terminal.ask("Widget id of the vendor's tag, if pages have one (Enter: none):")
  const domain = given.domain ?? (await terminal.ask('Host name for the edge on a zone of yours (Enter: workers.dev):'))
  return {
    ...given,
    origins: origins === '' ? undefined : origins,
    widgets: widget === '' ? given.widgets : [widget],
    domain: domain === '' ? undefined : domain,
  }
}

function variables(options: NewOptions): Record<string, string> {
  const [onlyWidget, ...more] = options.widgets
  const vars: Record<string, string> = { ALLOWED_ORIGINS: options.origins ?? '' }
  if (onlyWidget !== undefined && more.length === 0) vars.WIDGET_ID = onlyWidget
  if (options.admin !== undefined) vars.SUPABASE_URL = options.admin
  if (options.adminOrigins !== undefined) vars.ADMIN_ORIGINS = options.adminOrigins
  if (options.webhookTarget !== undefined) vars.WEBHOOK_TARGET_URL = options.webhookTarget
  for (const setting of options.set) {
    const [, name = '', value = ''] = /^([A-Z_]+)=(.*)$/s.exec(setting) ?? []
    if (!VARIABLES.includes(name)) {
      throw new Stopped(
        'usage',
        '--set takes NAME=value with a variable of docs/settings.md, as in --set MESSAGES_PER_DAY=500.',
      )
    }
    vars[name] = value
  }
  return vars
}

/** The Worker's own parser, with sound stand-ins for the secrets that are still to come. */
function refuseMistakes(vars: Record<string, string>, domain: string | undefined): void {
  const secrets: Record<string, string> = {
    CATY_API_KEY: `caty_${'0'.repeat(32)}`,
    TOKEN_SECRETS: newTokenSecret(new Date(0)),
  }
  const parsed = parseSettings({ ...secrets, ...vars })
  const own = parsed.ok ? [] : parsed.problems.filter(({ setting }) => VARIABLES.includes(setting) && setting in vars)
  const sentences = own.map(settingSentence)
  const mistake = publicSuffixMistake(vars.ALLOWED_ORIGINS ?? '')
  if (mistake !== undefined && !sentences.includes(mistake)) sentences.push(mistake)
  if (domain !== undefined && !/^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/.test(domain)) {
    sentences.push('--domain takes a host name alone, as in chat.example.com: no scheme, port, path or star.')
  }
  if (sentences.length > 0) throw new Stopped('mistake', ...sentences)
}

function secretsText(name: string, options: NewOptions, now: Date): string {
  const several = options.widgets.length > 1
  const keys = `'{${options.widgets.map((widget) => `"${widget}": ""`).join(', ')}}'`
  const sections = [
    `# Secrets of the tenant ${name}. git ignores this file; keep a copy where your team keeps passwords.`,
    several
      ? `# One key a widget, from Caty's dashboard (Settings → API Keys); put each between the quotes.\nCATY_API_KEYS=${keys}`
      : "# From Caty's dashboard: Settings → API Keys.\nCATY_API_KEY=",
    `# Signs the visitors' tokens. Made here; change it with: npm run tenant -- rotate ${name} TOKEN_SECRETS\nTOKEN_SECRETS=${newTokenSecret(now)}`,
    ...(options.admin === undefined
      ? []
      : ['# Only if your Supabase project still signs with a shared secret (HS256).\n# SUPABASE_JWT_SECRET=']),
    ...(options.webhooks || options.webhookTarget !== undefined
      ? ["# The signing secret that Caty's dashboard shows for the webhook.\nCATY_WEBHOOK_SECRETS="]
      : []),
  ]
  const text = `${sections.join('\n\n')}\n`
  return options.webhookTarget === undefined
    ? text
    : withSecrets(`${text}\n# Signs what the edge sends on to your own server. Made here; give it to that server.\n`, {
        WEBHOOK_TARGET_SECRET: newWebhookSecret(),
      })
}

function report({ terminal, tenants }: Run, tenant: Tenant, options: NewOptions): void {
  const missing = [
    options.widgets.length > 1 ? 'CATY_API_KEYS' : 'CATY_API_KEY',
    ...(options.webhooks || options.webhookTarget !== undefined ? ['CATY_WEBHOOK_SECRETS'] : []),
  ]
  terminal.result({
    ok: true,
    command: 'new',
    tenant: tenant.name,
    config: tenant.config,
    secrets: tenant.secrets,
    missing,
  })
  const where = tenants.shown(tenant.folder)
  terminal.say(`${terminal.paint('green', '✓')} ${where}/wrangler.jsonc   what to deploy; track it`)
  terminal.say(`${terminal.paint('green', '✓')} ${where}/secrets.env      its secrets; git ignores it`)
  terminal.say()
  terminal.say(`Next: put ${missing.join(' and ')} into ${where}/secrets.env, then`)
  terminal.say(`  npm run tenant -- check ${tenant.name}`)
  terminal.say(`  npm run tenant -- deploy ${tenant.name}`)
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  )

/** `new`: a tenant's files, checked before they are written, with every secret that we can make ourselves. */
import { existsSync } from 'node:fs'
import type { Command } from 'commander'
import * as v from 'valibot'
import { Mistake } from '../base/mistake.ts'
import { type Choices, mistakesIn, originsMistake, variablesOf } from './choices.ts'
import { configText, projectConfig, readRaw, tenantConfig } from './config.ts'
import { accountMistake, domainMistake, nameMistake } from './names.ts'
import { writeOwnFolder, writeTracked } from './new-files.ts'
import { plainOrigin, tidyOrigins } from './origins.ts'
import type { Tenant } from './places.ts'
import { FOLDER, JSON_OUT, perform, type Run, tenantCommand } from './run.ts'
import { newSecretsText, writeSecrets } from './secrets-file.ts'

type NewOptions = Choices & { secretsOnly?: boolean }

const collect = (value: string, known: readonly string[] = []): string[] => [...known, value]

/** A host name as people paste it: with its scheme, or a slash at the end. */
const hostOption = (text: string): string =>
  text
    .replace(/^https:\/\//i, '')
    .replace(/\/$/, '')
    .toLowerCase()

function accountOption(id: string): string {
  const mistake = accountMistake('--account', id)
  if (mistake === undefined) return id
  throw new Mistake('usage', mistake)
}

export const newCommand = (): Command =>
  tenantCommand('new', "makes a tenant's files; at a terminal it asks for what is not said", [
    'acme --origins https://acme.example,https://www.acme.example',
    "acme --origins 'https://*.acme.example' --domain chat.acme.example",
    'acme --origins https://acme.example --set MESSAGES_PER_DAY=500',
  ])
    .argument('[name]', 'the name of the tenant: the Worker is called so, with caty- in front')
    .option('--origins <list>', 'the origins of the pages that carry the widget, with commas between')
    .option('--widget <id>', "the widget id of the vendor's tag; given twice or more: one key each", collect)
    .option('--domain <host>', "the edge's own host name on a zone of yours (default: a workers.dev name)", hostOption)
    .option('--account <id>', 'the Cloudflare account, when your login has more than one', accountOption)
    .option('--admin <url>', 'the Supabase project of your dashboards')
    .option('--admin-origins <list>', 'the origins of your dashboards')
    .option('--webhooks', "takes Caty's events in")
    .option('--webhook-target <url>', "your server that gets Caty's events")
    .option('--set <NAME=value>', 'any other variable of docs/settings.md; may be repeated', collect)
    .option('--secrets-only', 'only the file of secrets, for a tenant that came by git')
    .option(...FOLDER)
    .option(...JSON_OUT)
    .action(
      perform<NewOptions>(async (run, options, [name]) => {
        const { secretsOnly, ...choices } = options
        if (secretsOnly) await secretsAlone(run, name, choices)
        else await newTenant(run, name, choices)
        return 0
      }),
    )

/** Throws `Mistake` before anything is written when a choice does not fit. */
async function newTenant(run: Run, name: string | undefined, given: Choices): Promise<void> {
  const { terminal, places, called } = run
  if (name === undefined && !terminal.asks) {
    throw new Mistake('usage', `Name the tenant, as in ${called} new acme --origins https://acme.example.`)
  }
  const tenant = places.placeFor(name ?? (await askName(run)))
  if (existsSync(tenant.config)) throw taken(run, tenant)
  // What was typed is refused before the first question.
  const typed = mistakesIn({ ...given, origins: given.origins ?? 'https://acme.example' })
  if (typed.length > 0) throw new Mistake('usage', ...typed)
  const choices = terminal.asks ? await asked(run, given) : given
  if (choices.origins === undefined) {
    throw new Mistake(
      'usage',
      `Say which pages carry the widget, as in ${called} new ${tenant.name} --origins https://acme.example.`,
    )
  }
  const vars = variablesOf(choices)
  const { domain, account } = choices
  const config = tenantConfig(await projectConfig(run.home), places, tenant, { domain, account, vars })
  await writeTracked(tenant, configText(called, tenant.name, config))
  await writeOwnFolder(run, tenant)
  if (!existsSync(tenant.secrets))
    await writeSecrets(tenant.secrets, newSecretsText(called, tenant.name, choices, run.clock.now()))
  report(run, tenant, choices)
}

const taken = ({ places }: Run, tenant: Tenant): Mistake =>
  new Mistake(
    'mistake',
    `The tenant ${tenant.name} is there already: edit ${places.shown(tenant.config)}, or choose another name.`,
  )

const Vars = v.object({
  vars: v.object({
    SUPABASE_URL: v.optional(v.string()),
    WEBHOOK_TARGET_URL: v.optional(v.string()),
  }),
})

async function secretsAlone(run: Run, name: string | undefined, choices: Choices): Promise<void> {
  const { places, called, clock } = run
  const [other] = Object.keys(choices).filter((each) => !['widget', 'webhooks', 'json', 'folder'].includes(each))
  if (other !== undefined) {
    const option = `--${other.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
    throw new Mistake(
      'usage',
      `--secrets-only writes secrets.env alone, and ${option} is for wrangler.jsonc: leave one of them out.`,
    )
  }
  const tenant = name === undefined ? places.here() : places.existing(name, called)
  if (!tenant) throw new Mistake('usage', `Name the tenant, as in ${called} new acme --secrets-only.`)
  if (existsSync(tenant.secrets)) {
    const shown = places.shown(tenant.secrets)
    throw new Mistake(
      'mistake',
      `${shown} is there already: edit it, or change a secret with ${called} rotate ${tenant.name}.`,
    )
  }
  const parsed = v.safeParse(Vars, await readRaw(tenant.config).catch(() => undefined))
  if (!parsed.success) {
    throw new Mistake(
      'mistake',
      `${places.shown(tenant.config)} cannot be read: ${called} check ${tenant.name} says why.`,
    )
  }
  const { SUPABASE_URL: admin, WEBHOOK_TARGET_URL: webhookTarget } = parsed.output.vars
  const all = {
    ...choices,
    ...(admin !== undefined && { admin }),
    ...(webhookTarget !== undefined && { webhookTarget }),
  }
  await writeSecrets(tenant.secrets, newSecretsText(called, tenant.name, all, clock.now()))
  report(run, tenant, all)
}

function askName({ terminal, places }: Run): Promise<string> {
  return terminal.ask({
    message: 'A short name for the site',
    placeholder: 'acme',
    check: (name) =>
      nameMistake(name) ??
      (existsSync(places.placeFor(name).config) ? `${name} is there already: choose another name.` : undefined),
  })
}

/** Only what has not been said, and only what everybody has to answer. */
async function asked({ terminal }: Run, given: Choices): Promise<Choices> {
  const origins =
    given.origins ??
    (await terminal.ask({
      message: 'Origins of the pages that carry the widget, with commas between',
      placeholder: 'https://acme.example, https://www.acme.example',
      check: originsMistake,
    }))
  const widget = given.widget
    ? ''
    : await terminal.ask({
        message: "Widget id of the vendor's tag, if your pages have one",
        placeholder: 'Enter: none',
        check: (id) =>
          /^[A-Za-z0-9_-]{0,100}$/.test(id) ? undefined : 'A widget id has letters, digits, - or _ only.',
      })
  const domain = given.domain
    ? given.domain
    : hostOption(
        await terminal.ask({
          message: 'Host name for the edge on a Cloudflare zone of yours',
          placeholder: 'Enter: a workers.dev name',
          check: (host) =>
            host === '' ? undefined : domainMistake('The host name', hostOption(host), tidyOrigins(origins)),
        }),
      )
  return { ...given, origins, ...(widget !== '' && { widget: [widget] }), ...(domain !== '' && { domain }) }
}

function report({ terminal, places, called, home }: Run, tenant: Tenant, choices: Choices): void {
  const several = (choices.widget ?? []).length > 1
  const webhooks = choices.webhooks === true || choices.webhookTarget !== undefined
  const missing = [several ? 'CATY_API_KEYS' : 'CATY_API_KEY', ...(webhooks ? ['CATY_WEBHOOK_SECRETS'] : [])]
  const { config, secrets } = tenant
  terminal.result({ ok: true, command: 'new', tenant: tenant.name, config, secrets, missing })
  const plain = tidyOrigins(choices.origins ?? '')
    .split(', ')
    .find(plainOrigin)
  if (plain !== undefined)
    terminal.note(`warning: ${plain} is plain HTTP: whoever is on the visitor's network can read the chat.`)
  const width = places.shown(config).length
  terminal.done(`${places.shown(config)}   what to deploy; track it`)
  terminal.done(`${places.shown(secrets).padEnd(width)}   its secrets; git ignores it`)
  terminal.say()
  if (!home.clone && !existsSync(places.codeFor(tenant.folder).main)) {
    terminal.say('Next: npm install')
    terminal.say(`Then: put ${missing.join(' and ')} into ${places.shown(secrets)}, and`)
  } else terminal.say(`Next: put ${missing.join(' and ')} into ${places.shown(secrets)}, then`)
  terminal.say(`  ${called} check ${tenant.name}`)
  terminal.say(`  ${called} deploy ${tenant.name}`)
}

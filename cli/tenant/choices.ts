/** What an owner chooses for a new tenant, by options or by answers, judged by the Worker's own parser. */
import { parseSettings } from '../../edge/settings/index.ts'
import { Mistake } from '../base/mistake.ts'
import { publicSuffixMistake } from '../start/public-suffix.ts'
import { accountMistake, domainMistake } from './names.ts'
import { plainOrigin, saidBetter, tidyOrigins, withEntry } from './origins.ts'
import { newTokenSecret } from './secrets-file.ts'
import { SECRETS, settingMeant, VARIABLES } from './settings.ts'

export type Choices = {
  origins?: string
  /** One: another name for the widget of `CATY_API_KEY`. More: one key each. */
  widget?: readonly string[]
  domain?: string
  account?: string
  /** `NAME=value` of further variables. */
  set?: readonly string[]
  admin?: string
  adminOrigins?: string
  webhooks?: boolean
  webhookTarget?: string
}

/** Variables that have an option of their own: a mistake is told in the word that was typed. */
const OPTION_OF: Readonly<Record<string, string>> = {
  ALLOWED_ORIGINS: '--origins',
  WIDGET_ID: '--widget',
  SUPABASE_URL: '--admin',
  ADMIN_ORIGINS: '--admin-origins',
  WEBHOOK_TARGET_URL: '--webhook-target',
}

/** The Worker's variables that follow from the choices. Throws `Mistake` for a `--set` that is none. */
export function variablesOf(choices: Choices): Record<string, string> {
  const [widget, ...more] = choices.widget ?? []
  const vars: Record<string, string> = { ALLOWED_ORIGINS: tidyOrigins(choices.origins ?? '') }
  if (widget !== undefined && more.length === 0) vars.WIDGET_ID = widget
  if (choices.admin !== undefined) vars.SUPABASE_URL = choices.admin.replace(/\/+$/, '')
  if (choices.adminOrigins !== undefined) vars.ADMIN_ORIGINS = tidyOrigins(choices.adminOrigins)
  if (choices.webhookTarget !== undefined) vars.WEBHOOK_TARGET_URL = choices.webhookTarget
  for (const setting of choices.set ?? []) {
    const [, name, value] = /^\s*([^=\s]+)\s*=\s*(.*\S)\s*$/s.exec(setting) ?? []
    if (name === undefined || value === undefined) {
      throw new Mistake(
        'usage',
        `--set ${setting.slice(0, 60).replace(/=.*$/s, '')} has no value: write --set NAME=value, as in --set MESSAGES_PER_DAY=500.`,
      )
    }
    refuseName(name)
    vars[name] = value
  }
  return vars
}

function refuseName(name: string): void {
  const shown = `--set ${name.slice(0, 60)}`
  const option = OPTION_OF[name]
  if (option !== undefined) throw new Mistake('usage', `${shown} has an option of its own: use ${option}.`)
  if (SECRETS.includes(name)) {
    throw new Mistake('usage', `${shown} is a secret, and others can read a command line: put it into secrets.env.`)
  }
  if (!VARIABLES.includes(name))
    throw new Mistake('usage', `${shown} is no variable of the Worker: ${settingMeant(name)}`)
}

/** Every mistake of the choices, in the words that were typed. */
export function mistakesIn(choices: Choices): string[] {
  const vars = variablesOf(choices)
  const { origins = '', domain, account, widget = [], admin, adminOrigins } = choices
  const sentences = [
    ...workerMistakes(vars).map(({ setting, why }) => `${OPTION_OF[setting] ?? `--set ${setting}`} ${why}`),
    ...widgetMistakes(widget),
    domain === undefined ? undefined : domainMistake('--domain', domain, tidyOrigins(origins)),
    account === undefined ? undefined : accountMistake('--account', account),
    admin !== undefined && adminOrigins === undefined
      ? '--admin needs --admin-origins, the origins of your dashboards, as in --admin-origins https://dashboard.acme.example.'
      : undefined,
    admin === undefined && adminOrigins !== undefined
      ? '--admin-origins needs --admin, the Supabase project of your dashboards, as in --admin https://project.supabase.co.'
      : undefined,
  ]
  return sentences.filter((each) => each !== undefined)
}

/** What is wrong with an answer about origins; `undefined` when it will do. */
export function originsMistake(text: string): string | undefined {
  const [first] = workerMistakes({ ALLOWED_ORIGINS: tidyOrigins(text) })
  if (!first) return undefined
  const why = first.why.replace(/^is empty: list/, 'List')
  return why.charAt(0).toUpperCase() + why.slice(1)
}

type Why = { setting: string; why: string }

/** The Worker's own judgement of the variables, with sound stand-ins for the secrets that are still to come. */
function workerMistakes(vars: Record<string, string>): Why[] {
  const secrets = { CATY_API_KEY: `caty_${'0'.repeat(32)}`, TOKEN_SECRETS: newTokenSecret(new Date(0)) }
  const parsed = parseSettings({ ...secrets, ...vars })
  const found: Why[] = parsed.ok
    ? []
    : parsed.problems.filter(({ setting, why }) => setting in vars && !saidBetter(why))
  const whys = found.map(({ setting, why }) => ({
    setting,
    why: `${withEntry(why.replace(/^is missing:/, 'is empty:'), vars[setting] ?? '')}.`,
  }))
  for (const setting of ['ALLOWED_ORIGINS', 'ADMIN_ORIGINS']) {
    const text = vars[setting] ?? ''
    const suffix = publicSuffixMistake(text)?.replace(/^ALLOWED_ORIGINS /, '')
    if (suffix !== undefined) whys.push({ setting, why: withEntry(suffix, text) })
    const plain = text.split(', ').find(plainOrigin)
    if (plain !== undefined && (vars.DPOP ?? 'required') === 'required') {
      const https = plain.replace(/^http:/, 'https:')
      const why = `entry “${plain}” is plain HTTP, where browsers give pages no key pairs and the chat does not work: write ${https}, or add --set DPOP=optional.`
      whys.push({ setting, why })
    }
  }
  return whys
}

function widgetMistakes(widgets: readonly string[]): string[] {
  const twice = widgets.find((widget, at) => widgets.indexOf(widget) < at)
  if (twice !== undefined) return [`--widget ${twice} is given twice: name each widget once.`]
  if (widgets.length < 2) return []
  return widgets
    .filter((widget) => !/^[A-Za-z0-9_-]{1,100}$/.test(widget))
    .map((widget) => `--widget “${widget.slice(0, 60)}” must be letters, digits, - or _, at most 100 of them.`)
}

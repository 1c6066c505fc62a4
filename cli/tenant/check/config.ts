/** The tracked half of a tenant: does its configuration still fit this version, and is nothing in it that must not be? */
import { resolve } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import * as v from 'valibot'
import { readText } from '../../base/files.ts'
import { secretsIn } from '../../base/secret-patterns.ts'
import { baseFor, readRaw, WranglerConfig } from '../config.ts'
import { accountMistake, domainMistake } from '../names.ts'
import type { Tenant } from '../places.ts'
import type { Run } from '../run.ts'
import { SECRETS, settingMeant, VARIABLES } from '../settings.ts'
import { error, type Problem, warning } from './problem.ts'

export type ReadConfig = { config: WranglerConfig | undefined; problems: Problem[] }

/** What to type when this version wants something else than the file has. */
export const fixOf = (run: Run, tenant: Tenant): string => `run ${run.called} check ${tenant.name} --fix`

/** Reads and checks a tenant's `wrangler.jsonc` by itself. Never throws for a mistake of its author. */
export async function readConfig(run: Run, tenant: Tenant, project: WranglerConfig): Promise<ReadConfig> {
  const text = await readText(tenant.config)
  if (text === undefined) {
    const sentence = `There is no ${run.places.shown(tenant.config)}: get it from git, or make it anew with ${run.called} new ${tenant.name}.`
    return { config: undefined, problems: [error('config_missing', sentence)] }
  }
  const leaked = leaksIn(text)
  const raw = await readRaw(tenant.config).catch((failure: unknown) =>
    error(
      'config_unreadable',
      `wrangler.jsonc cannot be read: ${failure instanceof Error ? failure.message : ''}; mend the JSON there.`,
    ),
  )
  if (isProblem(raw)) return { config: undefined, problems: [...leaked, raw] }
  const parsed = v.safeParse(WranglerConfig, raw)
  if (!parsed.success) {
    const missing = [...new Set(parsed.issues.map((issue) => v.getDotPath(issue) ?? 'the whole file'))].join(', ')
    const sentence = `wrangler.jsonc misses or misspells ${missing}: ${fixOf(run, tenant)}.`
    return { config: undefined, problems: [...leaked, error('config_incomplete', sentence)] }
  }
  const config = parsed.output
  const base = baseFor(project, config.vars)
  const fix = fixOf(run, tenant)
  return {
    config,
    problems: [
      // A secret under vars has a sentence of its own.
      ...(Object.keys(config.vars).some((name) => SECRETS.includes(name)) ? [] : leaked),
      ...shapeProblems(run, tenant, config, base, fix),
      ...bindingProblems(config, base, fix),
      ...limitProblems(config, fix),
      ...variableProblems(config),
      ...domainProblems(config),
    ],
  }
}

const isProblem = (value: unknown): value is Problem =>
  typeof value === 'object' && value !== null && 'severity' in value && 'sentence' in value

/** A secret anywhere in the tracked text, comments included. */
const leaksIn = (text: string): Problem[] =>
  secretsIn(text).map(({ what, at }) => {
    const line = text.slice(0, at).split('\n').length
    const sentence = `wrangler.jsonc line ${line} holds ${what}, and git tracks that file: move it to secrets.env, and rotate it if it was ever committed.`
    return error('secret_in_config', sentence)
  })

function shapeProblems(run: Run, tenant: Tenant, config: WranglerConfig, base: WranglerConfig, fix: string): Problem[] {
  const problems: Problem[] = []
  if ('env' in config) {
    const sentence =
      'wrangler.jsonc has an env section, which drops rate limits and secrets silently: make a tenant of its own for each environment.'
    problems.push(error('env_section', sentence))
  }
  if (!/^[a-z0-9][a-z0-9-]{0,62}$/.test(config.name)) {
    const sentence = 'name in wrangler.jsonc must be at most 63 lower-case letters, digits and hyphens.'
    problems.push(error('worker_name', sentence))
  }
  if (config.name === base.name) {
    const sentence = `name in wrangler.jsonc is the project's own “${base.name}”: give the tenant a name that no other Worker has.`
    problems.push(error('worker_name', sentence))
  }
  const account =
    config.account_id === undefined ? undefined : accountMistake('account_id in wrangler.jsonc', config.account_id)
  if (account !== undefined) problems.push(error('account_form', account))
  const code = run.places.codeFor(tenant.folder)
  for (const [what, own, ours] of [
    ['main', config.main, code.main],
    ['assets.directory', config.assets.directory, code.assets],
  ] as const) {
    if (resolve(tenant.folder, own) === resolve(ours)) continue
    problems.push(error('wrong_path', `${what} in wrangler.jsonc does not lead to ${run.places.shown(ours)}: ${fix}.`))
  }
  return problems
}

/** Parts that must be exactly as this version has them. */
const SAME = [
  'compatibility_date',
  'compatibility_flags',
  'durable_objects',
  'migrations',
  'build',
  'no_bundle',
] as const

/** The parts that an upgrade may change under a tenant's feet. */
function bindingProblems(config: WranglerConfig, base: WranglerConfig, fix: string): Problem[] {
  const pairs: [what: string, own: unknown, ours: unknown][] = [
    ...SAME.map((what): [string, unknown, unknown] => [what, config[what], base[what]]),
    ['assets', { ...config.assets, directory: '' }, { ...base.assets, directory: '' }],
    ['queues', queueBindings(config), queueBindings(base)],
  ]
  const problems = pairs
    .filter(([, own, ours]) => !isDeepStrictEqual(own, ours))
    .map(([what]) => error('out_of_step', `${what} in wrangler.jsonc is not what this version needs: ${fix}.`))
  const lost = base.ratelimits.filter(({ name }) => !config.ratelimits.some((each) => each.name === name))
  if (lost.length > 0) {
    const names = lost.map(({ name }) => name).join(', ')
    problems.push(error('binding_missing', `wrangler.jsonc misses the rate limits ${names}: ${fix}.`))
  }
  for (const { binding } of base.analytics_engine_datasets) {
    if (config.analytics_engine_datasets.some((each) => each.binding === binding)) continue
    const sentence = `The dataset ${binding} is missing in wrangler.jsonc, so nothing is measured: ${fix}.`
    problems.push(warning('binding_missing', sentence))
  }
  return problems
}

const queueBindings = ({ queues }: WranglerConfig): unknown => ({
  producers: queues?.producers?.map(({ binding }) => binding) ?? [],
  consumers: queues?.consumers?.length ?? 0,
})

function limitProblems({ ratelimits }: WranglerConfig, fix: string): Problem[] {
  const problems: Problem[] = []
  const seen = new Map<string, string>()
  for (const { name, namespace_id: id, simple } of ratelimits) {
    const known = seen.get(id)
    if (known !== undefined) {
      const sentence = `The rate limits ${known} and ${name} share namespace_id ${id}, so they share one counter: ${fix}.`
      problems.push(error('namespace_shared', sentence))
    }
    seen.set(id, name)
    if (!/^[1-9]\d{0,9}$/.test(id)) {
      problems.push(error('namespace_form', `namespace_id of ${name} must be a whole number in quotes: ${fix}.`))
    }
    if (simple.period !== 10 && simple.period !== 60) {
      problems.push(
        error('limit_period', `simple.period of ${name} must be 10 or 60 seconds: Cloudflare knows no other.`),
      )
    }
    if (!Number.isInteger(simple.limit) || simple.limit < 1) {
      problems.push(error('limit_value', `simple.limit of ${name} must be a whole number above 0.`))
    }
  }
  return problems
}

/** Cloudflare takes a variable up to this size, in bytes. */
const VARIABLE_BYTES = 5 * 1024

const variableProblems = ({ vars }: WranglerConfig): Problem[] =>
  Object.entries(vars).flatMap(([name, value]) => {
    if (SECRETS.includes(name)) {
      const sentence = `${name} stands under vars in wrangler.jsonc, which git tracks: move it to secrets.env, and rotate it if it was ever committed.`
      return [error('secret_in_config', sentence)]
    }
    if (!VARIABLES.includes(name)) {
      return [error('variable_unknown', `The Worker knows no setting ${name.slice(0, 60)}: ${settingMeant(name)}`)]
    }
    if (name === 'INSTALLER' && value !== 'on' && value !== 'off') {
      return [error('variable_form', 'INSTALLER in wrangler.jsonc must be "on" or "off".')]
    }
    // The Worker's own parser says that it must be text.
    if (typeof value !== 'string') return []
    const bytes = Buffer.byteLength(value)
    if (bytes <= VARIABLE_BYTES) return []
    const sentence = `${name} has ${bytes} bytes and Cloudflare takes ${VARIABLE_BYTES}: shorten it, or share it out over two tenants.`
    return [error('variable_size', sentence)]
  })

const domainProblems = ({ routes, vars }: WranglerConfig): Problem[] =>
  routes.flatMap(({ pattern, custom_domain: custom }) => {
    if (custom !== true) {
      const sentence = `The route ${pattern} in wrangler.jsonc must be a custom domain of its own ("custom_domain": true): on a path of another site the widget's paths do not exist.`
      return [error('route_form', sentence)]
    }
    const origins = typeof vars.ALLOWED_ORIGINS === 'string' ? vars.ALLOWED_ORIGINS : ''
    const mistake = domainMistake('The custom domain', pattern, origins)
    if (mistake !== undefined) return [error('domain_form', mistake)]
    if (vars.PUBLIC_URL === `https://${pattern}`) return []
    const sentence = `PUBLIC_URL in wrangler.jsonc must be https://${pattern}, the custom domain: tokens carry it as their issuer.`
    return [error('public_url', sentence)]
  })

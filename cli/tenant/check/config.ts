/** The tracked half of a tenant: does its configuration still fit the project's, and is nothing in it that must not be? */

import { resolve } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import * as v from 'valibot'
import { CATY_KEY } from '../../../edge/base/key-pattern.ts'
import { baseFor, readRaw, readText, WranglerConfig } from '../config.ts'
import { projectRoot, type Tenant } from '../project.ts'
import { nearestSetting, SECRETS, VARIABLES } from '../settings.ts'
import { error, type Problem, warning } from './problem.ts'

export type ReadConfig = { config: WranglerConfig | undefined; problems: Problem[] }

const FIX = 'run npm run tenant -- check --fix'

/** Reads and checks a tenant's `wrangler.jsonc` by itself. Never throws for a mistake of its author. */
export async function readConfig(tenant: Tenant, project: WranglerConfig): Promise<ReadConfig> {
  const text = await readText(tenant.config)
  if (text === undefined) {
    const sentence = `There is no ${tenant.name}/wrangler.jsonc: make it with npm run tenant -- new ${tenant.name}.`
    return { config: undefined, problems: [error('config_missing', sentence)] }
  }
  const leaked = secretsInText(text)
  let raw: unknown
  try {
    raw = await readRaw(tenant.config)
  } catch (failure) {
    const [why = ''] = failure instanceof Error ? failure.message.split('\n') : []
    const sentence = `wrangler.jsonc cannot be read: ${why.replace(/[.\s]*$/, '')}; mend the JSON there.`
    return { config: undefined, problems: [...leaked, error('config_unreadable', sentence)] }
  }
  const parsed = v.safeParse(WranglerConfig, raw)
  if (!parsed.success) {
    const missing = [...new Set(parsed.issues.map((issue) => v.getDotPath(issue) ?? 'the whole file'))].join(', ')
    const sentence = `wrangler.jsonc misses or misspells ${missing}: ${FIX}, or copy it from tenants/example.`
    return { config: undefined, problems: [...leaked, error('config_incomplete', sentence)] }
  }
  const config = parsed.output
  const base = baseFor(project, config.vars)
  return {
    config,
    problems: [
      // A secret under vars has a sentence of its own.
      ...(Object.keys(config.vars).some((name) => SECRETS.includes(name)) ? [] : leaked),
      ...shapeProblems(tenant, config, base),
      ...bindingProblems(config, base),
      ...limitProblems(config),
      ...variableProblems(config),
      ...domainProblems(config),
    ],
  }
}

/** A key or a ring entry anywhere in the tracked text, comments included. */
function secretsInText(text: string): Problem[] {
  const found = [
    ['a key of Caty', CATY_KEY],
    ['a token secret', /[A-Za-z0-9_-]{1,32}:[A-Za-z0-9_-]{43}(?![A-Za-z0-9_-])/],
    ['a webhook secret', /whsec_[A-Za-z0-9+/=]{16,}/],
  ] as const
  return found
    .map(([what, pattern]) => ({ what, match: pattern.exec(text) }))
    .flatMap(({ what, match }) => {
      if (!match) return []
      const line = text.slice(0, match.index).split('\n').length
      const sentence = `wrangler.jsonc line ${line} holds ${what}, and git tracks that file: move it to secrets.env, and rotate it if it was ever committed.`
      return [error('secret_in_config', sentence)]
    })
}

function shapeProblems(tenant: Tenant, config: WranglerConfig, base: WranglerConfig): Problem[] {
  const problems: Problem[] = []
  if ('env' in config) {
    const sentence =
      'wrangler.jsonc has an env section, which drops rate limits and secrets silently: make a tenant of its own for each environment.'
    problems.push(error('env_section', sentence))
  }
  if (!/^[a-z0-9][a-z0-9-]{0,62}$/.test(config.name)) {
    problems.push(
      error('worker_name', 'name in wrangler.jsonc must be at most 63 lower-case letters, digits and hyphens.'),
    )
  }
  if (config.name === base.name) {
    const sentence = `name in wrangler.jsonc is the project's own “${base.name}”: give the tenant a name that no other Worker has.`
    problems.push(error('worker_name', sentence))
  }
  for (const [what, own, ours] of [
    ['main', config.main, base.main],
    ['assets.directory', config.assets.directory, base.assets.directory],
  ] as const) {
    if (resolve(tenant.folder, own) !== resolve(projectRoot, ours)) {
      problems.push(error('wrong_path', `${what} in wrangler.jsonc does not lead to ${ours} of the project: ${FIX}.`))
    }
  }
  return problems
}

/** The parts that an upgrade of the project may change under a tenant's feet. */
function bindingProblems(config: WranglerConfig, base: WranglerConfig): Problem[] {
  const problems: Problem[] = []
  const stale = (what: string): number =>
    problems.push(
      error('out_of_step', `${what} in wrangler.jsonc is not what wrangler.toml of this version says: ${FIX}.`),
    )
  const same = (what: string, own: unknown, ours: unknown): void => {
    if (!isDeepStrictEqual(own, ours)) stale(what)
  }
  same('compatibility_date', config.compatibility_date, base.compatibility_date)
  same('compatibility_flags', config.compatibility_flags, base.compatibility_flags)
  same('durable_objects', config.durable_objects, base.durable_objects)
  same('migrations', config.migrations, base.migrations)
  same('build', config.build, base.build)
  same('no_bundle', config.no_bundle, base.no_bundle)
  same('assets', { ...config.assets, directory: '' }, { ...base.assets, directory: '' })
  same('queues', queueBindings(config), queueBindings(base))
  const lost = base.ratelimits.filter(({ name }) => !config.ratelimits.some((each) => each.name === name))
  if (lost.length > 0) {
    const names = lost.map(({ name }) => name).join(', ')
    problems.push(error('binding_missing', `wrangler.jsonc misses the rate limits ${names}: ${FIX}.`))
  }
  for (const { binding } of base.analytics_engine_datasets) {
    if (!config.analytics_engine_datasets.some((each) => each.binding === binding)) {
      problems.push(
        warning(
          'binding_missing',
          `The dataset ${binding} is missing in wrangler.jsonc, so nothing is measured: ${FIX}.`,
        ),
      )
    }
  }
  return problems
}

const queueBindings = ({ queues }: WranglerConfig): unknown => ({
  producers: queues?.producers?.map(({ binding }) => binding) ?? [],
  consumers: queues?.consumers?.length ?? 0,
})

function limitProblems({ ratelimits }: WranglerConfig): Problem[] {
  const problems: Problem[] = []
  const seen = new Map<string, string>()
  for (const { name, namespace_id: id, simple } of ratelimits) {
    const known = seen.get(id)
    if (known !== undefined) {
      const sentence = `The rate limits ${known} and ${name} share namespace_id ${id}, so they share one counter: ${FIX}.`
      problems.push(error('namespace_shared', sentence))
    }
    seen.set(id, name)
    if (!/^[1-9]\d{0,9}$/.test(id)) {
      problems.push(error('namespace_form', `namespace_id of ${name} must be a whole number in quotes: ${FIX}.`))
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

function variableProblems({ vars }: WranglerConfig): Problem[] {
  return Object.entries(vars).flatMap(([name, value]) => {
    if (SECRETS.includes(name)) {
      const sentence = `${name} stands under vars in wrangler.jsonc, which git tracks: move it to secrets.env, and rotate it if it was ever committed.`
      return [error('secret_in_config', sentence)]
    }
    if (!VARIABLES.includes(name)) {
      const nearest = nearestSetting(name)
      const advice = nearest === undefined ? 'docs/settings.md lists all of them' : `did you mean ${nearest}?`
      return [
        error(
          'variable_unknown',
          `The Worker knows no setting ${name.slice(0, 60)}: ${advice}`.replace(/([^?])$/, '$1.'),
        ),
      ]
    }
    if (typeof value !== 'string')
      return [error('variable_form', `${name} in wrangler.jsonc must be text: put quotes around it.`)]
    if (Buffer.byteLength(value) > VARIABLE_BYTES) {
      const sentence = `${name} has ${Buffer.byteLength(value)} bytes and Cloudflare takes ${VARIABLE_BYTES}: shorten it, or share it out over two tenants.`
      return [error('variable_size', sentence)]
    }
    return []
  })
}

function domainProblems({ routes, vars }: WranglerConfig): Problem[] {
  const problems: Problem[] = []
  for (const { pattern, custom_domain: custom } of routes) {
    if (custom !== true) {
      const sentence = `The route ${pattern} in wrangler.jsonc must be a custom domain of its own ("custom_domain": true): on a path of another site the widget's paths do not exist.`
      problems.push(error('route_form', sentence))
    } else if (!/^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/.test(pattern)) {
      const sentence = `The custom domain ${pattern} must be a host name alone, as in chat.example.com: no scheme, port, path or star.`
      problems.push(error('domain_form', sentence))
    } else if (vars.PUBLIC_URL !== `https://${pattern}`) {
      const sentence = `PUBLIC_URL in wrangler.jsonc must be https://${pattern}, the custom domain: tokens carry it as their issuer.`
      problems.push(error('public_url', sentence))
    }
  }
  return problems
}

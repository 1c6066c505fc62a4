/** `check`: everything that can be known before anything is uploaded, in the Worker's own words where it has some. */
import { settingSentence } from '../../../edge/base/reason.ts'
import { parseSettings } from '../../../edge/settings/index.ts'
import { publicSuffixMistake } from '../../start/public-suffix.ts'
import type { WranglerConfig } from '../config.ts'
import type { Tenant } from '../project.ts'
import { newTokenSecret, readSecrets, type SecretValues } from '../secrets-file.ts'
import { readConfig } from './config.ts'
import { pairProblems } from './pairs.ts'
import { error, isError, type Problem, warning } from './problem.ts'
import { fileProblems, secretsMissing, sharedSecrets, valueProblems } from './secrets.ts'

export type Checked = {
  tenant: Tenant
  config: WranglerConfig | undefined
  /** Empty when the deployed ones are to stay. */
  secrets: SecretValues
  problems: Problem[]
}
export type CheckOptions = { base: WranglerConfig; others: readonly Tenant[]; withoutSecrets: boolean }

/** Checks one tenant; `others` are compared with it, not checked. */
export async function checkTenant(tenant: Tenant, options: CheckOptions): Promise<Checked> {
  const { config, problems } = await readConfig(tenant, options.base)
  const secrets = options.withoutSecrets ? undefined : await readSecrets(tenant.secrets)
  if (secrets) problems.push(...(await fileProblems(tenant)), ...valueProblems(secrets))
  else if (config && !options.withoutSecrets) problems.push(secretsMissing(tenant))
  const values = secrets?.values ?? {}
  if (config) {
    problems.push(...workerProblems(config, options.withoutSecrets || !secrets ? undefined : values))
    for (const other of options.others.filter(({ name }) => name !== tenant.name)) {
      problems.push(...(await collisions(config, values, other, options.base)))
    }
  }
  return { tenant, config, secrets: values, problems: onlyOnce(problems) }
}

/** What the Worker would answer 503 for. Without secrets, sound ones stand in, so the variables are checked all the same. */
function workerProblems(config: WranglerConfig, secrets: SecretValues | undefined): Problem[] {
  const { vars } = config
  const env = secrets ?? {
    CATY_API_KEY: `caty_${'0'.repeat(32)}`,
    TOKEN_SECRETS: newTokenSecret(new Date(0)),
    ...counterparts(vars),
  }
  const parsed = parseSettings({ ...env, ...vars })
  const problems = parsed.ok ? [] : parsed.problems.map((each) => error('setting', settingSentence(advised(each))))
  return [...problems, ...originProblems(vars), ...pairProblems(vars, secrets), ...paceProblems(vars)]
}

/** The Worker speaks of `wrangler secret put`, which cannot come before a first deploy; here the file is the place. */
const advised = (problem: { setting: string; why: string }): { setting: string; why: string } => ({
  ...problem,
  why: problem.why
    .replace(/set it as a secret of the Worker \(wrangler secret put \w+\)/, 'put it into secrets.env')
    .replace('(npm run tenant -- new makes one)', '(npm run tenant -- rotate makes a new one)'),
})

/** Secrets that the variables call for, for a check that may not see them. */
function counterparts(vars: Record<string, unknown>): Record<string, string> {
  return {
    ...(vars.TURNSTILE_SITE_KEY !== undefined && { TURNSTILE_SECRET: '0x0000000000000000000000' }),
    ...(vars.WEBHOOK_TARGET_URL !== undefined && {
      WEBHOOK_TARGET_SECRET: `whsec_${Buffer.alloc(32).toString('base64')}`,
      CATY_WEBHOOK_SECRETS: `whsec_${Buffer.alloc(32).toString('base64')}`,
    }),
  }
}

function originProblems(vars: Record<string, unknown>): Problem[] {
  const problems: Problem[] = []
  for (const setting of ['ALLOWED_ORIGINS', 'ADMIN_ORIGINS']) {
    const text = typeof vars[setting] === 'string' ? vars[setting] : ''
    const mistake = publicSuffixMistake(text)
    if (mistake !== undefined) problems.push(error('setting', mistake.replace('ALLOWED_ORIGINS', setting)))
    const entries = text.split(',').map((entry) => entry.trim())
    for (const entry of new Set(entries.filter((each, at) => each !== '' && entries.indexOf(each) < at))) {
      problems.push(error('origin_twice', `${setting} lists ${entry.slice(0, 100)} twice: take one out.`))
    }
    const plain = entries.find((entry) => /^http:\/\/(?!\*|(localhost|127\.0\.0\.1|\[::1\])(:|$))/.test(entry))
    if (plain !== undefined && (vars.DPOP ?? 'required') === 'required') {
      const sentence = `${setting} entry ${plain.slice(0, 100)} is plain HTTP, where browsers have no key pairs: list its https:// origin, or set DPOP to optional.`
      problems.push(error('origin_plain', sentence))
    }
  }
  return problems
}

/** Caty's own limit for all visitors of one tenant, a minute. */
const CATY_MESSAGES_PER_MINUTE = 20

function paceProblems(vars: Record<string, unknown>): Problem[] {
  const pace = Number(vars.MESSAGES_PER_MINUTE ?? 18)
  if (!(pace > CATY_MESSAGES_PER_MINUTE)) return []
  const sentence = `MESSAGES_PER_MINUTE is ${pace}, and Caty takes ${CATY_MESSAGES_PER_MINUTE} unless your plan says otherwise: visitors may see its refusals.`
  return [warning('pace', sentence)]
}

/** What two tenants must not share. */
async function collisions(
  config: WranglerConfig,
  secrets: SecretValues,
  other: Tenant,
  base: WranglerConfig,
): Promise<Problem[]> {
  const problems: Problem[] = []
  const { config: theirs } = await readConfig(other, base)
  if (theirs) {
    const ids = new Set(theirs.ratelimits.map((limit) => limit.namespace_id))
    const shared = config.ratelimits.find((limit) => ids.has(limit.namespace_id))
    if (shared) {
      const sentence = `The rate limit ${shared.name} shares namespace_id ${shared.namespace_id} with the tenant ${other.name}, so they share one counter: run npm run tenant -- check --fix.`
      problems.push(error('namespace_shared', sentence))
    }
    if (theirs.name === config.name) {
      problems.push(
        error(
          'worker_name',
          `The tenant ${other.name} has the Worker name ${config.name} too: change name in one wrangler.jsonc.`,
        ),
      )
    }
    const domain = config.routes.find(({ pattern }) => theirs.routes.some((route) => route.pattern === pattern))
    if (domain) {
      problems.push(
        error(
          'domain_shared',
          `The tenant ${other.name} has the domain ${domain.pattern} too: give one of them another.`,
        ),
      )
    }
    const datasets = new Set(theirs.analytics_engine_datasets.map(({ dataset }) => dataset))
    const measured = config.analytics_engine_datasets.find(({ dataset }) => datasets.has(dataset))
    if (measured) {
      problems.push(
        error(
          'dataset_shared',
          `The tenant ${other.name} writes to the dataset ${measured.dataset} too: run npm run tenant -- check --fix.`,
        ),
      )
    }
  }
  const file = await readSecrets(other.secrets)
  return file ? [...problems, ...sharedSecrets(secrets, file.values, other.name)] : problems
}

/** Errors first; a sentence that two checks came to is said once. */
function onlyOnce(problems: readonly Problem[]): Problem[] {
  const once = problems.filter((each, at) => problems.findIndex(({ sentence }) => sentence === each.sentence) === at)
  return [...once.filter(isError), ...once.filter((each) => !isError(each))]
}

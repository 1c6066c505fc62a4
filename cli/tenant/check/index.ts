/** Everything that can be known before anything is uploaded, in the Worker's own words where it has some. */
import { parseSettings } from '../../../edge/settings/index.ts'
import { publicSuffixMistake } from '../../start/public-suffix.ts'
import type { WranglerConfig } from '../config.ts'
import { plainOrigin, saidBetter, withEntry } from '../origins.ts'
import type { Tenant } from '../places.ts'
import type { Run } from '../run.ts'
import { newTokenSecret, readSecrets, type SecretValues } from '../secrets-file.ts'
import { readConfig } from './config.ts'
import { pairProblems } from './pairs.ts'
import { error, isError, type Problem, warning } from './problem.ts'
import { fileProblems, secretsMissing, valueProblems } from './secrets.ts'
import { collisions } from './shared.ts'

export type Checked = {
  tenant: Tenant
  config: WranglerConfig | undefined
  /** Empty when the deployed ones are to stay. */
  secrets: SecretValues
  problems: Problem[]
}
/** Checks one tenant, and compares it with the others, which are not checked. */
export async function checkTenant(
  run: Run,
  tenant: Tenant,
  { base, withoutSecrets }: { base: WranglerConfig; withoutSecrets: boolean },
): Promise<Checked> {
  const { config, problems } = await readConfig(run, tenant, base)
  const secrets = withoutSecrets ? undefined : await readSecrets(tenant.secrets)
  if (secrets) problems.push(...(await fileProblems(run, tenant)), ...valueProblems(secrets))
  else if (config && !withoutSecrets) problems.push(secretsMissing(run, tenant))
  const values = secrets?.values ?? {}
  if (config) {
    problems.push(...workerProblems(run, tenant, config, secrets && values))
    for (const other of run.places.all().filter(({ name }) => name !== tenant.name)) {
      problems.push(...(await collisions(run, tenant, { config, secrets: values }, other, base)))
    }
  }
  return { tenant, config, secrets: values, problems: onlyOnce(problems) }
}

/** What the Worker would answer 503 for. Without secrets, sound ones stand in, so the variables are checked all the same. */
function workerProblems(
  run: Run,
  tenant: Tenant,
  { vars }: WranglerConfig,
  secrets: SecretValues | undefined,
): Problem[] {
  const env = secrets ?? {
    CATY_API_KEY: `caty_${'0'.repeat(32)}`,
    TOKEN_SECRETS: newTokenSecret(new Date(0)),
    ...counterparts(vars),
  }
  const parsed = parseSettings({ ...env, ...vars })
  const found = parsed.ok ? [] : parsed.problems.filter(({ why }) => !saidBetter(why))
  const problems = found.map(({ setting, why }) =>
    error('setting', `${setting} ${advised(withEntry(why, textOf(vars[setting])), run, tenant)}.`),
  )
  return [...problems, ...originProblems(vars), ...pairProblems(vars, secrets), ...paceProblems(vars)]
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

/** The Worker speaks of `wrangler secret put`, which cannot come before a first deploy; here the file is the place. */
function advised(why: string, { called }: Run, { name }: Tenant): string {
  if (/^is missing: must be kid:/.test(why)) return `is missing: ${called} check ${name} --fix makes one`
  return why.replace(/set it as a secret of the Worker \(wrangler secret put \w+\)/, 'put it into secrets.env')
}

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
    const text = textOf(vars[setting])
    const suffix = publicSuffixMistake(text)?.replace(/^ALLOWED_ORIGINS /, '')
    if (suffix !== undefined) problems.push(error('setting', `${setting} ${withEntry(suffix, text)}`))
    const entries = text.split(',').map((entry) => entry.trim())
    for (const entry of new Set(entries.filter((each, at) => each !== '' && entries.indexOf(each) < at))) {
      problems.push(error('origin_twice', `${setting} lists ${entry.slice(0, 100)} twice: take one out.`))
    }
    const plain = entries.find(plainOrigin)
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

/** Errors first; a sentence that two checks came to is said once. */
function onlyOnce(problems: readonly Problem[]): Problem[] {
  const once = problems.filter((each, at) => problems.findIndex(({ sentence }) => sentence === each.sentence) === at)
  return [...once.filter(isError), ...once.filter((each) => !isError(each))]
}

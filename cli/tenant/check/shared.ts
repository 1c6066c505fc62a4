/** What two tenants must not share. */
import type { WranglerConfig } from '../config.ts'
import type { Tenant } from '../places.ts'
import type { Run } from '../run.ts'
import { readSecrets, type SecretValues } from '../secrets-file.ts'
import { fixOf, readConfig } from './config.ts'
import { error, type Problem } from './problem.ts'

export async function collisions(
  run: Run,
  tenant: Tenant,
  { config, secrets }: { config: WranglerConfig; secrets: SecretValues },
  other: Tenant,
  base: WranglerConfig,
): Promise<Problem[]> {
  const { config: theirs } = await readConfig(run, other, base)
  const problems = theirs ? sharedNames(config, theirs, other.name, fixOf(run, tenant)) : []
  const file = await readSecrets(other.secrets)
  if (!file) return problems
  const known = ringOf(file.values)
  if (![...ringOf(secrets)].some((entry) => known.has(entry))) return problems
  // Whoever has it could make tokens for the other.
  const sentence = `TOKEN_SECRETS has a key that the tenant ${other.name} has too: give this one its own with ${run.called} rotate ${tenant.name} TOKEN_SECRETS.`
  return [...problems, error('token_secrets_shared', sentence)]
}

const ringOf = ({ TOKEN_SECRETS: ring = '' }: SecretValues): Set<string> =>
  new Set(
    ring
      .split(',')
      .map((entry) => entry.trim().replace(/^[^:]*:/, ''))
      .filter(Boolean),
  )

function sharedNames(config: WranglerConfig, theirs: WranglerConfig, other: string, fix: string): Problem[] {
  const problems: Problem[] = []
  const ids = new Set(theirs.ratelimits.map((limit) => limit.namespace_id))
  const shared = config.ratelimits.find((limit) => ids.has(limit.namespace_id))
  if (shared) {
    const sentence = `The rate limit ${shared.name} shares namespace_id ${shared.namespace_id} with the tenant ${other}, so they share one counter: ${fix}.`
    problems.push(error('namespace_shared', sentence))
  }
  if (theirs.name === config.name) {
    const sentence = `The tenant ${other} has the Worker name ${config.name} too: change name in one wrangler.jsonc.`
    problems.push(error('worker_name', sentence))
  }
  const domain = config.routes.find(({ pattern }) => theirs.routes.some((route) => route.pattern === pattern))
  if (domain) {
    const sentence = `The tenant ${other} has the domain ${domain.pattern} too: give one of them another.`
    problems.push(error('domain_shared', sentence))
  }
  const datasets = new Set(theirs.analytics_engine_datasets.map(({ dataset }) => dataset))
  const measured = config.analytics_engine_datasets.find(({ dataset }) => datasets.has(dataset))
  if (measured) {
    const sentence = `The tenant ${other} writes to the dataset ${measured.dataset} too: ${fix}.`
    problems.push(error('dataset_shared', sentence))
  }
  return problems
}

/** `list`: all tenants at a glance. Never says more of a secret than whether it is there. */
import type { Command } from 'commander'
import type { Terminal } from '../base/terminal.ts'
import { changedSince } from './changed.ts'
import { checkTenant } from './check/index.ts'
import { isError } from './check/problem.ts'
import { projectConfig } from './config.ts'
import type { Tenant } from './places.ts'
import { FOLDER, JSON_OUT, perform, type Run, tenantCommand } from './run.ts'
import { readState } from './state.ts'

export const listCommand = (): Command =>
  tenantCommand('list', 'shows all tenants: where each runs, and what is to mend', [
    '',
    '--json',
    '--changed-since origin/main',
  ])
    .option('--changed-since <commit>', 'only those that a change concerns, for CI')
    .option(...FOLDER)
    .option(...JSON_OUT)
    .action(perform<{ changedSince?: string }>(async (run, options) => list(run, options.changedSince)))

async function list(run: Run, since: string | undefined): Promise<number> {
  const { terminal, places, called } = run
  const all = places.all()
  const rows: Row[] = []
  for (const tenant of since === undefined ? all : await changedSince(since, all, run.home))
    rows.push(await rowOf(run, tenant))
  terminal.result({ ok: true, command: 'list', tenants: rows })
  if (rows.length === 0) {
    terminal.say(
      since === undefined
        ? `No tenants yet: make one with ${called} new acme --origins https://acme.example.`
        : `Nothing since ${since} concerns a tenant.`,
    )
  }
  const width = Math.max(...rows.map((row) => row.tenant.length), 6)
  for (const row of rows) terminal.say(`${row.tenant.padEnd(width)}  ${described(terminal, row)}`)
  return 0
}

type Row = {
  tenant: string
  worker: string | undefined
  origins: string[]
  secrets: string[]
  url: string | undefined
  deployedAt: string | undefined
  pending: string[]
  errors: number
}

async function rowOf(run: Run, tenant: Tenant): Promise<Row> {
  const base = await projectConfig(run.home)
  const { config, secrets, problems } = await checkTenant(run, tenant, { base, withoutSecrets: false })
  const { url, deployedAt, rotation, rollout } = await readState(tenant)
  return {
    tenant: tenant.name,
    worker: config?.name,
    origins: typeof config?.vars.ALLOWED_ORIGINS === 'string' ? config.vars.ALLOWED_ORIGINS.split(/\s*,\s*/) : [],
    secrets: Object.keys(secrets).filter((name) => secrets[name] !== ''),
    url,
    deployedAt,
    pending: [...(rotation ? [`rotation of ${rotation.secret}`] : []), ...(rollout ? ['roll-out'] : [])],
    errors: problems.filter(isError).length,
  }
}

function described(terminal: Terminal, { errors, url, deployedAt, origins, pending }: Row): string {
  const deployed = url === undefined ? 'not deployed' : `${url} since ${deployedAt?.slice(0, 10)}`
  const state = errors > 0 ? terminal.paint('red', `${errors} to mend`) : deployed
  const [first = 'no origin', ...more] = origins
  const pages = more.length === 0 ? first : `${first} and ${more.length} more`
  return `${state}  ${pages}${pending.map((each) => `  (${each} under way)`).join('')}`
}

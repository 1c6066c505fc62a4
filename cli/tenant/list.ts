/** `list` and `check`: all tenants at a glance, or one in detail. */
import { writeFile } from 'node:fs/promises'
import { changedSince } from './changed.ts'
import { type Checked, checkTenant } from './check/index.ts'
import { isError } from './check/problem.ts'
import { projectConfig, readRaw, renewedConfig } from './config.ts'
import { EXIT, Stopped } from './mistake.ts'
import type { Tenant } from './project.ts'
import { problemLines, type Run } from './run.ts'
import { readState } from './state.ts'

export type CheckOptions = { all: boolean; withoutSecrets: boolean; fix: boolean }

/** Says every problem of one tenant or of all; the exit code is 1 when one of them must be changed before a deploy. */
export async function checkCommand(run: Run, name: string | undefined, options: CheckOptions): Promise<number> {
  const { terminal, tenants } = run
  const all = await tenants.all()
  const chosen = options.all ? all : [tenants.named(name)]
  if (chosen.length === 0)
    throw new Stopped('mistake', 'There are no tenants yet: make one with npm run tenant -- new acme.')
  const base = await projectConfig()
  if (options.fix) for (const tenant of chosen) await fix(run, tenant)
  const checked: Checked[] = []
  for (const tenant of chosen) {
    checked.push(await checkTenant(tenant, { base, others: all, withoutSecrets: options.withoutSecrets }))
  }
  const ok = checked.every(({ problems }) => !problems.some(isError))
  terminal.result({
    ok,
    command: 'check',
    tenants: checked.map(({ tenant, problems }) => ({ tenant: tenant.name, ok: !problems.some(isError), problems })),
  })
  for (const { tenant, problems } of checked) {
    const fine = !problems.some(isError)
    terminal.say(
      `${fine ? terminal.paint('green', '✓') : terminal.paint('red', '✗')} ${tenant.name}${fine ? ' may be deployed' : ''}`,
    )
    for (const line of problemLines(terminal, problems)) terminal.say(line)
  }
  return ok ? EXIT.done : EXIT.mistake
}

/** Writes the configuration anew from the project's, with the owner's values in it. */
async function fix(run: Run, tenant: Tenant): Promise<void> {
  const base = await projectConfig()
  const raw = await readRaw(tenant.config).catch(() => undefined)
  if (raw === undefined) return
  await writeFile(tenant.config, renewedConfig(base, tenant.name, tenant.folder, raw))
  run.terminal.note(`${run.tenants.shown(tenant.config)} was written anew; git diff shows what changed.`)
}

/** One line a tenant. Never says more of a secret than whether it is there. */
export async function listCommand(run: Run, since: string | undefined): Promise<number> {
  const { terminal, tenants } = run
  const base = await projectConfig()
  const all = await tenants.all()
  const rows = []
  for (const tenant of since === undefined ? all : await changedSince(since, all)) {
    const { config, secrets, problems } = await checkTenant(tenant, { base, others: all, withoutSecrets: false })
    const { url, deployedAt, rotation, rollout } = await readState(tenant)
    rows.push({
      tenant: tenant.name,
      worker: config?.name,
      origins: typeof config?.vars.ALLOWED_ORIGINS === 'string' ? config.vars.ALLOWED_ORIGINS.split(/\s*,\s*/) : [],
      secrets: Object.keys(secrets).filter((name) => secrets[name] !== ''),
      url,
      deployedAt,
      pending: [rotation && `rotation of ${rotation.secret}`, rollout && 'roll-out'].filter(
        (each) => each !== undefined,
      ),
      errors: problems.filter(isError).length,
    })
  }
  terminal.result({ ok: true, command: 'list', tenants: rows })
  if (rows.length === 0) terminal.say('No tenants yet: make one with npm run tenant -- new acme.')
  const width = Math.max(...rows.map((row) => row.tenant.length), 6)
  for (const row of rows) {
    const state =
      row.errors > 0
        ? terminal.paint('red', `${row.errors} to mend`)
        : row.url === undefined
          ? 'not deployed'
          : `${row.url} since ${row.deployedAt?.slice(0, 10)}`
    const [first = 'no origin', ...more] = row.origins
    const origins = more.length === 0 ? first : `${first} and ${more.length} more`
    terminal.say(
      `${row.tenant.padEnd(width)}  ${state}  ${origins}${row.pending.map((each) => `  (${each} under way)`).join('')}`,
    )
  }
  return EXIT.done
}

/** `check`: says what is missing or wrong before anything is uploaded. */
import { writeFile } from 'node:fs/promises'
import type { Command } from 'commander'
import { EXIT, Mistake } from '../base/mistake.ts'
import { type Checked, checkTenant } from './check/index.ts'
import { isError } from './check/problem.ts'
import { configText, projectConfig, readRaw, renewedConfig } from './config.ts'
import type { Tenant } from './places.ts'
import { chosenTenant, FOLDER, JSON_OUT, noTenants, perform, type Run, tenantCommand, WITHOUT_SECRETS } from './run.ts'
import { newTokenSecret, readSecrets, withSecrets, writeSecrets } from './secrets-file.ts'

type CheckOptions = { all?: boolean; fix?: boolean; withoutSecrets?: boolean }

export const checkCommand = (): Command =>
  tenantCommand('check', 'says what is missing or wrong, before anything is uploaded', ['acme', '--all', 'acme --fix'])
    .argument('[name]', 'the tenant; without a name all of them')
    .option('--all', 'every tenant')
    .option('--fix', 'writes wrangler.jsonc anew as this version needs it, with your values')
    .option(...WITHOUT_SECRETS)
    .option(...FOLDER)
    .option(...JSON_OUT)
    .action(perform<CheckOptions>((run, options, [name]) => check(run, name, options)))

/** Says every problem of one tenant or of all; the exit code is 1 when one of them must be changed before a deploy. */
async function check(run: Run, name: string | undefined, { all, fix, withoutSecrets }: CheckOptions): Promise<number> {
  const { terminal, places, command } = run
  if (name !== undefined && all) throw new Mistake('usage', `${command} takes a name or --all, not both.`)
  const here = all ? undefined : places.here()
  const chosen = name !== undefined ? [await chosenTenant(run, name)] : here ? [here] : places.all()
  if (chosen.length === 0) throw noTenants(run)
  const base = await projectConfig(run.home)
  const checked: Checked[] = []
  for (const tenant of chosen) {
    if (fix) await mend(run, tenant)
    checked.push(await checkTenant(run, tenant, { base, withoutSecrets: withoutSecrets === true }))
  }
  const ok = checked.every(({ problems }) => !problems.some(isError))
  const tenants = checked.map(({ tenant, problems }) => ({
    tenant: tenant.name,
    ok: !problems.some(isError),
    problems,
  }))
  terminal.result({ ok, command: 'check', tenants })
  for (const { tenant, problems } of checked) {
    if (problems.some(isError)) terminal.say(`${terminal.paint('red', '✗')} ${tenant.name}`)
    else terminal.done(`${tenant.name} may be deployed`)
    for (const problem of problems) {
      const mark = isError(problem) ? terminal.paint('red', '✗') : terminal.paint('yellow', '!')
      terminal.say(`  ${mark} ${problem.sentence}`)
    }
  }
  return ok ? EXIT.done : EXIT.mistake
}

/** Writes the configuration anew, with the owner's values in it, and makes a token secret where there is none. */
async function mend({ called, home, places, terminal, clock }: Run, tenant: Tenant): Promise<void> {
  const raw = await readRaw(tenant.config).catch(() => undefined)
  if (raw !== undefined) {
    const config = renewedConfig(await projectConfig(home), places, tenant, raw)
    await writeFile(tenant.config, configText(called, tenant.name, config))
    terminal.note(`${places.shown(tenant.config)} was written anew; git diff shows what changed.`)
  }
  const secrets = await readSecrets(tenant.secrets)
  if (!secrets || secrets.values.TOKEN_SECRETS) return
  const made = withSecrets(secrets.text, { TOKEN_SECRETS: newTokenSecret(clock.now()) })
  await writeSecrets(tenant.secrets, made)
  terminal.note(`${places.shown(tenant.secrets)} has a new TOKEN_SECRETS.`)
}

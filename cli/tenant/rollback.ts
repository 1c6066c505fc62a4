/** `rollback`: everybody gets an earlier version, at once. */
import type { Command } from 'commander'
import { Mistake } from '../base/mistake.ts'
import type { Tenant } from './places.ts'
import { chosenTenant, DRY_RUN, FOLDER, JSON_OUT, perform, type Run, tenantCommand } from './run.ts'
import { readState, withoutRollout, writeState } from './state.ts'
import { formerVersions, giveTraffic, sharesNow } from './versions.ts'
import { Wrangler } from './wrangler.ts'

export const rollbackCommand = (): Command =>
  tenantCommand('rollback', 'gives everybody the version before, at once', [
    'acme',
    'acme --to 0f5ae2a1-5b8e-4bd0-8a86-2f3d2c1b7a90',
  ])
    .argument('[name]', 'the tenant')
    .option('--to <version>', 'a version of npx wrangler versions list', versionOption)
    .option(...DRY_RUN)
    .option(...FOLDER)
    .option(...JSON_OUT)
    .action(
      perform<{ to?: string }>(async (run, { to }, [name]) => {
        await rollbackTenant(run, await chosenTenant(run, name), to)
        return 0
      }),
    )

function versionOption(text: string): string {
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text)) return text
  throw new Mistake(
    'usage',
    `--to ${text.slice(0, 60)} is not the id of a version: npx wrangler versions list shows them, as in --to 0f5ae2a1-5b8e-4bd0-8a86-2f3d2c1b7a90.`,
  )
}

/** To the version named, else to the old one of an unfinished roll-out, else to the one that had all traffic before. */
async function rollbackTenant(run: Run, tenant: Tenant, version: string | undefined): Promise<void> {
  const { terminal, dryRun } = run
  const state = await readState(tenant)
  const wrangler = new Wrangler(run, tenant)
  const target = version ?? state.rollout?.from ?? (dryRun ? '<the version before>' : await versionBefore(wrangler))
  const missing = (state.rings[state.version ?? ''] ?? [])
    .slice(0, 1)
    .filter((kid) => !(state.rings[target] ?? [kid]).includes(kid))
  if (missing.length > 0) {
    terminal.note(
      `warning: version ${target} does not know the key ${missing[0]}: visitors get new tokens, and begin new conversations.`,
    )
  }
  await terminal.step(`Giving everybody version ${target}`, () =>
    giveTraffic(wrangler, [{ version: target, percentage: 100 }], 'rollback'),
  )
  if (!dryRun) await writeState(tenant, { ...withoutRollout(state), version: target })
  const facts = { version: target, dryRun, commands: wrangler.shown }
  terminal.result({ ok: true, command: 'rollback', tenant: tenant.name, ...facts })
  terminal.done(`all traffic of ${tenant.name} ${dryRun ? 'would go' : 'goes'} to version ${target}`)
}

async function versionBefore(wrangler: Wrangler): Promise<string> {
  const now = new Set((await sharesNow(wrangler)).map((share) => share.version))
  const before = (await formerVersions(wrangler)).find((version) => !now.has(version))
  if (before !== undefined) return before
  throw new Mistake(
    'mistake',
    'There is no earlier version to go back to: npx wrangler versions list shows what there is.',
  )
}

/** `rollback`: everybody gets an earlier version, at once. */
import { Stopped } from './mistake.ts'
import type { Tenant } from './project.ts'
import type { Run } from './run.ts'
import { readState, withoutRollout, writeState } from './state.ts'
import { formerVersions, giveTraffic, sharesNow } from './versions.ts'
import { Wrangler } from './wrangler.ts'

/** To the version named, else to the old one of an unfinished roll-out, else to the one that had all traffic before. */
export async function rollbackTenant(run: Run, tenant: Tenant, version: string | undefined): Promise<void> {
  const { terminal, dryRun } = run
  const state = await readState(tenant)
  const wrangler = new Wrangler(tenant, dryRun, (line) => terminal.note(line))
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
  terminal.result({
    ok: true,
    command: 'rollback',
    tenant: tenant.name,
    version: target,
    dryRun,
    commands: wrangler.shown,
  })
  const goes = dryRun ? 'would go' : 'goes'
  terminal.say(`${terminal.paint('green', '✓')} all traffic of ${tenant.name} ${goes} to version ${target}`)
}

async function versionBefore(wrangler: Wrangler): Promise<string> {
  const now = new Set((await sharesNow(wrangler)).map((share) => share.version))
  const before = (await formerVersions(wrangler)).find((version) => !now.has(version))
  if (before !== undefined) return before
  throw new Stopped(
    'mistake',
    'There is no earlier version to go back to: npx wrangler versions list shows what there is.',
  )
}

/** `remove`: the Worker with its ledger first, the files after; a failure in between leaves what is needed to try again. */
import { rm } from 'node:fs/promises'
import type { Command } from 'commander'
import { Mistake } from '../base/mistake.ts'
import type { Tenant } from './places.ts'
import { chosenTenant, DRY_RUN, FOLDER, JSON_OUT, perform, type Run, tenantCommand } from './run.ts'
import { readState } from './state.ts'
import { Wrangler } from './wrangler.ts'

export type RemoveOptions = { yes?: boolean; keepFiles?: boolean }

export const removeCommand = (): Command =>
  tenantCommand('remove', 'takes the Worker, its ledger and its files away', ['acme', 'acme --dry-run', 'acme --yes'])
    .argument('[name]', 'the tenant')
    .option('--yes', 'does not ask for the name once more, for scripts')
    .option('--keep-files', 'removes the Worker alone')
    .option(...DRY_RUN)
    .option(...FOLDER)
    .option(...JSON_OUT)
    .action(
      perform<RemoveOptions>(async (run, options, [name]) => {
        await removeTenant(run, await chosenTenant(run, name), options)
        return 0
      }),
    )

async function removeTenant(run: Run, tenant: Tenant, { yes, keepFiles }: RemoveOptions): Promise<void> {
  const { terminal, places, dryRun } = run
  const { url } = await readState(tenant)
  if (!yes && !dryRun) {
    if (!terminal.asks) {
      throw new Mistake('usage', `remove takes the chat off every page of ${tenant.name}: add --yes if that is meant.`)
    }
    await terminal.ask({
      message: `Pages of ${tenant.name} lose their chat${url ? ` (${url})` : ''}. Type the name to go on; Ctrl-C stops.`,
      check: (typed) => (typed === tenant.name ? undefined : `Type ${tenant.name}, or press Ctrl-C to remove nothing.`),
    })
  }
  const wrangler = new Wrangler(run, tenant)
  // What was never deployed from here may not exist there; then only the files go.
  if (url !== undefined || dryRun) {
    await terminal.step(`Removing the Worker of ${tenant.name}`, () => wrangler.change({ args: ['delete', '--force'] }))
  }
  if (!dryRun && !keepFiles) await removeFiles(run, tenant)
  const what = keepFiles ? 'the Worker is removed' : 'the Worker and its files are removed'
  terminal.result({ ok: true, command: 'remove', tenant: tenant.name, dryRun, commands: wrangler.shown })
  terminal.done(
    dryRun
      ? `${tenant.name}: nothing was removed; its files in ${places.shown(tenant.folder)} would go, too`
      : `${tenant.name}: ${what}. Now delete its key in Caty's dashboard, and the tag in its pages.`,
  )
}

/** A folder of an owner's own holds more than the tenant. */
async function removeFiles({ places }: Run, tenant: Tenant): Promise<void> {
  const own = tenant.folder.startsWith(places.folder)
    ? [tenant.folder]
    : [tenant.config, tenant.secrets, tenant.state, tenant.work]
  for (const path of own) await rm(path, { recursive: true, force: true })
}

/** `remove`: the Worker with its ledger first, the files after; a failure in between leaves what is needed to try again. */
import { access, rm } from 'node:fs/promises'
import { Stopped } from './mistake.ts'
import type { Tenant } from './project.ts'
import type { Run } from './run.ts'
import { readState } from './state.ts'
import { Wrangler } from './wrangler.ts'

export type RemoveOptions = { yes: boolean; keepFiles: boolean }

/** Asks for the name at a terminal; a script says `--yes`. */
export async function removeTenant(run: Run, tenant: Tenant, options: RemoveOptions): Promise<void> {
  const { terminal, tenants, dryRun } = run
  await access(tenant.config).catch(() => {
    throw new Stopped('mistake', `There is no tenant ${tenant.name}: npm run tenant -- list shows all.`)
  })
  const { url } = await readState(tenant)
  if (!options.yes && !dryRun) {
    if (!terminal.asks)
      throw new Stopped('usage', 'remove takes the chat off every page of the tenant: add --yes if that is meant.')
    const typed = await terminal.ask(
      `Pages of ${tenant.name} lose their chat${url ? ` (${url})` : ''}. Type the name to go on:`,
    )
    if (typed !== tenant.name) throw new Stopped('usage', 'That was not the name; nothing was removed.')
  }
  const wrangler = new Wrangler(tenant, dryRun, (line) => terminal.note(line))
  // What was never deployed from here may not exist there; then only the files go.
  if (url !== undefined || dryRun) {
    await terminal.step(`Removing the Worker of ${tenant.name}`, () => wrangler.change({ args: ['delete', '--force'] }))
  }
  if (!dryRun && !options.keepFiles) await rm(tenant.folder, { recursive: true })
  const removed = dryRun
    ? 'nothing was removed'
    : options.keepFiles
      ? 'the Worker is removed'
      : 'the Worker and its files are removed'
  terminal.result({ ok: true, command: 'remove', tenant: tenant.name, dryRun, commands: wrangler.shown })
  terminal.say(
    `${terminal.paint('green', '✓')} ${tenant.name}: ${removed}. Now delete its key in Caty's dashboard, and the tag in its pages.`,
  )
  terminal.say(`  files: ${tenants.shown(tenant.folder)}${options.keepFiles || dryRun ? '' : ' (gone)'}`)
}

/** What every command about a tenant works with. */
import { Command } from 'commander'
import { Mistake } from '../base/mistake.ts'
import { listed } from '../base/nearest.ts'
import type { Terminal } from '../base/terminal.ts'
import { calledAs, type World, worldOf } from '../base/world.ts'
import { type Checked, checkTenant } from './check/index.ts'
import { isError } from './check/problem.ts'
import { projectConfig } from './config.ts'
import { Places, type Tenant } from './places.ts'

export type Run = World & {
  terminal: Terminal
  places: Places
  /** How the program was called, for hints: `npm run tenant --` or `npx caty-keyless`. */
  called: string
  /** The name of the command that runs. */
  command: string
  dryRun: boolean
}

type CommonOptions = { json?: boolean; folder?: string; dryRun?: boolean }

/** A command about tenants. `examples` are what to type after the program's name. */
export function tenantCommand(name: string, description: string, examples: readonly string[]): Command {
  return new Command(name).description(description).addHelpText('after', ({ command }) => {
    const called = command.parent?.name() ?? ''
    return `\nExamples:\n${examples.map((each) => `  ${called} ${name}${each === '' ? '' : ` ${each}`}`).join('\n')}`
  })
}

export const FOLDER = [
  '--folder <path>',
  'where the tenants are (default: tenants, or CATY_TENANTS in the environment)',
] as const
export const JSON_OUT = ['--json', 'one JSON object on stdout, for scripts'] as const
export const DRY_RUN = ['--dry-run', 'shows what would be done, and does nothing at Cloudflare'] as const
export const WITHOUT_SECRETS = [
  '--without-secrets',
  'leaves the deployed secrets as they are, for a machine without secrets.env, as in CI',
] as const

/** Wraps a command's work as an action of commander. What the work returns is the exit code; nothing is 0. */
export function perform<Options extends object>(
  work: (run: Run, options: Options, words: readonly string[]) => Promise<number | undefined>,
): (this: Command) => Promise<void> {
  return async function action(this: Command) {
    const { world, terminal, endWith } = worldOf(this)
    const { folder, dryRun } = this.opts<CommonOptions>()
    const run: Run = {
      ...world,
      terminal,
      places: new Places(world.cwd, world.home, folder ?? world.env.CATY_TENANTS),
      called: calledAs(world.env),
      command: this.name(),
      dryRun: dryRun === true,
    }
    endWith((await work(run, this.opts<Options>(), this.args)) ?? 0)
  }
}

/** The tenant that was named, else the one that is here, else the one that is chosen at a terminal. */
export async function chosenTenant(run: Run, name: string | undefined): Promise<Tenant> {
  const { places, terminal, called, command } = run
  if (name !== undefined) return places.existing(name, called)
  const here = places.here()
  if (here) return here
  const names = places.all().map((each) => each.name)
  if (names.length === 0) throw noTenants(run)
  if (terminal.asks) return places.named(await terminal.choose(`Which tenant? (${command})`, names))
  throw new Mistake(
    'usage',
    `Name the tenant, as in ${called} ${command} ${names[0]}: there ${names.length === 1 ? 'is' : 'are'} ${listed(names)}.`,
  )
}

export const noTenants = ({ called }: Run): Mistake =>
  new Mistake('mistake', `There are no tenants here: make one with ${called} new acme --origins https://acme.example.`)

/** A checked tenant that may be uploaded. Throws `Mistake` with every error; warnings are noted and pass. */
export async function soundTenant(run: Run, tenant: Tenant, withoutSecrets: boolean): Promise<SoundTenant> {
  const checked = await checkTenant(run, tenant, { base: await projectConfig(run.home), withoutSecrets })
  const errors = checked.problems.filter(isError)
  for (const { sentence } of checked.problems.filter((each) => !isError(each)))
    run.terminal.note(`warning: ${sentence}`)
  if (errors.length > 0 || !checked.config) throw new Mistake('mistake', ...errors.map(({ sentence }) => sentence))
  return { ...checked, config: checked.config }
}
export type SoundTenant = Checked & { config: NonNullable<Checked['config']> }

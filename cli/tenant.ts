/** `npm run tenant`: a tenant's life, from its two files to a Worker on Cloudflare and back. Exit codes: tenant/mistake.ts. */
import { argv, env, exit } from 'node:process'
import { fileURLToPath } from 'node:url'
import { deployTenant } from './tenant/deploy.ts'
import { HELP } from './tenant/help.ts'
import { checkCommand, listCommand } from './tenant/list.ts'
import { EXIT, Stopped } from './tenant/mistake.ts'
import { newTenant } from './tenant/new.ts'
import { type CommandLine, type Options, readCommandLine } from './tenant/options.ts'
import { Tenants } from './tenant/project.ts'
import { removeTenant } from './tenant/remove.ts'
import { rollbackTenant } from './tenant/rollback.ts'
import { parseSteps, rolloutTenant } from './tenant/rollout.ts'
import { rotateSecret } from './tenant/rotation/index.ts'
import { type Clock, type Run, systemClock } from './tenant/run.ts'
import { type Streams, Terminal } from './tenant/terminal.ts'

/** Runs one command line and resolves with its exit code. Streams and clock are the real ones unless a test brings others. */
export async function main(args: readonly string[], streams?: Streams, clock: Clock = systemClock): Promise<number> {
  // Read before the rest, so that a mistake in the rest is told in the form that was asked for.
  const terminal = new Terminal(args.includes('--json'), streams)
  try {
    const line = readCommandLine(args)
    if (line.command === undefined) {
      terminal.say(HELP.trimEnd())
      return line.options.help ? EXIT.done : EXIT.usage
    }
    const tenants = new Tenants(line.options.folder ?? env.CATY_TENANTS)
    return await perform({ terminal, tenants, clock, dryRun: line.options['dry-run'] }, line)
  } catch (error) {
    if (!(error instanceof Stopped)) throw error
    terminal.result({ ok: false, ending: error.ending, sentences: error.sentences })
    for (const sentence of error.sentences) terminal.note(`${terminal.paint('red', '✗')} ${sentence}`)
    return EXIT[error.ending]
  }
}

async function perform(run: Run, { command, words, options }: CommandLine): Promise<number> {
  const [name, second] = words
  const tenant = () => run.tenants.named(name)
  if (command === 'list') return listCommand(run, options['changed-since'])
  if (command === 'check') {
    const { all, fix } = options
    return checkCommand(run, name, { all: all || name === undefined, fix, withoutSecrets: options['without-secrets'] })
  }
  if (command === 'rotate') {
    const [widget] = options.widget ?? []
    const { stdin, leaked, now, purpose } = options
    return rotateSecret(run, tenant(), second, { stdin, fromEnv: options['from-env'], leaked, now, purpose, widget })
  }
  if (command === 'new') await newTenant(run, tenant(), newOptions(options))
  if (command === 'deploy') return deployTenant(run, tenant(), { ...uploadOptions(options), outdir: options.outdir })
  if (command === 'rollout') {
    const steps = parseSteps(options.steps)
    await rolloutTenant(run, tenant(), { ...uploadOptions(options), steps, wait: secondsOf(options.wait) })
  }
  if (command === 'rollback') await rollbackTenant(run, tenant(), options.to)
  if (command === 'remove') {
    await removeTenant(run, tenant(), { yes: options.yes, keepFiles: options['keep-files'] })
  }
  return EXIT.done
}

const newOptions = (options: Options) => ({
  origins: options.origins,
  widgets: options.widget ?? [],
  domain: options.domain,
  account: options.account,
  set: options.set ?? [],
  admin: options.admin,
  adminOrigins: options['admin-origins'],
  webhooks: options.webhooks,
  webhookTarget: options['webhook-target'],
  secretsOnly: options['secrets-only'],
})

const uploadOptions = (options: Options) => ({
  withoutSecrets: options['without-secrets'],
  doctor: !options['no-doctor'],
  url: edgeAddress(options.url),
})

function edgeAddress(text: string | undefined): string | undefined {
  if (text === undefined) return undefined
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return new URL(text).origin
  throw new Stopped('usage', '--url takes an address with its scheme, as in --url https://chat.acme.example.')
}

function secondsOf(text: string): number {
  if (/^\d{1,6}$/.test(text)) return Number(text)
  throw new Stopped('usage', '--wait takes whole seconds, as in --wait 300.')
}

if (argv[1] === fileURLToPath(import.meta.url)) exit(await main(argv.slice(2)))

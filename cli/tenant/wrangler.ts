/**
 * Everything that reaches Cloudflare goes through wrangler's own commands, so an owner can do by hand whatever this tool
 * does. Secrets travel in a private file as JSON, never on a command line, where every user of the machine would see them.
 */
import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import * as v from 'valibot'
import { Stopped } from './mistake.ts'
import { projectRoot, type Tenant } from './project.ts'
import { SECRETS_FILE, type SecretChange } from './secrets-file.ts'
import { SECRETS } from './settings.ts'

export type WranglerCall = {
  args: readonly string[]
  /** Handed over in a private file, whose path takes the place of `SECRETS_PATH` in `args`. */
  secrets?: SecretChange
}
export type WranglerAnswer = { stdout: string; entries: unknown[] }

/** Stands in `args` for the private file. */
export const SECRETS_PATH = '{secrets}'

export class Wrangler {
  readonly #tenant: Tenant
  readonly #dryRun: boolean
  readonly #note: (line: string) => void
  /** The commands as a person would type them, for `--json` and the record. */
  readonly shown: string[] = []

  constructor(tenant: Tenant, dryRun: boolean, note: (line: string) => void) {
    this.#tenant = tenant
    this.#dryRun = dryRun
    this.#note = note
  }

  /** Runs a command that changes something at Cloudflare. In a dry run it is shown and not run: the answer is `undefined`. */
  async change(call: WranglerCall): Promise<WranglerAnswer | undefined> {
    this.#show(call)
    return this.#dryRun ? undefined : this.#run(call)
  }

  /** Runs a command that touches nothing outside this machine, in a dry run too. */
  async local(call: WranglerCall): Promise<WranglerAnswer> {
    this.#show(call)
    return this.#run(call)
  }

  /** The JSON of a command that only asks. Throws `Stopped` when the answer is not of the schema. */
  async ask<T>(args: readonly string[], schema: v.GenericSchema<unknown, T>): Promise<T> {
    const { stdout } = await this.#run({ args })
    const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), schema), stdout)
    if (parsed.success) return parsed.output
    throw new Stopped('cloudflare', `wrangler ${args[0]} ${args[1] ?? ''} gave an answer that this tool cannot read.`)
  }

  /** Does a command that only asks end well? */
  succeeds(args: readonly string[]): Promise<boolean> {
    return this.#run({ args }).then(
      () => true,
      () => false,
    )
  }

  #show({ args }: WranglerCall): void {
    const secrets = `<private copy of ${this.#tenant.name}/${SECRETS_FILE} as JSON>`
    const words = [...args, ...this.#configArgs()].map((arg) => (arg === SECRETS_PATH ? secrets : shellWord(arg)))
    const line = `npx wrangler ${words.join(' ')}`
    this.shown.push(line)
    if (this.#dryRun) this.#note(`$ ${line}`)
  }

  #configArgs = (): string[] => ['--config', relative(process.cwd(), this.#tenant.config) || this.#tenant.config]

  async #run({ args, secrets }: WranglerCall): Promise<WranglerAnswer> {
    const folder = await mkdtemp(join(tmpdir(), 'caty-keyless-'))
    try {
      const secretsPath = join(folder, 'secrets.json')
      if (secrets) await writeFile(secretsPath, JSON.stringify(secrets), { mode: 0o600 })
      const output = join(folder, 'output.ndjson')
      const ran = await spawnWrangler(
        [...args.map((arg) => (arg === SECRETS_PATH ? secretsPath : arg)), '--config', this.#tenant.config],
        output,
      )
      // It colours its errors whatever NO_COLOR says.
      const hide = (text: string): string => withoutValues(stripVTControlCharacters(text), secrets ?? {})
      if (ran.code !== 0) throw new Stopped('cloudflare', failureSentence(args, hide(ran.said)))
      const lines = (await readFile(output, 'utf8').catch(() => '')).split('\n').filter((line) => line !== '')
      return { stdout: ran.stdout, entries: lines.map((line): unknown => JSON.parse(line)) }
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }
}

type Ran = { code: number | null; stdout: string; said: string }

function spawnWrangler(args: readonly string[], output: string): Promise<Ran> {
  // Our own settings in the environment are not wrangler's business, secrets least of all.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !SECRETS.includes(name)))
  const child = spawn(process.execPath, [join(projectRoot, 'node_modules/wrangler/bin/wrangler.js'), ...args], {
    cwd: projectRoot,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...env,
      WRANGLER_SEND_METRICS: 'false',
      WRANGLER_HIDE_BANNER: 'true',
      WRANGLER_OUTPUT_FILE_PATH: output,
      NO_UPDATE_NOTIFIER: '1',
      NO_COLOR: '1',
      // No questions: an answer that nobody gives would hang a script.
      CI: '1',
    },
  })
  let stdout = ''
  let said = ''
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString()
    said += chunk.toString()
  })
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()))
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, stdout, said }))
  })
}

/** What went wrong in one sentence, with the way out where it is known. */
function failureSentence(args: readonly string[], said: string): string {
  const command = `wrangler ${args
    .filter((arg) => /^[a-z]+$/.test(arg))
    .slice(0, 3)
    .join(' ')}`
  if (/CLOUDFLARE_API_TOKEN|not authenticated|not logged in|Authentication error/i.test(said)) {
    return `Cloudflare does not know who you are: run npx wrangler login, or set CLOUDFLARE_API_TOKEN for a script.`
  }
  if (/More than one account/i.test(said)) {
    return 'Your login has more than one Cloudflare account: put "account_id" into wrangler.jsonc, or set CLOUDFLARE_ACCOUNT_ID.'
  }
  if (/pending Durable Object migration/.test(said)) {
    return 'This version changes how the ledger is stored, which Cloudflare cannot do by parts: use npm run tenant -- deploy.'
  }
  const lines = said.split('\n').map((line) => line.replace(/^\W*(ERROR\])?\s*/, '').trim())
  const at = said.split('\n').findIndex((line) => line.includes('[ERROR]'))
  const why = lines.slice(Math.max(at, 0)).filter((line) => line !== '' && !/Logs were written/.test(line))
  return `${command} failed: ${why.slice(0, 4).join(' ').slice(0, 500) || 'it gave no reason'}`
}

/** Whatever wrangler says, no value of ours is repeated. */
function withoutValues(text: string, secrets: SecretChange): string {
  const values = Object.values(secrets).filter((value): value is string => value !== null && value.length >= 8)
  return values.reduce((hidden, value) => hidden.replaceAll(value, '[secret]'), text)
}

const shellWord = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`

/**
 * Everything that reaches Cloudflare goes through wrangler's own commands, so an owner can do by hand whatever this tool
 * does. Secrets travel in a private file as JSON, never on a command line, where every user of the machine would see them.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as v from 'valibot'
import { Mistake } from '../base/mistake.ts'
import { lastSaid } from '../base/wrangler-process.ts'
import type { Tenant } from './places.ts'
import type { Run } from './run.ts'
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
  readonly #run: Run
  readonly #tenant: Tenant
  /** The commands as a person would type them, for `--json` and the record. */
  readonly shown: string[] = []

  constructor(run: Run, tenant: Tenant) {
    this.#run = run
    this.#tenant = tenant
  }

  /** Runs a command that changes something at Cloudflare. A dry run shows it and does not run it: the answer is `undefined`. */
  async change(call: WranglerCall): Promise<WranglerAnswer | undefined> {
    this.#show(call)
    return this.#run.dryRun ? undefined : this.#start(call)
  }

  /** Runs a command that touches nothing outside this machine, in a dry run too. */
  async local(call: WranglerCall): Promise<WranglerAnswer> {
    this.#show(call)
    return this.#start(call)
  }

  /** The JSON of a command that only asks. Throws `Mistake` when the answer is not of the schema. */
  async ask<T>(args: readonly string[], schema: v.GenericSchema<unknown, T>): Promise<T> {
    const { stdout } = await this.#start({ args })
    const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), schema), stdout)
    if (parsed.success) return parsed.output
    throw new Mistake('cloudflare', `wrangler ${args[0]} ${args[1] ?? ''} gave an answer that this tool cannot read.`)
  }

  /** Does a command that only asks end well? */
  succeeds(args: readonly string[]): Promise<boolean> {
    return this.#start({ args }).then(
      () => true,
      () => false,
    )
  }

  #show({ args }: WranglerCall): void {
    const { places, dryRun, terminal } = this.#run
    const secrets = `<private copy of ${this.#tenant.name}/${SECRETS_FILE} as JSON>`
    const words = [...args, '--config', this.#tenant.config].map((arg) =>
      arg === SECRETS_PATH ? secrets : shellWord(arg.startsWith(this.#tenant.folder) ? places.shown(arg) : arg),
    )
    const line = `npx wrangler ${words.join(' ')}`
    this.shown.push(line)
    if (dryRun) terminal.note(`$ ${line}`)
  }

  async #start({ args, secrets }: WranglerCall): Promise<WranglerAnswer> {
    const { wrangler, cwd, env, home, called } = this.#run
    const folder = await mkdtemp(join(tmpdir(), 'caty-keyless-'))
    try {
      const secretsPath = join(folder, 'secrets.json')
      if (secrets) await writeFile(secretsPath, JSON.stringify(secrets), { mode: 0o600 })
      const output = join(folder, 'output.ndjson')
      const words = args.map((arg) => (arg === SECRETS_PATH ? secretsPath : arg))
      const environment = { ...withoutSecrets(env), ...QUIET, WRANGLER_OUTPUT_FILE_PATH: output }
      const ended = await wrangler([...words, '--config', this.#tenant.config], { cwd, env: environment, home })
      if (ended.code !== 0) {
        throw new Mistake(
          'cloudflare',
          failureSentence(args, withoutValues(ended.said, secrets ?? {}), called, this.#tenant),
        )
      }
      const lines = (await readFile(output, 'utf8').catch(() => '')).split('\n').filter((line) => line !== '')
      return { stdout: ended.stdout, entries: lines.map((line): unknown => JSON.parse(line)) }
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }
}

/** Our own settings in the environment are not wrangler's business, secrets least of all. */
const withoutSecrets = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(env).filter(([name]) => !SECRETS.includes(name)))

const QUIET = {
  WRANGLER_SEND_METRICS: 'false',
  WRANGLER_HIDE_BANNER: 'true',
  NO_UPDATE_NOTIFIER: '1',
  NO_COLOR: '1',
  // No questions: an answer that nobody gives would hang a script.
  CI: '1',
}

/** Failures whose way out is known. */
const KNOWN: readonly [pattern: RegExp, sentence: (called: string, tenant: Tenant, found: string) => string][] = [
  [
    /Could not resolve "([^"]+)"/,
    (_called, _tenant, found) =>
      `wrangler could not bundle the Worker, because ${found} is not installed: run npm ci first.`,
  ],
  [
    /Authentication error \[code: 10000\]|code: 9109\b/,
    () =>
      'Cloudflare refuses this login or token: run npx wrangler login again, or make a token from the template “Edit Cloudflare Workers”.',
  ],
  [
    /CLOUDFLARE_API_TOKEN|not authenticated|not logged in|Unable to authenticate/i,
    () => 'Cloudflare does not know who you are: run npx wrangler login, or set CLOUDFLARE_API_TOKEN for a script.',
  ],
  [
    /More than one account/i,
    () =>
      'Your login has more than one Cloudflare account: put "account_id" into wrangler.jsonc (npx wrangler whoami shows the ids), or set CLOUDFLARE_ACCOUNT_ID.',
  ],
  [
    /code: 10007\b|does not exist on your account/,
    (called, { name }) => `Nothing of ${name} is deployed yet: begin with ${called} deploy ${name}.`,
  ],
  [
    /pending Durable Object migration/,
    (called, { name }) =>
      `This version changes how the ledger is stored, which Cloudflare cannot do by parts: use ${called} deploy ${name}.`,
  ],
  [
    /ENOTFOUND|ECONNREFUSED|EAI_AGAIN|fetch failed|getaddrinfo/,
    () => 'Cloudflare cannot be reached from this machine: look at the network or the proxy, and run the same again.',
  ],
  [
    /register a workers\.dev subdomain|workers\.dev subdomain is required/i,
    () =>
      'Your Cloudflare account has no workers.dev name yet: open Workers & Pages in its dashboard once, or give the tenant a domain of yours.',
  ],
]

/** What went wrong in one sentence, with the way out where it is known. */
function failureSentence(args: readonly string[], said: string, called: string, tenant: Tenant): string {
  for (const [pattern, sentence] of KNOWN) {
    const match = pattern.exec(said)
    if (match) return sentence(called, tenant, match[1] ?? '')
  }
  const words = args.filter((arg) => /^[a-z]+$/.test(arg)).slice(0, 3)
  return `wrangler ${words.join(' ')} failed: ${lastSaid(said)}.`
}

/** Whatever wrangler says, no value of ours is repeated. */
function withoutValues(text: string, secrets: SecretChange): string {
  const values = Object.values(secrets).filter((value): value is string => value !== null && value.length >= 8)
  return values.reduce((hidden, value) => hidden.replaceAll(value, '[secret]'), text)
}

const shellWord = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`

/**
 * Runs a Worker in workerd itself, without the development proxy: for measurements, because the proxy costs ten times
 * as much as the Worker, and for tests that kill the process and start it again with the same storage.
 */
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startUntilAnswers } from '../../cli/start/processes.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))

export type WorkerOptions = {
  /** The text of the main module. */
  source: string
  /** A main module instead of `ENTRY`, which imports the source as `worker`. */
  entry?: string
  port: number
  vars: Readonly<Record<string, string>>
  /** A folder for the ledger, which lasts longer than the process; absent for a Worker without one. */
  storage?: string
}
export type RunningWorker = {
  url: string
  pid: number
  /** The output so far, including log lines. */
  said: () => string
  /** Kills it, as in a crash. */
  kill: () => Promise<void>
}

/**
 * workerd has no rate-limit binding, so these let everything pass, and only the Worker's own work is measured or
 * tested. `wrangler dev` and the tests inside workerd have simulated limits.
 */
const ENTRY = `import worker from 'worker'
export * from 'worker'
const limiter = { limit: async () => ({ success: true }) }
const environments = new WeakMap()
export default {
  fetch(request, env, context) {
    let full = environments.get(env)
    if (!full) environments.set(env, (full = { ...env, TOKENS_PER_ADDRESS: limiter, BOUND_TOKENS_PER_ADDRESS: limiter, CALLS_PER_VISITOR: limiter, ADMIN_CALLS: limiter }))
    return worker.fetch(request, full, context)
  },
}
`

/** Resolves when the Worker answers. Throws with workerd's output if it ended instead. */
export async function runWorker({ source, entry = ENTRY, port, vars, storage }: WorkerOptions): Promise<RunningWorker> {
  const folder = mkdtempSync(join(tmpdir(), 'caty-keyless-workerd-'))
  writeFileSync(join(folder, 'worker.js'), source)
  writeFileSync(join(folder, 'entry.js'), entry)
  if (storage) mkdirSync(storage, { recursive: true })
  writeFileSync(join(folder, 'config.capnp'), capnp(port, vars, storage))
  const url = `http://127.0.0.1:${port}`
  const program = {
    name: 'workerd',
    command: workerdPath(),
    args: ['serve', '--experimental', join(folder, 'config.capnp')],
    env: process.env,
  }
  const running = await startUntilAnswers(program, url)
  return { url, pid: running.pid ?? 0, said: running.said, kill: () => running.stop('SIGKILL') }
}

/** workerd has one binary for each platform; its package knows where it is. */
function workerdPath(): string {
  const { platform, arch } = process
  const name = `@cloudflare/workerd-${platform === 'win32' ? 'windows' : platform}-${arch === 'x64' ? '64' : 'arm64'}`
  return join(root, 'node_modules', name, 'bin', platform === 'win32' ? 'workerd.exe' : 'workerd')
}

function capnp(port: number, vars: Readonly<Record<string, string>>, storage: string | undefined): string {
  const { compatibility_date: date } = /compatibility_date = "(?<compatibility_date>[\d-]+)"/.exec(
    readFileSync(join(root, 'wrangler.toml'), 'utf8'),
  )?.groups ?? { compatibility_date: '' }
  const bindings = Object.entries(vars).map(
    ([name, text]) => `(name = ${JSON.stringify(name)}, text = ${JSON.stringify(text)})`,
  )
  if (storage) bindings.push('(name = "LEDGER", durableObjectNamespace = "Ledger")')
  const durable = storage
    ? `durableObjectNamespaces = [(className = "Ledger", uniqueKey = "ledger", enableSql = true)],
    durableObjectStorage = (localDisk = "ledger"),`
    : ''
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = .main),
    (name = "internet", network = (allow = ["public", "private", "local"], tlsOptions = (trustBrowserCas = true))),
    ${storage ? `(name = "ledger", disk = (path = ${JSON.stringify(storage)}, writable = true)),` : ''}
  ],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "main")],
);
const main :Workerd.Worker = (
  modules = [
    (name = "entry", esModule = embed "entry.js"),
    (name = "worker", esModule = embed "worker.js"),
  ],
  compatibilityDate = "${date}",
  compatibilityFlags = ["no_nodejs_compat", "no_nodejs_compat_v2", "enable_request_signal"],
  bindings = [${bindings.join(', ')}],
  ${durable}
);
`
}

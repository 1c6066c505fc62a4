/**
 * Stands in for Cloudflare as its own process: its API for wrangler, and its network. Each version with traffic runs
 * in workerd; the network splits calls by the percentages of the latest deployment, or as
 * `Cloudflare-Workers-Version-Overrides` asks. `POST /__cloudflare/faults` makes API calls fail.
 */
import { mkdtempSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse, request as send } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { env } from 'node:process'
import { type RunningWorker, runWorker } from '../../../scripts/workerd/run.ts'
import { freePort } from '../free-port.ts'
import { Account, type Version } from './account.ts'
import { answerCall, readCall } from './api.ts'

const account = new Account()
const running = new Map<string, Promise<RunningWorker>>()
const recorded: { method: string; path: string; status: number }[] = []
const faults: { method: string; path: string; status: number; times: number }[] = []
const API_PORT = Number(env.API_PORT)
const EDGE_PORT = Number(env.EDGE_PORT)

/** The Worker of a version, started for its first call. */
function workerOf(version: Version): Promise<RunningWorker> {
  const known = running.get(version.id)
  if (known) return known
  const vars = Object.fromEntries(
    version.bindings.flatMap(({ name, text }) => (text === undefined ? [] : [[name, text]])),
  )
  const storage = mkdtempSync(join(tmpdir(), 'caty-keyless-ledger-'))
  const started = freePort().then((port) => runWorker({ source: version.source, port, vars, storage }))
  running.set(version.id, started)
  return started
}

const api = createServer((request, response) => {
  handleApi(request, response).catch((error: unknown) => {
    console.error(error)
    response.writeHead(500).end(JSON.stringify({ success: false, errors: [{ code: 1, message: String(error) }] }))
  })
})

async function handleApi(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const call = await readCall(request)
  if (call.path === '/__cloudflare/faults') {
    faults.push(...JSON.parse(call.body.toString()))
    return void response.writeHead(204).end()
  }
  if (call.path === '/__cloudflare/heal') {
    faults.length = 0
    return void response.writeHead(204).end()
  }
  if (call.path === '/__cloudflare/state') {
    return void response.end(JSON.stringify({ recorded, scripts: Object.fromEntries(account.scripts) }))
  }
  const fault = faults.find(
    ({ method, path, times }) => times > 0 && method === call.method && call.path.endsWith(path),
  )
  if (fault) fault.times -= 1
  const { status, result, code } = fault
    ? { status: fault.status, result: null, code: 10_013 }
    : await answerCall(account, call)
  recorded.push({ method: call.method, path: call.path, status })
  const errors =
    status < 400 ? [] : [{ code: code ?? status, message: `stand-in: ${call.method} ${call.path} is ${status}` }]
  response.writeHead(status, { 'Content-Type': 'application/json' })
  response.end(JSON.stringify({ success: status < 400, errors, messages: [], result }))
}

/** Calls since the start, so that percentages are met exactly and not by chance. */
let turn = 0

function versionFor(request: IncomingMessage): Version | undefined {
  const [name, script] = [...account.scripts][0] ?? []
  if (name === undefined || !script) return undefined
  const asked = /^[\w-]+="([0-9a-f-]+)"$/.exec(
    String(request.headers['cloudflare-workers-version-overrides'] ?? ''),
  )?.[1]
  const shares = script.deployments[0]?.versions ?? []
  // As at Cloudflare, an override is valid for any version of the current deployment, whatever its share.
  const overridden = shares.find(({ version_id }) => version_id === asked)
  // 37 and 100 have no common divisor, so a hundred calls reach each hundredth once.
  const at = (turn++ * 37) % 100
  const until = shares.map((_, index) => shares.slice(0, index + 1).reduce((sum, each) => sum + each.percentage, 0))
  const drawn = shares[until.findIndex((end) => at < end)]
  const id = (overridden ?? drawn)?.version_id
  return script.versions.find((version) => version.id === id)
}

const network = createServer((request, response) => {
  const version = versionFor(request)
  if (!version) return void response.writeHead(404).end('There is nothing here yet')
  workerOf(version).then(
    ({ url }) => {
      const headers = { ...request.headers, host: request.headers.host, 'x-served-by': version.id }
      const { port } = new URL(url)
      const to = { host: '127.0.0.1', port, path: request.url, method: request.method, headers }
      // One connection for each call: a kept connection may close just as the next call uses it.
      const onward = send({ ...to, agent: false }, (answer) => {
        response.writeHead(answer.statusCode ?? 502, { ...answer.headers, 'x-version': version.id })
        answer.pipe(response)
      })
      onward.once('error', () => response.destroy())
      request.pipe(onward)
    },
    (error: unknown) => response.writeHead(502).end(String(error)),
  )
})

// If a connection closes just as wrangler reuses it, wrangler sends a deployment twice.
for (const each of [api, network]) each.keepAliveTimeout = 120_000
api.listen(API_PORT, '127.0.0.1')
network.listen(EDGE_PORT, '127.0.0.1')
process.once('SIGTERM', () => {
  void Promise.all([...running.values()].map(async (worker) => (await worker).kill())).finally(() => process.exit(0))
})

/** Starts the stand-in for Cloudflare and points wrangler at it. */
import { spawn } from 'node:child_process'
import { freePort } from '../free-port.ts'

export type CloudflareState = {
  recorded: { method: string; path: string; status: number }[]
  scripts: Record<
    string,
    {
      versions: {
        id: string
        source: string
        message: string
        bindings: { name: string; type: string; text?: string }[]
      }[]
      deployments: { versions: { version_id: string; percentage: number }[] }[]
    }
  >
}
export type Cloudflare = {
  api: string
  /** Where visitors reach the deployed versions. */
  edge: string
  /** Environment variables for wrangler. */
  env: Record<string, string>
  state: () => Promise<CloudflareState>
  fail: (method: string, path: string, times?: number) => Promise<unknown>
  heal: () => Promise<unknown>
  stop: () => Promise<void>
}

export async function startCloudflare(): Promise<Cloudflare> {
  const [apiPort, edgePort] = [await freePort(), await freePort()]
  const child = spawn(process.execPath, ['test/support/cloudflare/server.ts'], {
    env: { ...process.env, API_PORT: String(apiPort), EDGE_PORT: String(edgePort) },
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const api = `http://127.0.0.1:${apiPort}`
  const ask = (path: string, init?: RequestInit) => fetch(`${api}/__cloudflare/${path}`, init)
  while (child.exitCode === null && !(await ask('state').catch(() => undefined))) {
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  return {
    api,
    edge: `http://127.0.0.1:${edgePort}`,
    env: {
      CLOUDFLARE_API_BASE_URL: api,
      CLOUDFLARE_API_TOKEN: 'a-token-of-the-stand-in',
      CLOUDFLARE_ACCOUNT_ID: '0123456789abcdef0123456789abcdef',
    },
    state: async () => (await ask('state')).json(),
    fail: (method, path, times = 1) =>
      ask('faults', { method: 'POST', body: JSON.stringify([{ method, path, status: 500, times }]) }),
    heal: () => ask('heal', { method: 'POST' }),
    async stop() {
      child.kill('SIGTERM')
      await ended
    },
  }
}

/**
 * The product as `npm start` runs it, on free ports and with a random key: the sandbox API as the upstream, the edge
 * in workerd, and the demo shop on another origin.
 */
import { randomBytes } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import type { TestProject } from 'vitest/node'
import { type Running, startUntilAnswers, untilAnswers } from '../../cli/start/processes.ts'
import { freePort } from './free-port.ts'
import { startHostServer } from './host-page.ts'

/**
 * `host` serves pages made by tests and is an allowed origin; `stranger` is the same server under an origin that is
 * not allowed.
 */
export type Stack = {
  edge: string
  shop: string
  sandbox: string
  host: string
  stranger: string
  /** The stand-in for Supabase Auth. */
  auth: string
  dashboard: string
  /** The demo receiver of webhooks. */
  receiver: string
  key: string
}

/**
 * The edge caches a configuration for a minute, so a test with its own configuration needs a widget that no test used
 * before: one letter for each test file, and a number.
 */
const MANY_WIDGETS = ['p', 'c', 'v', 'x', 'g'].flatMap((letter) =>
  Array.from({ length: 40 }, (_, at) => `${letter}${at}`),
)

declare module 'vitest' {
  export interface ProvidedContext {
    stack: Stack
  }
}

export default async function startStack(project: TestProject): Promise<() => Promise<void>> {
  const [edgePort, shopPort, sandboxPort, hostPort, authPort, dashboardPort, receiverPort] = [
    await freePort(),
    await freePort(),
    await freePort(),
    await freePort(),
    await freePort(),
    await freePort(),
    await freePort(),
  ]
  const key = `caty_${randomBytes(16).toString('hex')}`
  const webhookSecret = randomBytes(24).toString('hex')
  const stack: Stack = {
    edge: `http://localhost:${edgePort}`,
    shop: `http://localhost:${shopPort}`,
    sandbox: `http://127.0.0.1:${sandboxPort}`,
    host: `http://localhost:${hostPort}`,
    stranger: `http://127.0.0.1:${hostPort}`,
    auth: `http://127.0.0.1:${authPort}`,
    dashboard: `http://localhost:${dashboardPort}`,
    receiver: `http://localhost:${receiverPort}`,
    key,
  }
  const host = await startHostServer(hostPort)
  const auth = await run('sandbox/auth.ts', { AUTH_PORT: String(authPort) }, `${stack.auth}/__auth/health`)
  const standIn = {
    SANDBOX_PORT: String(sandboxPort),
    CATY_SANDBOX_KEY: key,
    AUTH_URL: stack.auth,
    SANDBOX_WEBHOOK_URL: `http://127.0.0.1:${edgePort}/webhooks/caty`,
    SANDBOX_WEBHOOK_SECRET: webhookSecret,
  }
  const sandbox = await run('sandbox/api.ts', standIn, `${stack.sandbox}/__sandbox/health`)
  const settings = {
    CATY_API_KEY: key,
    CATY_API_URL: stack.sandbox,
    CATY_API_KEYS: JSON.stringify(Object.fromEntries(MANY_WIDGETS.map((id) => [id, key]))),
    ALLOWED_ORIGINS: stack.host,
    UPLOADS: 'on',
    MESSAGES_PER_MINUTE: '10000',
    CALLS_PER_MINUTE: '1000000',
    MESSAGES_PER_VISITOR_PER_MINUTE: '600',
    EDGE_CONFIG: await configForTests(),
    EDGE_PORT: String(edgePort),
    SHOP_PORT: String(shopPort),
    SANDBOX_PORT: String(sandboxPort),
    SUPABASE_URL: stack.auth,
    ADMIN_ORIGINS: stack.host,
    DASHBOARD_PORT: String(dashboardPort),
    CATY_WEBHOOK_SECRETS: webhookSecret,
    RECEIVER_PORT: String(receiverPort),
  }
  const product = await run('cli/index.ts start', settings, `${stack.edge}/health`)
  for (const url of [stack.shop, stack.dashboard, stack.receiver]) await untilAnswers(url, product)
  project.provide('stack', stack)
  return async () => {
    host.close()
    host.closeAllConnections()
    await Promise.all([product.stop(), sandbox.stop(), auth.stop()])
  }
}

/** All visitors of the tests share one address, so the limits that count addresses are higher here. */
async function configForTests(): Promise<string> {
  const config = await readFile('wrangler.toml', 'utf8')
  await writeFile('wrangler.e2e.toml', config.replace(/limit = \d+/g, 'limit = 10000'))
  return 'wrangler.e2e.toml'
}

const run = (file: string, settings: Record<string, string>, url: string): Promise<Running> =>
  startUntilAnswers({ name: file, args: file.split(' '), env: { ...process.env, ...settings } }, url)

/**
 * `npm start`: the whole product on this machine. Builds the widget, then runs the sandbox API, the edge in workerd and
 * the demo shop, each as a process of its own, and ends them all together.
 */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { env, execPath, exit } from 'node:process'
import { fileURLToPath } from 'node:url'
import { dashboardRows, planDashboard, type Row } from './start/dashboard.ts'
import { expectFree, portOf, UserMistake } from './start/ports.ts'
import { alive, answers, type Program, type Running, startProgram, stopProgram } from './start/processes.ts'
import { edgeSettings, namesKey, type SecretFile, secretFile } from './start/settings.ts'
import { planWebhooks, receiverEnvironment, senderEnvironment, webhookRows } from './start/webhooks.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
/** The key of the sandbox when nobody names another; `sandbox/demo-key.ts` holds the same. */
const SANDBOX_KEY = 'caty_sandbox_opens_nothing_real_00001'

const running: Running[] = []
let secrets: SecretFile | undefined
let ending = false

async function main(): Promise<void> {
  const ports = {
    edge: portOf('EDGE_PORT', 8787, env),
    shop: portOf('SHOP_PORT', 8788, env),
    sandbox: portOf('SANDBOX_PORT', 8789, env),
  }
  const real = namesKey(env)
  const sandbox = real ? undefined : { url: `http://127.0.0.1:${ports.sandbox}`, key: SANDBOX_KEY }
  const dashboard = await planDashboard(env, real, Object.values(ports))
  const taken = [ports.edge, ports.shop, ports.sandbox, dashboard?.port ?? 0, dashboard?.authPort ?? 0]
  const webhooks = await planWebhooks(env, real, taken)
  const settings = edgeSettings(env, ports.shop, sandbox, dashboard, webhooks)
  if (new Set(Object.values(ports)).size < 3)
    throw new UserMistake('EDGE_PORT, SHOP_PORT and SANDBOX_PORT must be three different ports.')
  await expectFree('EDGE_PORT', ports.edge)
  await expectFree('SHOP_PORT', ports.shop)
  if (sandbox) await expectFree('SANDBOX_PORT', ports.sandbox)
  build()
  secrets = await secretFile(settings)

  const edgeUrl = `http://localhost:${ports.edge}`
  const shopUrl = `http://localhost:${ports.shop}`
  const node = (name: string, file: string, extra: Record<string, string>): Program => ({
    name,
    command: execPath,
    args: [`${root}${file}`],
    env: { ...withoutSecrets(), ...extra },
  })
  if (dashboard?.authPort !== undefined) {
    const signIn = node('sign-in', 'sandbox/auth.ts', { AUTH_PORT: String(dashboard.authPort) })
    await start(signIn, `${dashboard.supabaseUrl}/__auth/health`)
  }
  if (sandbox) {
    await start(
      node('sandbox API', 'sandbox/api.ts', {
        SANDBOX_PORT: String(ports.sandbox),
        CATY_SANDBOX_KEY: sandbox.key,
        ...(dashboard && { AUTH_URL: dashboard.supabaseUrl }),
        ...senderEnvironment(webhooks, ports.edge),
      }),
      `${sandbox.url}/__sandbox/health`,
    )
  }
  await Promise.all([
    start(edgeProgram(ports.edge, secrets.path), `http://127.0.0.1:${ports.edge}/health`),
    start(
      node('demo shop', 'sandbox/shop.ts', { SHOP_PORT: String(ports.shop), EDGE_URL: edgeUrl }),
      `http://127.0.0.1:${ports.shop}/`,
    ),
    dashboard &&
      start(
        node('dashboard', 'examples/dashboard/serve.ts', {
          DASHBOARD_PORT: String(dashboard.port),
          EDGE_URL: edgeUrl,
          SUPABASE_URL: dashboard.supabaseUrl,
        }),
        `http://127.0.0.1:${dashboard.port}/`,
      ),
    webhooks?.receiver &&
      start(
        node('webhook receiver', 'sandbox/receiver.ts', receiverEnvironment(webhooks.receiver)),
        `http://127.0.0.1:${webhooks.receiver.port}/`,
      ),
  ])
  printTable(
    edgeUrl,
    shopUrl,
    sandbox?.url ?? settings.CATY_API_URL ?? 'https://api.catyai.io',
    sandbox !== undefined,
    [...dashboardRows(dashboard), ...webhookRows(webhooks)],
  )
}

/** The environment for our own children: none of them but the edge is told a secret. */
function withoutSecrets(): NodeJS.ProcessEnv {
  const secret =
    /^(CATY_API_KEY|CATY_API_KEY_NEXT|CATY_API_KEYS|TOKEN_SECRETS|TURNSTILE_SECRET|SUPABASE_JWT_SECRET|SUPABASE_JWT_SECRET_NEXT|CATY_WEBHOOK_SECRETS|WEBHOOK_TARGET_SECRET)$/
  return Object.fromEntries(Object.entries(env).filter(([name]) => !secret.test(name)))
}

function build(): void {
  const built = spawnSync(execPath, [`${root}esbuild.config.mjs`], { cwd: root, encoding: 'utf8' })
  if (built.status === 0 && existsSync(`${root}dist/assets/widget.js`)) return
  throw new UserMistake(
    `The widget could not be built: ${(built.stderr || built.stdout).trim().split('\n').at(-1) ?? 'no reason was given'}`,
  )
}

function edgeProgram(port: number, envFile: string): Program {
  const wrangler = `${root}node_modules/wrangler/bin/wrangler.js`
  if (!existsSync(wrangler)) throw new UserMistake('wrangler is not installed: run npm ci first.')
  return {
    name: 'edge',
    command: execPath,
    args: [
      wrangler,
      'dev',
      '--config',
      // The tests bring a copy with higher limits: all their visitors come from this machine's one address.
      env.EDGE_CONFIG ?? `${root}wrangler.toml`,
      '--persist-to',
      join(dirname(envFile), 'state'),
      '--port',
      String(port),
      '--ip',
      '127.0.0.1',
      '--inspector-port',
      '0',
      '--env-file',
      envFile,
      '--show-interactive-dev-session=false',
    ],
    env: {
      ...withoutSecrets(),
      WRANGLER_SEND_METRICS: 'false',
      WRANGLER_HIDE_BANNER: 'true',
      // No look-up of the real colo's `request.cf`: there may be no network at all.
      CLOUDFLARE_CF_FETCH_ENABLED: 'false',
      NO_UPDATE_NOTIFIER: '1',
      CI: '1',
    },
  }
}

async function start(program: Program, url: string): Promise<void> {
  const started = startProgram(program)
  running.push(started)
  if (!(await answers(url, started))) {
    if (ending) return
    throw new UserMistake(`The ${program.name} did not start: ${lastLine(started.said())}`)
  }
  void started.ended.then(() => {
    if (!ending) void finish(1, `The ${program.name} ended by itself: ${lastLine(started.said())}`)
  })
}

const lastLine = (said: string): string => said.trim().split('\n').at(-1)?.trim() || 'it gave no reason'

function printTable(edgeUrl: string, shopUrl: string, catyUrl: string, standIn: boolean, more: readonly Row[]): void {
  const rows: Row[] = [
    ['demo shop', shopUrl, 'open this, and chat'],
    ['installer', `${shopUrl}/installer/`, 'make the tag for a page of yours'],
    ['edge', edgeUrl, 'the Worker in workerd; it alone holds the key'],
    [
      standIn ? 'sandbox API' : 'Caty',
      catyUrl,
      standIn ? 'stands in for Caty: no account, no network' : 'the real API, with your key',
    ],
    ...more,
  ]
  console.log(
    `\n${rows.map(([what = '', url = '', why = '']) => `  ${what.padEnd(12)} ${url.padEnd(34)} ${why}`).join('\n')}\n\n  Ctrl-C ends everything.\n`,
  )
}

/** Ends every process, whatever state each is in, then this one. */
async function finish(code: number, sentence?: string): Promise<void> {
  if (ending) return
  ending = true
  if (sentence) console.error(sentence)
  await Promise.all(running.filter((program) => alive(program) || program.child.pid !== undefined).map(stopProgram))
  await secrets?.remove()
  exit(code)
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void finish(0))

main().catch((error: unknown) => finish(1, error instanceof UserMistake ? error.message : String(error)))

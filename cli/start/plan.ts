/**
 * What `npm start` runs, decided from the environment alone: with a key of Caty's the real API, else the sandbox in its
 * place; with a Supabase project that one, else a stand-in for sign-in; with a webhook target that one, else a receiver.
 */
import { randomBytes } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import type { PortName, Ports } from './ports.ts'
import type { Program } from './processes.ts'
import { type EdgeSettings, edgeSettings, settingsIn, withoutSettings } from './settings.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
/** The key of the sandbox when nobody names another; `sandbox/demo-key.ts` holds the same. */
const SANDBOX_KEY = 'caty_sandbox_opens_nothing_real_00001'
/** `sandbox/auth/sessions.ts` knows it too: nobody imports the sandbox, it runs as a process of its own. */
export const DEMO_ACCOUNT = { email: 'owner@example.com', password: 'pottery-demo' }

/** A program, where it answers when it is up, and the line of the table that it earns. */
export type Server = { program: Program; answersAt: string; shown: { url: string; why: string } }
export type Plan = {
  settings: EdgeSettings
  /** As browsers name it. */
  edge: string
  shop: string
  /** The key is a real one, or what the environment says is real. */
  real: boolean
  catyUrl: string
  /** The edge aside. */
  servers: Server[]
}

const isReal = (env: NodeJS.ProcessEnv): boolean => Boolean(env.CATY_API_KEY || env.CATY_API_KEYS)

/** The ports that this environment calls for. */
export function portsNeeded(env: NodeJS.ProcessEnv): PortName[] {
  const real = isReal(env)
  const dashboard = env.SUPABASE_URL || !real
  const receiver = (env.CATY_WEBHOOK_SECRETS || !real) && !env.WEBHOOK_TARGET_URL
  return [
    'EDGE_PORT',
    'SHOP_PORT',
    ...(real ? [] : (['SANDBOX_PORT'] as const)),
    // The real Caty would take no user of a stand-in.
    ...(dashboard && !env.SUPABASE_URL ? (['AUTH_PORT'] as const) : []),
    ...(dashboard ? (['DASHBOARD_PORT'] as const) : []),
    ...(receiver ? (['RECEIVER_PORT'] as const) : []),
  ]
}

/** Throws `Mistake` with the sentence the Worker would answer with. */
export function planStart(env: NodeJS.ProcessEnv, ports: Ports): Plan {
  const found = settingsIn(env)
  const real = isReal(env)
  const edge = `http://localhost:${ports.EDGE_PORT}`
  const shop = `http://localhost:${ports.SHOP_PORT}`
  const sandbox = `http://127.0.0.1:${ports.SANDBOX_PORT}`
  const supabase = found.SUPABASE_URL ?? (ports.AUTH_PORT ? `http://127.0.0.1:${ports.AUTH_PORT}` : undefined)
  const catySecrets = found.CATY_WEBHOOK_SECRETS ?? (real ? undefined : randomBytes(24).toString('hex'))
  const targetSecrets = found.WEBHOOK_TARGET_SECRET ?? `whsec_${randomBytes(32).toString('base64')}`
  const settings = edgeSettings(found, {
    origins: bothNames(ports.SHOP_PORT),
    adminOrigins: ports.DASHBOARD_PORT ? bothNames(ports.DASHBOARD_PORT) : [],
    own: {
      ...(!real && { CATY_API_KEY: SANDBOX_KEY, CATY_API_URL: sandbox }),
      ...(supabase && { SUPABASE_URL: supabase }),
      ...(catySecrets && { CATY_WEBHOOK_SECRETS: catySecrets }),
      ...(ports.RECEIVER_PORT && {
        WEBHOOK_TARGET_URL: `http://127.0.0.1:${ports.RECEIVER_PORT}/hooks`,
        WEBHOOK_TARGET_SECRET: targetSecrets,
      }),
    },
  })

  const servers: Server[] = []
  const add = (
    port: PortName,
    name: string,
    file: string,
    own: NodeJS.ProcessEnv,
    path: string,
    why: string,
    host = 'localhost',
  ) => {
    if (ports[port] === undefined) return
    servers.push({
      program: { name, args: [root + file], env: { ...withoutSettings(env), [port]: String(ports[port]), ...own } },
      answersAt: `http://127.0.0.1:${ports[port]}${path}`,
      shown: { url: `http://${host}:${ports[port]}`, why },
    })
  }
  const sender = catySecrets && {
    SANDBOX_WEBHOOK_URL: `http://127.0.0.1:${ports.EDGE_PORT}/webhooks/caty`,
    SANDBOX_WEBHOOK_SECRET: newest(catySecrets),
  }
  add('SHOP_PORT', 'demo shop', 'sandbox/shop.ts', { EDGE_URL: edge }, '/', 'open this, and chat')
  add(
    'SANDBOX_PORT',
    'sandbox API',
    'sandbox/api.ts',
    { CATY_SANDBOX_KEY: SANDBOX_KEY, ...(supabase && { AUTH_URL: supabase }), ...sender },
    '/__sandbox/health',
    'stands in for Caty: no account, no network',
    '127.0.0.1',
  )
  add('AUTH_PORT', 'sign-in', 'sandbox/auth.ts', {}, '/__auth/health', 'stands in for Supabase Auth', '127.0.0.1')
  add(
    'DASHBOARD_PORT',
    'dashboard',
    'examples/dashboard/serve.ts',
    { EDGE_URL: edge, SUPABASE_URL: supabase },
    '/',
    ports.AUTH_PORT
      ? `sign in: ${DEMO_ACCOUNT.email} / ${DEMO_ACCOUNT.password}`
      : 'sign in with a user of your project',
  )
  add(
    'RECEIVER_PORT',
    'webhooks',
    'sandbox/receiver.ts',
    { RECEIVER_SECRET: newest(targetSecrets) },
    '/',
    'verified events, as they come',
  )
  return { settings, edge, shop, real, catyUrl: settings.CATY_API_URL ?? 'https://api.catyai.io', servers }
}

const bothNames = (port: number | undefined): string[] => [`http://localhost:${port}`, `http://127.0.0.1:${port}`]
/** Of secrets in a list, the one that signs. */
const newest = (secrets: string): string => secrets.split(',')[0]?.trim() ?? ''

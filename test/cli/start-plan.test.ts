/** What `npm start` would run for an environment, decided before anything starts. */
import { createServer, type Server } from 'node:net'
import { describe, expect, it } from 'vitest'
import { DEMO_ACCOUNT, planStart, portsNeeded } from '../../cli/start/plan.ts'
import { choosePorts, type PortName } from '../../cli/start/ports.ts'
import { freePort } from '../support/free-port.ts'
import { startAuth } from '../support/sandbox-process.ts'

const KEY = 'caty_aaaaaaaaaaaaaaaaaaaaaaaa'
const PORTS = { EDGE_PORT: 1, SHOP_PORT: 2, SANDBOX_PORT: 3, AUTH_PORT: 4, DASHBOARD_PORT: 5, RECEIVER_PORT: 6 }

function plan(env: Record<string, string>) {
  const ports = Object.fromEntries(portsNeeded(env).map((name) => [name, PORTS[name]]))
  const { settings, servers } = planStart(env, ports)
  return { settings, servers: Object.fromEntries(servers.map((server) => [server.program.name, server])) }
}

describe('the plan of npm start', () => {
  it('starts a stand-in for every outside service if the environment names none', () => {
    const { settings, servers } = plan({ ADMIN_ORIGINS: 'https://dashboard.example' })
    expect(Object.keys(servers)).toEqual(['demo shop', 'sandbox API', 'sign-in', 'dashboard', 'webhooks'])
    expect(settings).toMatchObject({
      CATY_API_URL: 'http://127.0.0.1:3',
      ALLOWED_ORIGINS: 'http://localhost:2,http://127.0.0.1:2',
      SUPABASE_URL: 'http://127.0.0.1:4',
      ADMIN_ORIGINS: 'https://dashboard.example,http://localhost:5,http://127.0.0.1:5',
      WEBHOOK_TARGET_URL: 'http://127.0.0.1:6/hooks',
    })
    expect(servers.dashboard?.shown.why).toContain(DEMO_ACCOUNT.email)
  })

  it('uses a named Supabase project, and starts no stand-in for sign-in', () => {
    for (const key of [{}, { CATY_API_KEY: KEY }]) {
      const { settings, servers } = plan({ SUPABASE_URL: 'https://project.supabase.co', ...key })
      expect(settings.SUPABASE_URL).toBe('https://project.supabase.co')
      expect(servers.dashboard?.shown.why).toBe('sign in with a user of your project')
      expect(servers['sign-in']).toBeUndefined()
    }
  })

  it('runs the shop alone with a real key, because the real Caty knows no user of a stand-in', () => {
    const { settings, servers } = plan({ CATY_API_KEY: KEY })
    expect(Object.keys(servers)).toEqual(['demo shop'])
    expect(settings).not.toHaveProperty('SUPABASE_URL')
    expect(settings).not.toHaveProperty('ADMIN_ORIGINS')
  })

  it('sends webhooks to a named target, and starts no receiver', () => {
    const { settings, servers } = plan({
      WEBHOOK_TARGET_URL: 'https://hooks.example/caty',
      WEBHOOK_TARGET_SECRET: `whsec_${Buffer.alloc(32).toString('base64')}`,
    })
    expect(settings.WEBHOOK_TARGET_URL).toBe('https://hooks.example/caty')
    expect(servers.webhooks).toBeUndefined()
  })

  it('passes settings of the Worker only to the edge', () => {
    const { servers } = plan({
      CATY_API_KEY: KEY,
      CATY_WEBHOOK_SECRETS: 'abcdefgh12345678abcdefgh12345678',
      PATH: '/bin',
    })
    expect(Object.keys(servers)).toEqual(['demo shop', 'webhooks'])
    for (const { program } of Object.values(servers)) {
      expect(JSON.stringify(program)).not.toContain(KEY)
      expect(program.env).not.toHaveProperty('CATY_WEBHOOK_SECRETS')
      expect(program.env.PATH).toBe('/bin')
    }
  })
})

describe('the ports of npm start', () => {
  const hold = async (port: number): Promise<Server> => {
    const holder = createServer()
    const holds = new Promise((resolve) => holder.once('listening', resolve).once('error', resolve))
    holder.listen(port, '127.0.0.1')
    await holds
    return holder
  }

  it('are refused together, each with its server, its setting and a free port', async () => {
    const port = await freePort()
    const holder = await hold(port)
    const env = { EDGE_PORT: 'x', SHOP_PORT: String(port), DASHBOARD_PORT: String(port) }
    const failed = choosePorts(['EDGE_PORT', 'SHOP_PORT', 'DASHBOARD_PORT'], env)
    const sentence = (of: string, name: string) =>
      `Port ${port}, for ${of}, is taken by another program: stop that program, or set ${name} to another port, for example ${name}=\\d+\\.`
    await expect(failed).rejects.toThrow(
      new RegExp(
        `^EDGE_PORT must be a port number from 1 to 65535; it is “x”\\. ${sentence('the demo shop', 'SHOP_PORT')} ${sentence('the dashboard', 'DASHBOARD_PORT')}$`,
      ),
    )
    holder.close()
  })

  it('move to free ports if the environment does not set them', async () => {
    const names: PortName[] = ['AUTH_PORT', 'DASHBOARD_PORT', 'RECEIVER_PORT']
    // Other programs on this machine may hold the default ports already, which serves the test as well.
    const holders = await Promise.all([8790, 8791, 8792].map(hold))
    const ports = await choosePorts(names, {}).finally(() => holders.map((holder) => holder.close()))
    for (const port of Object.values(ports)) expect([8790, 8791, 8792]).not.toContain(port)
  })

  it('cannot be the same for two servers', async () => {
    const port = String(await freePort())
    await expect(choosePorts(['EDGE_PORT', 'SHOP_PORT'], { EDGE_PORT: port, SHOP_PORT: port })).rejects.toThrow(
      `SHOP_PORT and EDGE_PORT are both ${port}: give them different ports.`,
    )
  })
})

it('the printed account signs in at the stand-in', async () => {
  const port = await freePort()
  const stop = await startAuth(port)
  const signIn = (account: object) =>
    fetch(`http://127.0.0.1:${port}/auth/v1/token?grant_type=password`, {
      method: 'POST',
      body: JSON.stringify(account),
    })
  expect((await signIn(DEMO_ACCOUNT)).status).toBe(200)
  expect((await signIn({ ...DEMO_ACCOUNT, password: 'x' })).status).toBe(400)
  await stop()
})

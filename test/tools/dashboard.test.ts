/** The dashboard and the stand-in for sign-in of `npm start`: which of them run, where, and what the edge is told. */
import { createServer } from 'node:net'
import { describe, expect, it } from 'vitest'
import { adminSettings, dashboardRows, planDashboard } from '../../cli/start/dashboard.ts'
import { DEMO_ACCOUNT } from '../../cli/start/demo-account.ts'
import { freePort } from '../support/free-port.ts'
import { startAuth } from '../support/sandbox-process.ts'

const named = async () => ({ AUTH_PORT: String(await freePort()), DASHBOARD_PORT: String(await freePort()) })

describe('the plan of the dashboard', () => {
  it('brings a stand-in for sign-in, and lets its own origin in beside those that are listed', async () => {
    const env = await named()
    const plan = await planDashboard(env, false, [])
    const [auth, port] = [Number(env.AUTH_PORT), Number(env.DASHBOARD_PORT)]
    expect(plan).toEqual({ supabaseUrl: `http://127.0.0.1:${auth}`, authPort: auth, port })
    expect(adminSettings(plan, 'https://dashboard.example')).toEqual({
      SUPABASE_URL: `http://127.0.0.1:${auth}`,
      ADMIN_ORIGINS: `http://localhost:${port},http://127.0.0.1:${port},https://dashboard.example`,
    })
    expect(dashboardRows(plan)).toHaveLength(2)
  })

  it('takes the project that is named, and no stand-in', async () => {
    const env = { ...(await named()), SUPABASE_URL: 'https://project.supabase.co' }
    for (const real of [true, false]) {
      const plan = await planDashboard(env, real, [])
      expect([plan?.authPort, plan?.supabaseUrl]).toEqual([undefined, env.SUPABASE_URL])
      expect(dashboardRows(plan)).toHaveLength(1)
    }
  })

  it('is nothing with a real key and no project: the real Caty knows no user of a stand-in', async () => {
    expect(await planDashboard({}, true, [])).toBeUndefined()
    expect(adminSettings(undefined, 'https://dashboard.example')).toEqual({})
  })

  it('takes other ports where its own are used and nobody asked for them, and says so where somebody did', async () => {
    const plan = await planDashboard({}, false, [8790, 8791])
    expect([8790, 8791]).not.toContain(plan?.authPort)
    expect([8790, 8791]).not.toContain(plan?.port)
    const env = await named()
    const holder = createServer().listen(Number(env.DASHBOARD_PORT), '127.0.0.1')
    await expect(planDashboard(env, false, [])).rejects.toThrow(/set DASHBOARD_PORT to another port/)
    holder.close()
  })
})

it('the account that is printed opens the stand-in', async () => {
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

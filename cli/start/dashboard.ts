/**
 * The dashboard of `npm start`, and the stand-in for Supabase Auth where no project is named: which of them run, where,
 * and what the edge is told of them.
 */
import { DEMO_ACCOUNT, STAND_IN_PORT } from './demo-account.ts'
import { freeOr } from './ports.ts'

export type DashboardPlan = {
  /** Where users sign in: the environment's project, or the stand-in. */
  supabaseUrl: string
  /** Present when the stand-in runs. */
  authPort: number | undefined
  port: number
}

/**
 * `undefined` when the real Caty is meant and no project is named: it would take no user of a stand-in. Throws
 * `UserMistake` for a port that the environment names and somebody has.
 */
export async function planDashboard(
  env: NodeJS.ProcessEnv,
  real: boolean,
  used: readonly number[],
): Promise<DashboardPlan | undefined> {
  const named = env.SUPABASE_URL || undefined
  if (named === undefined && real) return undefined
  const authPort = named === undefined ? await freeOr('AUTH_PORT', STAND_IN_PORT, env, used) : undefined
  const port = await freeOr('DASHBOARD_PORT', 8791, env, used)
  return { supabaseUrl: named ?? `http://127.0.0.1:${authPort}`, authPort, port }
}

/** The settings of the edge: the dashboard's origins beside those that the environment lists. */
export function adminSettings(plan: DashboardPlan | undefined, listed: string | undefined): Record<string, string> {
  if (!plan) return {}
  const own = [`http://localhost:${plan.port}`, `http://127.0.0.1:${plan.port}`]
  return { SUPABASE_URL: plan.supabaseUrl, ADMIN_ORIGINS: [...own, ...(listed ? [listed] : [])].join(',') }
}

export type Row = readonly [what: string, url: string, why: string]

/** Lines of the table that `npm start` prints. */
export function dashboardRows(plan: DashboardPlan | undefined): Row[] {
  if (!plan) return []
  const { email, password } = DEMO_ACCOUNT
  const account =
    plan.authPort === undefined ? 'sign in with a user of your project' : `sign in: ${email} / ${password}`
  const dashboard: Row = ['dashboard', `http://localhost:${plan.port}`, account]
  if (plan.authPort === undefined) return [dashboard]
  return [dashboard, ['sign-in', plan.supabaseUrl, 'stands in for Supabase Auth']]
}

/** A dashboard for the tests: tokens of the stand-in for Supabase Auth, and calls with them from the dashboard's origin. */
import { env } from 'cloudflare:workers'
import { ask, type Settings } from './client.ts'

export const DASHBOARD = 'https://dashboard.example'

const control = async (name: string, body: object): Promise<Response> =>
  fetch(`${env.SUPABASE_URL}/__auth/${name}`, { method: 'POST', body: JSON.stringify(body) })

export const resetAuth = (): Promise<Response> => control('reset', {})
export const planAuthFaults = (faults: object): Promise<Response> => control('faults', faults)
/** A new key signs; without `keep` the old ones are not published any more. */
export const rotateKeys = (how: { algorithm?: string; keep?: boolean } = {}): Promise<Response> =>
  control('rotate', how)

/** How often the published keys were asked for since the last reset. */
export async function keyLookups(): Promise<number> {
  const response = await fetch(`${env.SUPABASE_URL}/__auth/requests`)
  const { requests } = await response.json<{ requests: { path: string }[] }>()
  return requests.filter(({ path }) => path.endsWith('/jwks.json')).length
}

export type Minted = { claims?: object; header?: object; without?: string[] }

/** A token signed with the project's own key, with any claims at all. */
export async function mint(how: Minted = {}): Promise<string> {
  const response = await control('sign', how)
  return (await response.json<{ token: string }>()).token
}

let users = 0

/** A token of a user who has called nothing yet, so that tests do not use up each other's limits. */
export function newUser(how: Minted = {}): Promise<string> {
  users += 1
  return mint({ ...how, claims: { sub: `user-${users}-${crypto.randomUUID()}`, ...how.claims } })
}

/** One call of a dashboard. */
export function askAdmin(
  path: string,
  token: string | undefined,
  { headers, ...init }: RequestInit & { headers?: Record<string, string> } = {},
  settings: Settings = {},
): Promise<Response> {
  const authorization = token === undefined ? undefined : { Authorization: `Bearer ${token}` }
  return ask(path, { ...init, headers: { Origin: DASHBOARD, ...authorization, ...headers } }, settings)
}

/** A `PUT` or `POST` of JSON. */
export const sendAdmin = (method: string, path: string, token: string, body: unknown, settings: Settings = {}) =>
  askAdmin(
    path,
    token,
    { method, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) },
    settings,
  )

/** No tenant's count in the way: the limit counts all users of a tenant, and every test is the same tenant. */
export const unlimited: Settings = { ADMIN_CALLS: { limit: async () => ({ success: true }) } }

let workers = 0
/** Settings of a Worker that is new: it has fetched no keys yet, and its breaker is closed. */
export const newWorker = (): Settings => ({ ...unlimited, TOKEN_EPOCH: String(++workers) })

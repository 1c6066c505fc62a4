/** The controls of the sandbox process, from inside workerd. */
import { env } from 'cloudflare:workers'

export type Received = { method: string; path: string; headers: Record<string, string>; body: string; bytes: number }

const control = (name: string, body?: unknown): Promise<Response> =>
  fetch(`${env.SANDBOX_URL}/__sandbox/${name}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body ?? {}),
  })

/** Forgets everything and lifts the limits, which have tests of their own. */
export async function resetSandbox(): Promise<void> {
  await control('reset')
  await control('config', { limits: { perMinute: 100_000, messagesPerMinute: 100_000 } })
}

export const planFaults = (faults: object): Promise<Response> => control('faults', faults)
/** Lets the calls go on that a fault with `held` holds. */
export const releaseHeld = (): Promise<Response> => control('release')
export const configureSandbox = (change: object): Promise<Response> => control('config', change)

/** What the upstream got since the last reset. */
export async function received(): Promise<Received[]> {
  const response = await fetch(`${env.SANDBOX_URL}/__sandbox/requests`)
  return (await response.json<{ requests: Received[] }>()).requests
}

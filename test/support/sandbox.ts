/** Controls the stand-in for Caty in e2e tests and reads what it received. Each file starts with a reset one. */
import { inject } from 'vitest'
import type { Controls, Fault } from '../../sandbox/control.ts'

const { sandbox } = inject('stack')

/** A call as Caty received it. Header names are in lower case. A very long `body` is cut; `bytes` is its whole length. */
export type Received = { method: string; path: string; headers: Record<string, string>; body: string; bytes: number }

/** Resets the stand-in: no recorded calls, no planned faults, no sessions. */
export const resetSandbox = () => control('reset', {})
/** Plans faults for the next calls. */
export const planFaults = (faults: Fault | Fault[]) => control('faults', faults)
/** Releases the calls that a fault holds. */
export const releaseFaults = () => control('release', {})
/** Sets the configuration that Caty serves, its limits and all other members of `Controls`. */
export const configureSandbox = (controls: Partial<Controls>) => control('config', controls)

/** The recorded calls, oldest first, whose path begins with `path`. */
export async function received(path = '/'): Promise<Received[]> {
  const { requests }: { requests: Received[] } = await (await fetch(`${sandbox}/__sandbox/requests`)).json()
  return requests.filter((call) => call.path.startsWith(path))
}

/** The bodies of POST calls. */
export const bodies = async (path: string): Promise<Record<string, unknown>[]> =>
  (await received(path)).filter(({ method }) => method === 'POST').map(({ body }) => JSON.parse(body))

async function control(name: string, body: object): Promise<void> {
  const response = await fetch(`${sandbox}/__sandbox/${name}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  })
  if (!response.ok) throw new Error(`the sandbox refused ${name}: ${response.status}`)
}

/** The stand-in for Caty, as the stories plan it and question it. Each file begins with one that remembers nothing. */
import { inject } from 'vitest'
import type { Controls, Fault } from '../../sandbox/control.ts'

const { sandbox } = inject('stack')

/** A call as it came to Caty. `headers` are in lower case; of a body of more than `bytes` bytes only the beginning is kept. */
export type Received = { method: string; path: string; headers: Record<string, string>; body: string; bytes: number }

/** Nothing was called, nothing is planned, no session exists. */
export const resetSandbox = () => control('reset', {})
/** What the next calls meet instead of an answer. */
export const planFaults = (faults: Fault | Fault[]) => control('faults', faults)
/** Lets the calls go on that a fault holds. */
export const releaseFaults = () => control('release', {})
/** How Caty is set up: the configuration it serves, its limits and what else `Controls` names. */
export const configureSandbox = (controls: Partial<Controls>) => control('config', controls)

/** The calls so far, oldest first, whose path begins with `path`. */
export async function received(path = '/'): Promise<Received[]> {
  const { requests }: { requests: Received[] } = await (await fetch(`${sandbox}/__sandbox/requests`)).json()
  return requests.filter((call) => call.path.startsWith(path))
}

/** The bodies of those that were POSTed. */
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

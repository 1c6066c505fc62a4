/** Is the edge that was just deployed answering, with the new code, and does Caty take its key? */
import * as v from 'valibot'
import { VERSION } from '../../edge/base/version.ts'
import { Mistake } from '../base/mistake.ts'
import type { Clock } from '../base/world.ts'

const Health = v.object({ status: v.string(), version: v.string(), upstream: v.string() })
export type Health = v.InferOutput<typeof Health>

/** A new version reaches all of Cloudflare within seconds; a new workers.dev name or certificate may take a minute or two. */
const PATIENCE_MS = 180_000
const PAUSE_MS = 2000

/** One version of several, by Cloudflare's override header, so that it can be asked before it gets any traffic. */
export type VersionAsked = { worker: string; version: string }

/** Resolves with the first answer of this version's code. Throws `Mistake` when none comes, with what came instead. */
export async function waitForHealth(url: string, clock: Clock, asked?: VersionAsked): Promise<Health> {
  const until = clock.now().getTime() + PATIENCE_MS
  let last = 'nothing answered'
  for (;;) {
    const answer = await askHealth(url, asked)
    if (typeof answer !== 'string') {
      if (answer.version === VERSION) return sound(answer)
      last = `version ${answer.version} answers instead of ${VERSION}`
    } else last = answer
    if (clock.now().getTime() >= until) {
      throw new Mistake('unhealthy', `${url}/health is not well after ${PATIENCE_MS / 1000} seconds: ${last}`)
    }
    await clock.sleep(PAUSE_MS)
  }
}

/** What `/health` says, or a sentence about why it says nothing. */
export async function askHealth(url: string, asked?: VersionAsked): Promise<Health | string> {
  const headers: Record<string, string> = asked
    ? { 'Cloudflare-Workers-Version-Overrides': `${asked.worker}="${asked.version}"` }
    : {}
  const response = await fetch(`${url}/health`, {
    headers,
    redirect: 'manual',
    signal: AbortSignal.timeout(10_000),
  }).catch(() => undefined)
  if (!response) return 'nothing answered'
  const body: unknown = await response.json().catch(() => undefined)
  const health = v.safeParse(Health, body)
  if (response.ok && health.success) return health.output
  // A Worker with a wrong setting names it in its problem's detail, never its value.
  const detail = v.safeParse(v.object({ detail: v.string() }), body)
  return detail.success ? detail.output.detail : `it answered ${response.status}`
}

function sound(health: Health): Health {
  if (health.upstream === 'key_refused') {
    throw new Mistake(
      'unhealthy',
      'The edge runs, and Caty refuses its key: compare CATY_API_KEY in secrets.env with the dashboard.',
    )
  }
  return health
}

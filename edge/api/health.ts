/** `GET /health`: the state of this edge and of Caty. Holds nothing secret, and asks Caty at most once a minute. */
import type { Edge } from '../app/context.ts'
import { Refused } from '../base/reason.ts'
import { VERSION } from '../base/version.ts'

type Upstream = 'ok' | 'failing' | 'key_refused'
type Checked = { upstream: Upstream; at: number }

const KEEP_MS = 60_000
const checkedFor = new WeakMap<Edge, Promise<Checked>>()

/** Answers `{status, version, upstream}`. */
export async function healthCall(edge: Edge, waitUntil: (work: Promise<unknown>) => void): Promise<Response> {
  const { upstream } = await recentCheck(edge, waitUntil)
  const status = edge.settings.maintenance ? 'maintenance' : upstream === 'ok' ? 'ok' : 'degraded'
  return Response.json({ status, version: VERSION, upstream })
}

/** The last check if it is younger than a minute, else a new one. Concurrent callers share it. */
async function recentCheck(edge: Edge, waitUntil: (work: Promise<unknown>) => void): Promise<Checked> {
  const known = await checkedFor.get(edge)
  if (known && edge.platform.now().getTime() - known.at < KEEP_MS) return known
  const check = askCaty(edge, waitUntil)
  checkedFor.set(edge, check)
  return check
}

async function askCaty(edge: Edge, waitUntil: (work: Promise<unknown>) => void): Promise<Checked> {
  const at = edge.platform.now().getTime()
  const [widget] = edge.settings.widgets.keys()
  try {
    await edge.configs.get(widget ?? 'default', waitUntil)
    return { upstream: 'ok', at }
  } catch (error) {
    const refused = error instanceof Refused && error.reason.kind === 'upstream_refused_key'
    return { upstream: refused ? 'key_refused' : 'failing', at }
  }
}

/** `GET /health`: the state of this edge and of Caty. Holds nothing secret, and asks Caty at most once a minute. */
import type { Edge } from '../app/context.ts'
import { Refused } from '../base/reason.ts'
import type { WaitUntil } from '../base/single-flight.ts'
import { VERSION } from '../base/version.ts'

type Upstream = 'ok' | 'failing' | 'key_refused'
type Checked = { upstream: Upstream; at: number }

const KEEP_MS = 60_000
type Asked = Pick<Edge, 'configs' | 'platform' | 'settings'>
/** Results, never promises: a check whose caller left must not be waited for. */
const checkedFor = new WeakMap<Asked, Checked>()

/** Answers `{status, version, upstream}`. */
export async function healthCall(edge: Asked, waitUntil: WaitUntil): Promise<Response> {
  const { upstream } = await recentCheck(edge, waitUntil)
  const status = edge.settings.maintenance ? 'maintenance' : upstream === 'ok' ? 'ok' : 'degraded'
  return Response.json({ status, version: VERSION, upstream })
}

/** The last check if it is younger than a minute, else a new one. The cache makes one call for all who ask together. */
async function recentCheck(edge: Asked, waitUntil: WaitUntil): Promise<Checked> {
  const at = edge.platform.now().getTime()
  const known = checkedFor.get(edge)
  if (known && Math.abs(at - known.at) < KEEP_MS) return known
  const checked = { upstream: await askCaty(edge, waitUntil), at }
  checkedFor.set(edge, checked)
  return checked
}

async function askCaty(edge: Asked, waitUntil: WaitUntil): Promise<Upstream> {
  const [widget] = edge.settings.widgets.keys()
  try {
    await edge.configs.get(widget ?? 'default', waitUntil)
    return 'ok'
  } catch (error) {
    return error instanceof Refused && error.reason.kind === 'upstream_refused_key' ? 'key_refused' : 'failing'
  }
}

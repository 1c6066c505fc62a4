/** The first exchange: one CORS-simple request, so one round trip, and the configuration comes with it. */
import type { TokenAnswer } from '../../edge/contract/edge.ts'
import type { Options } from './options.ts'

export type First = { answer: TokenAnswer; reason?: undefined } | { answer?: undefined; reason: string }

/** Never throws: what went wrong comes back as a reason. */
export async function firstToken({ edge, widgetId }: Options): Promise<First> {
  const body = new URLSearchParams({
    grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
    subject_token: widgetId,
    subject_token_type: 'urn:caty:token-type:widget-id',
    scope: 'config track',
    include: 'config',
  })
  try {
    const response = await fetch(`${edge}/token`, {
      method: 'POST',
      body,
      credentials: 'omit',
      signal: AbortSignal.timeout(9e3),
    })
    const answer = await response.json()
    return response.ok ? { answer } : { reason: `${answer.code}`.toLowerCase() }
  } catch {
    // A refused origin cannot read its refusal; the asset, which everybody may read, tells it from an edge that is down.
    const probe = await fetch(`${edge}/widget.js`, { cache: 'no-store', credentials: 'omit' }).catch(() => 0)
    return { reason: probe ? 'origin_not_allowed' : 'edge_unreachable' }
  }
}

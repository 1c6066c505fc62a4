/** Token requests: one CORS-simple form, so the first one costs one round trip, and the configuration comes with it. */
import type { Core, Exchange } from '../chunk-api/core.ts'

/** To another origin `fetch` sends no cookies unless told to. `more` are further parameters of RFC 8693 section 2.1, or of ours, `init` brings headers. Rejects when there is no answer within 9 s. */
export const exchange: Exchange = (edge, token, type, more, init) =>
  fetch(`${edge}/token`, {
    ...init,
    method: 'POST',
    signal: AbortSignal.timeout(9e3),
    body: new URLSearchParams({
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      subject_token: token,
      subject_token_type: `urn:${type}`,
      ...more,
    }),
  })

/** Fills the core with what the first exchange brings. Never rejects: what went wrong becomes the reason to be unavailable. */
export async function firstToken(core: Core): Promise<void> {
  const { edge, widgetId } = core.options()
  try {
    const response = await exchange(edge, widgetId, 'caty:token-type:widget-id', { include: 'config' })
    const answer = await response.json()
    if (response.ok) {
      core.config = answer.config ?? {}
      core.grant = answer
    } else core.fail(`${answer.code}`.toLowerCase())
  } catch {
    // A refused origin cannot read its refusal; the asset, which everybody may read, tells it from an edge that is down.
    const probe = await fetch(`${edge}/widget.js`, { cache: 'no-store' }).catch(() => 0)
    core.fail(probe ? 'origin_not_allowed' : 'edge_unreachable')
  }
}

/** Token requests: one CORS-simple form, so the first costs one round trip and brings the configuration along. */
import type { Exchange } from '../chunk-api/connection.ts'
import type { Core } from '../chunk-api/core.ts'

/** `fetch` sends no cookies to another origin unless told to. See `Exchange`. */
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

/** Gets the first token and the configuration for the core. Never rejects: `core.fail` hears what went wrong. */
export async function firstToken(core: Core): Promise<void> {
  const { edge, widgetId } = core.options()
  try {
    const response = await exchange(edge, widgetId, 'caty:token-type:widget-id', { include: 'config' })
    const answer = await response.json()
    if (response.ok) {
      core.config = answer.config ?? {}
      core.bearerToken = answer
    } else core.fail(`${answer.code}`.toLowerCase())
  } catch {
    // A page of a refused origin cannot read the refusal. Everybody may read the script, so it tells a refusal from an
    // edge that is down.
    const probe = await fetch(`${edge}/widget.js`, { cache: 'no-store' }).catch(() => 0)
    core.fail(probe ? 'origin_not_allowed' : 'edge_unreachable')
  }
}

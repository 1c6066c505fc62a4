/**
 * A page's origin that the edge allows. Most of what can be tried needs one; the owner names it, or it is found among the
 * few that a sensible setup has: the sites of the edge's own domain, and the demo shop of `npm start`.
 */
import { getDomain } from 'tldts'
import { isLocal } from './checks/reach.ts'
import type { Wire } from './wire.ts'

type Asked = { url: URL; origins: readonly string[]; wire: Wire }

/** The origin, or why there is none. One preflight a candidate. */
export async function allowedOrigin({ url, origins, wire }: Asked): Promise<string | { why: string }> {
  // The owner's word counts: if the edge then refuses it, that is a finding.
  if (origins[0] !== undefined) return origins[0]
  const candidates = likelyOrigins(url)
  for (const origin of candidates) if (await passes(wire, origin)) return origin
  const tried = candidates.length > 0 ? ` Tried ${candidates.join(', ')}.` : ''
  return {
    why: `Name a page's origin that this edge allows, one of its ALLOWED_ORIGINS: --origin https://shop.example. Without one an edge refuses everything, and nothing can be told apart.${tried}`,
  }
}

function likelyOrigins(url: URL): string[] {
  if (isLocal(url)) return [`${url.protocol}//${url.hostname}:${Number(url.port || 80) + 1}`]
  const domain = getDomain(url.hostname, { allowPrivateDomains: true })
  return domain ? [`https://${domain}`, `https://www.${domain}`] : []
}

async function passes(wire: Wire, origin: string): Promise<boolean> {
  const answer = await wire.send({
    method: 'OPTIONS',
    path: '/token',
    headers: { Origin: origin, 'Access-Control-Request-Method': 'POST' },
  })
  return answer.headers['access-control-allow-origin'] === origin
}

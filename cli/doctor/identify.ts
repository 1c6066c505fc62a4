/** Is this a Caty Keyless edge at all, and which page does it allow? The doctor attacks nobody else. */
import { getDomain } from 'tldts'
import * as v from 'valibot'
import { member, text } from './answers.ts'
import { type Answer, type Wire, WireError } from './wire.ts'

const Health = v.object({
  status: v.picklist(['ok', 'degraded', 'maintenance']),
  version: v.pipe(v.string(), v.regex(/^\d+\.\d+\.\d+/)),
  upstream: v.picklist(['ok', 'failing', 'key_refused']),
})
const Metadata = v.object({
  issuer: v.string(),
  token_endpoint: v.string(),
  grant_types_supported: v.pipe(v.array(v.string()), v.includes('urn:ietf:params:oauth:grant-type:token-exchange')),
  token_endpoint_auth_methods_supported: v.optional(v.array(v.string()), []),
  dpop_signing_alg_values_supported: v.array(v.string()),
})
export type Health = v.InferOutput<typeof Health>
export type Metadata = v.InferOutput<typeof Metadata>
/** `refused`: why nothing was attacked, as a sentence. */
export type Identity = { health: Health; metadata: Metadata; launcher: Answer } | { refused: string }

/** Three requests that any host may be asked. Never throws for what the host does. */
export async function identify(wire: Wire, origin: string): Promise<Identity> {
  const stranger = (why: string): Identity => ({ refused: `${origin} is not a Caty Keyless edge: ${why}.` })
  try {
    const health = await wire.send({ path: '/health' })
    if (health.status === 503 && member(health, 'code') === 'NOT_CONFIGURED') {
      return { refused: `The edge is not set up: ${text(member(health, 'detail'))}` }
    }
    const read = v.safeParse(v.pipe(v.string(), v.parseJson(), Health), health.text)
    if (!read.success) return stranger('/health does not answer {status, version, upstream}')
    const wellKnown = await wire.send({ path: '/.well-known/oauth-authorization-server' })
    const metadata = v.safeParse(v.pipe(v.string(), v.parseJson(), Metadata), wellKnown.text)
    if (!metadata.success) return stranger('/.well-known/oauth-authorization-server offers no token exchange with DPoP')
    const launcher = await wire.send({ path: '/widget.js' })
    if (launcher.status !== 200 || !launcher.text.includes('caty-widget')) {
      return stranger('/widget.js is not the launcher of the widget')
    }
    return { health: read.output, metadata: metadata.output, launcher }
  } catch (error) {
    if (error instanceof WireError) return stranger(`it does not answer (${error.message})`)
    throw error
  }
}

export const isLocal = ({ hostname }: URL): boolean => /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname)

/**
 * A page's origin that the edge allows: the owner names it, or it is found among the few that a sensible setup has, the
 * sites of the edge's own domain and the demo shop of `npm start`, by one preflight each.
 */
export async function allowedOrigin(
  url: URL,
  named: readonly string[],
  wire: Wire,
): Promise<string | { refused: string }> {
  // The owner's word counts: if the edge then refuses it, that is a finding.
  if (named[0] !== undefined) return named[0]
  const candidates = likelyOrigins(url)
  for (const origin of candidates) {
    const headers = { Origin: origin, 'Access-Control-Request-Method': 'POST' }
    const answer = await wire.send({ method: 'OPTIONS', path: '/token', headers })
    if (answer.headers['access-control-allow-origin'] === origin) return origin
  }
  const tried = candidates.length > 0 ? ` Tried ${candidates.join(', ')}.` : ''
  return {
    refused: `Name a page's origin that this edge allows, one of its ALLOWED_ORIGINS: --origin https://shop.example. Without one an edge refuses everything, and nothing can be told apart.${tried}`,
  }
}

function likelyOrigins(url: URL): string[] {
  if (isLocal(url)) return [`${url.protocol}//${url.hostname}:${Number(url.port || 80) + 1}`]
  const domain = getDomain(url.hostname, { allowPrivateDomains: true })
  return domain ? [`https://${domain}`, `https://www.${domain}`] : []
}

/** Is this a Caty Keyless edge at all? The doctor attacks nobody else. */
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
  token_endpoint_auth_methods_supported: v.optional(v.array(v.string())),
  scopes_supported: v.optional(v.array(v.string())),
  dpop_signing_alg_values_supported: v.array(v.string()),
})
export type Health = v.InferOutput<typeof Health>
export type Metadata = v.InferOutput<typeof Metadata>

export type Identity =
  | { kind: 'edge'; health: Health; metadata: Metadata; launcher: Answer }
  /** An edge, but its settings are wrong; the sentence is its own. */
  | { kind: 'not_set_up'; why: string }
  | { kind: 'stranger'; why: string }

/** Three requests that any host may be asked. Never throws. */
export async function identify(wire: Wire): Promise<Identity> {
  try {
    const health = await wire.send({ path: '/health' })
    if (health.status === 503 && member(health, 'code') === 'NOT_CONFIGURED') {
      return { kind: 'not_set_up', why: text(member(health, 'detail')) }
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
    return { kind: 'edge', health: read.output, metadata: metadata.output, launcher }
  } catch (error) {
    if (error instanceof WireError) return stranger(`it does not answer (${error.message})`)
    throw error
  }
}

const stranger = (why: string): Identity => ({ kind: 'stranger', why })

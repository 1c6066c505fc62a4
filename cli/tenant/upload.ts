/** What `deploy` and `rollout` have in common: the upload, its answer, and what must hold before it. */
import * as v from 'valibot'
import { Mistake } from '../base/mistake.ts'
import type { WranglerConfig } from './config.ts'
import type { Tenant } from './places.ts'
import type { SoundTenant } from './run.ts'
import { SECRETS_PATH, type WranglerAnswer, type WranglerCall } from './wrangler.ts'

/** An upload of code, assets and secrets by `wrangler deploy` or `wrangler versions upload`. */
export function uploadCall(command: readonly string[], { secrets }: SoundTenant, assets: string): WranglerCall {
  // Empty lines of the file are placeholders; an empty secret would hide a deployed one.
  const filled = Object.fromEntries(Object.entries(secrets).filter(([, value]) => value !== ''))
  const has = Object.keys(filled).length > 0
  const args = [...command, ...(has ? ['--secrets-file', SECRETS_PATH] : []), '--assets', assets]
  return { args, ...(has && { secrets: filled }) }
}

const Uploaded = v.looseObject({
  type: v.picklist(['deploy', 'version-upload']),
  version_id: v.string(),
  targets: v.optional(v.array(v.string()), []),
})

/** The version that an upload made. Throws `Mistake` when wrangler did not say. */
export function versionIn(command: string, answer: WranglerAnswer | undefined): v.InferOutput<typeof Uploaded> {
  for (const entry of answer?.entries ?? []) {
    const parsed = v.safeParse(Uploaded, entry)
    if (parsed.success) return parsed.output
  }
  throw new Mistake(
    'cloudflare',
    `wrangler ${command} ended without saying which version it made: look at npx wrangler versions list.`,
  )
}

/** The custom domain, else what Cloudflare gave, else what it will look like. */
export function edgeUrl(config: WranglerConfig, targets: readonly string[]): string {
  const domain = config.routes.find((route) => route.custom_domain === true)?.pattern
  if (domain !== undefined) return `https://${domain}`
  const target = targets.find((each) => each.includes('workers.dev')) ?? targets[0]
  if (target === undefined) return `https://${config.name}.<your-subdomain>.workers.dev`
  return (target.startsWith('http') ? target : `https://${target}`).replace(/\/$/, '')
}

/** The first rule that is one origin and not a pattern: somebody for the doctor to be. */
export function firstOrigin({ vars }: WranglerConfig): string | undefined {
  const text = typeof vars.ALLOWED_ORIGINS === 'string' ? vars.ALLOWED_ORIGINS : ''
  return text
    .split(',')
    .map((entry) => entry.trim())
    .find((entry) => !entry.includes('*'))
}

/** The value of `--url`. Throws `Mistake`. */
export function urlOption(text: string): string {
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return new URL(text).origin
  const host = text.replace(/^.*:\/\//, '')
  const meant =
    /\./.test(host) && URL.canParse(`https://${host}`) ? new URL(`https://${host}`).origin : 'https://chat.acme.example'
  throw new Mistake('usage', `--url ${text.slice(0, 80)} is no https:// address: write --url ${meant}.`)
}

/**
 * The key ring is rolled first: a visitor's calls go to either version, so each must know the key the other one signs
 * with, or the visitor would be sent for a new token at every other call.
 */
export function refuseForeignRing(
  called: string,
  tenant: Tenant,
  deployed: readonly string[],
  wanted: readonly string[],
): void {
  const [signing] = wanted
  const [signingNow] = deployed
  if (signing === undefined || signingNow === undefined) return
  if (deployed.includes(signing) && wanted.includes(signingNow)) return
  throw new Mistake(
    'mistake',
    `TOKEN_SECRETS in secrets.env is not the ring that is deployed: put it back and change it with ${called} rotate ${tenant.name} TOKEN_SECRETS, then go on.`,
  )
}

/** Cloudflare's versions of one Worker: which get traffic, which is newest, and giving traffic to others. */
import * as v from 'valibot'
import { Mistake } from '../base/mistake.ts'
import type { SecretChange } from './secrets-file.ts'
import { SECRETS_PATH, type Wrangler } from './wrangler.ts'

export type Share = { version: string; percentage: number }

const Deployment = v.looseObject({
  created_on: v.optional(v.string(), ''),
  versions: v.array(v.looseObject({ version_id: v.string(), percentage: v.number() })),
})
const Versions = v.array(v.looseObject({ id: v.string(), metadata: v.looseObject({ created_on: v.string() }) }))

const sharesOf = (deployment: v.InferOutput<typeof Deployment>): Share[] =>
  deployment.versions.map(({ version_id: version, percentage }) => ({ version, percentage }))

/** Who gets traffic now, the largest share first. Throws `Mistake` when nothing was ever deployed. */
export async function sharesNow(wrangler: Wrangler): Promise<Share[]> {
  const shares = sharesOf(await wrangler.ask(['deployments', 'status', '--json'], Deployment))
  return shares.sort((one, other) => other.percentage - one.percentage)
}

/** The versions that had all the traffic, newest deployment first, each once. */
export async function formerVersions(wrangler: Wrangler): Promise<string[]> {
  const deployments = await wrangler.ask(['deployments', 'list', '--json'], v.array(Deployment))
  const whole = deployments
    .sort((one, other) => other.created_on.localeCompare(one.created_on))
    .flatMap((deployment) => sharesOf(deployment).filter(({ percentage }) => percentage === 100))
  return [...new Set(whole.map(({ version }) => version))]
}

/** The version that was uploaded last: `versions secret bulk` builds on its code, whoever gets the traffic. */
async function newestVersion(wrangler: Wrangler): Promise<string | undefined> {
  const versions = await wrangler.ask(['versions', 'list', '--json'], Versions)
  return versions.sort((one, other) => other.metadata.created_on.localeCompare(one.metadata.created_on))[0]?.id
}

/** The one version that has all the traffic. Throws `Mistake` while two share it. */
export async function wholeVersion(wrangler: Wrangler): Promise<string> {
  const [share, ...others] = await sharesNow(wrangler)
  if (share && others.length === 0) return share.version
  throw new Mistake('mistake', 'Two versions share the traffic: finish that roll-out or roll it back first.')
}

/**
 * The one version that has all the traffic and is also the newest. Throws `Mistake` otherwise: changing a secret would
 * put code live that somebody had only uploaded (workers-sdk#10585 is the same trap in `secret put`).
 */
export async function onlyVersion(wrangler: Wrangler): Promise<string> {
  const version = await wholeVersion(wrangler)
  if ((await newestVersion(wrangler)) === version) return version
  throw new Mistake(
    'mistake',
    'A version newer than the deployed one was uploaded, and a new secret would take its code live: deploy first, from the code you want.',
  )
}

/** Makes a version with the deployed code and other secrets; nobody gets it yet. `undefined` in a dry run. */
export async function versionWithSecrets(
  wrangler: Wrangler,
  secrets: SecretChange,
  message: string,
): Promise<string | undefined> {
  const answer = await wrangler.change({
    args: ['versions', 'secret', 'bulk', SECRETS_PATH, '--message', message],
    secrets,
  })
  if (!answer) return undefined
  const id = /Created version ([0-9a-f-]{36})/.exec(answer.stdout)?.[1]
  if (id === undefined)
    throw new Mistake('cloudflare', 'wrangler made a version and did not say which: run the same command again.')
  return id
}

/** Gives traffic to versions; the percentages make 100. */
export async function giveTraffic(wrangler: Wrangler, shares: readonly Share[], message: string): Promise<void> {
  const specs = shares.map(({ version, percentage }) => `${version}@${percentage}%`)
  await wrangler.change({ args: ['versions', 'deploy', ...specs, '--yes', '--message', message] })
}

/**
 * `rollout`: a new version gets a part of the traffic, is looked at, gets more. It is asked before anybody
 * else reaches it, and at the first sign of trouble everybody goes back to the old one. Run again it goes on.
 */
import type { Command } from 'commander'
import { Mistake } from '../base/mistake.ts'
import { keepOpenPages, stageAssets } from './assets.ts'
import type { DeployOptions } from './deploy.ts'
import { askDoctor } from './doctor.ts'
import { askHealth, waitForHealth } from './health.ts'
import type { Tenant } from './places.ts'
import {
  chosenTenant,
  DRY_RUN,
  FOLDER,
  JSON_OUT,
  perform,
  type Run,
  type SoundTenant,
  soundTenant,
  tenantCommand,
  WITHOUT_SECRETS,
} from './run.ts'
import { kidsOf } from './secrets-file.ts'
import { readState, refuseOtherWork, type State, withoutRollout, writeState } from './state.ts'
import { edgeUrl, firstOrigin, refuseForeignRing, uploadCall, urlOption, versionIn } from './upload.ts'
import { giveTraffic, wholeVersion } from './versions.ts'
import { Wrangler } from './wrangler.ts'

export type RolloutOptions = Omit<DeployOptions, 'outdir'> & {
  /** Percentages in rising order; the last is 100. */
  steps: readonly number[]
  /** Seconds between two of them. */
  wait: number
}
type Rollout = NonNullable<State['rollout']>

export const rolloutCommand = (): Command =>
  tenantCommand(
    'rollout',
    'the same as deploy by parts of the traffic, with a way back at each; run again it goes on',
    ['acme', 'acme --steps 5,25,100 --wait 600'],
  )
    .argument('[name]', 'the tenant')
    .option('--steps <list>', 'percentages of the traffic, one after another', parseSteps, [10, 50, 100])
    .option('--wait <seconds>', 'between two steps', parseWait, 300)
    .option(...DRY_RUN)
    .option(...WITHOUT_SECRETS)
    .option('--no-doctor', 'does not let the doctor attack the new edge')
    .option('--url <url>', 'where the edge is reached, if not where Cloudflare says', urlOption)
    .option(...FOLDER)
    .option(...JSON_OUT)
    .action(
      perform<RolloutOptions>(async (run, options, [name]) => {
        await rolloutTenant(run, await chosenTenant(run, name), options)
        return 0
      }),
    )

/** `10,50,100` as numbers. Throws `Mistake` for anything that does not rise to 100. */
export function parseSteps(text: string): number[] {
  const steps = text
    .split(',')
    .map((part) => (/^\d{1,3}%?$/.test(part.trim()) ? Number.parseInt(part, 10) : Number.NaN))
  const rising = steps.every((step, at) => step > (steps[at - 1] ?? 0) && step <= 100)
  if (rising && steps.at(-1) === 100) return steps
  throw new Mistake(
    'usage',
    `--steps ${text.slice(0, 60)} does not rise to 100: write percentages like --steps 10,50,100.`,
  )
}

function parseWait(text: string): number {
  if (/^\d{1,6}$/.test(text)) return Number(text)
  throw new Mistake('usage', `--wait ${text.slice(0, 60)} is no number of seconds: write --wait 300.`)
}

async function rolloutTenant(run: Run, tenant: Tenant, options: RolloutOptions): Promise<void> {
  const { terminal, dryRun } = run
  const sound = await terminal.step(`Checking ${tenant.name}`, () =>
    soundTenant(run, tenant, options.withoutSecrets === true),
  )
  const state = await readState(tenant)
  refuseOtherWork(run, tenant, { ...state, rollout: undefined })
  const wrangler = new Wrangler(run, tenant)
  const url = options.url ?? state.url ?? edgeUrl(sound.config, [])
  if (dryRun) return rehearse(run, sound, wrangler, options)
  const begun = state.rollout ? undefined : await begin(run, sound, wrangler, url, options)
  const rollout = begun?.rollout ?? state.rollout
  if (!rollout) return
  await walk({ run, sound, wrangler, url, options }, rollout)
  // Of a roll-out that was interrupted nobody remembers whether its launcher waits.
  const waits = begun?.launcherChanges ?? true
  const version = waits ? await switchLauncher(run, sound, wrangler, url) : undefined
  terminal.result({
    ok: true,
    command: 'rollout',
    tenant: tenant.name,
    url,
    version: version ?? rollout.to,
    from: rollout.from,
    commands: wrangler.shown,
  })
  terminal.done(`all traffic of ${tenant.name} goes to version ${version ?? rollout.to}`)
  terminal.say(`  back: ${run.called} rollback ${tenant.name}`)
}

/**
 * Uploads the new version. Nobody gets it yet. It serves the deployed launcher beside the new chunks: while two versions
 * share the traffic, a page with the new launcher would ask the old version for chunks that it does not have.
 */
async function begin(
  run: Run,
  sound: SoundTenant,
  wrangler: Wrangler,
  url: string,
  options: RolloutOptions,
): Promise<{ rollout: Rollout; launcherChanges: boolean }> {
  const { terminal } = run
  const { tenant, secrets } = sound
  const from = await terminal.step('Asking Cloudflare what is deployed', () => wholeVersion(wrangler))
  const state = await readState(tenant)
  refuseForeignRing(run.called, tenant, state.rings[from] ?? [], kidsOf(secrets.TOKEN_SECRETS ?? ''))
  const { assets, launcherChanges } = await buildFor(run, sound, url, 'running')
  const to = await terminal.step('Uploading the new version', () => upload(wrangler, sound, assets))
  const rollout: Rollout = { from, to, steps: [...options.steps], done: 0 }
  const ring = kidsOf(secrets.TOKEN_SECRETS ?? '')
  const rings = { ...state.rings, [to]: ring.length > 0 ? ring : (state.rings[from] ?? []) }
  await writeState(tenant, { ...state, rings, rollout })
  return { rollout, launcherChanges }
}

/** Builds with the files of open pages. Does the launcher change with it? */
async function buildFor(
  run: Run,
  sound: SoundTenant,
  url: string,
  launcher: 'fresh' | 'running',
): Promise<{ assets: string; launcherChanges: boolean }> {
  const assets = await stageAssets(run, sound)
  const kept = await keepOpenPages(run, assets, url, { launcher })
  return { assets, launcherChanges: kept?.launcherChanges === true }
}

/** Once every place has the new chunks, pages get the launcher that asks for them. The version, where there is one more. */
async function switchLauncher(
  run: Run,
  sound: SoundTenant,
  wrangler: Wrangler,
  url: string,
): Promise<string | undefined> {
  const { terminal, clock } = run
  const { tenant, secrets } = sound
  const { assets, launcherChanges } = await buildFor(run, sound, url, 'fresh')
  if (!launcherChanges) return undefined
  const version = await terminal.step('Uploading the new launcher', () => upload(wrangler, sound, assets))
  await terminal.step('Giving it to all pages', () =>
    giveTraffic(wrangler, [{ version, percentage: 100 }], 'the new launcher'),
  )
  await terminal.step(`Waiting for ${url}/health`, () => waitForHealth(url, clock))
  const state = await readState(tenant)
  const ring = kidsOf(secrets.TOKEN_SECRETS ?? '')
  const rings = { ...state.rings, [version]: ring.length > 0 ? ring : (state.rings[state.version ?? ''] ?? []) }
  await writeState(tenant, { ...state, rings, version })
  return version
}

async function upload(wrangler: Wrangler, sound: SoundTenant, assets: string): Promise<string> {
  const answer = await wrangler.change(uploadCall(['versions', 'upload'], sound, assets))
  return versionIn('versions upload', answer).version_id
}

type Walk = { run: Run; sound: SoundTenant; wrangler: Wrangler; url: string; options: RolloutOptions }

async function walk({ run, sound, wrangler, url, options }: Walk, rollout: Rollout): Promise<void> {
  const { terminal, clock } = run
  const { tenant, config } = sound
  const { from, to, steps } = rollout
  const worker = config.name
  const share = (percentage: number): Promise<void> =>
    giveTraffic(
      wrangler,
      percentage === 100
        ? [{ version: to, percentage }]
        : [
            { version: from, percentage: 100 - percentage },
            { version: to, percentage },
          ],
      `roll-out at ${percentage} %`,
    )
  try {
    if (rollout.done === 0) {
      await terminal.step('Asking the new version before anybody reaches it', async () => {
        await share(0)
        await waitForHealth(url, clock, { worker, version: to })
      })
    }
    for (const [index, percentage] of steps.entries()) {
      if (index < rollout.done) continue
      if (index > 0)
        await terminal.step(`Watching for ${options.wait} seconds`, () => watch(run, url, worker, to, options.wait))
      await terminal.step(`Giving it ${percentage} % of the traffic`, () => share(percentage))
      await writeState(tenant, { ...(await readState(tenant)), rollout: { ...rollout, done: index + 1 } })
    }
    await terminal.step(`Waiting for ${url}/health`, () => waitForHealth(url, clock))
    const verdict = options.doctor ? await askDoctor(run, url, firstOrigin(config)) : undefined
    if (verdict?.sound === false) throw new Mistake('unhealthy', 'The doctor found something: see its lines above.')
  } catch (error) {
    if (!(error instanceof Mistake) || error.ending !== 'unhealthy') throw error
    await terminal.step('Going back to the old version', () =>
      giveTraffic(wrangler, [{ version: from, percentage: 100 }], 'roll-out undone'),
    )
    await writeState(tenant, withoutRollout(await readState(tenant)))
    throw new Mistake('unhealthy', ...error.sentences, `Everybody is back on version ${from}.`)
  }
  const state = await readState(tenant)
  await writeState(tenant, { ...withoutRollout(state), version: to, url, deployedAt: clock.now().toISOString() })
}

/** How often the new version is asked while it has a part of the traffic. */
const WATCH_EVERY_S = 10

async function watch({ clock }: Run, url: string, worker: string, version: string, seconds: number): Promise<void> {
  for (let waited = 0; waited < seconds; waited += WATCH_EVERY_S) {
    await clock.sleep(Math.min(WATCH_EVERY_S, seconds - waited) * 1000)
    const health = await askHealth(url, { worker, version })
    if (typeof health === 'string') throw new Mistake('unhealthy', `The new version is not well: ${health}.`)
    if (health.upstream === 'key_refused') throw new Mistake('unhealthy', 'Caty refuses the key of the new version.')
  }
}

async function rehearse(run: Run, sound: SoundTenant, wrangler: Wrangler, options: RolloutOptions): Promise<void> {
  const { tenant } = sound
  const call = uploadCall(['versions', 'upload'], sound, `${tenant.work}/assets`)
  await wrangler.change(call)
  for (const percentage of [0, ...options.steps]) {
    const old = percentage === 100 ? [] : [{ version: '<the deployed version>', percentage: 100 - percentage }]
    await giveTraffic(wrangler, [...old, { version: '<the new version>', percentage }], `roll-out at ${percentage} %`)
  }
  await wrangler.change(call)
  await giveTraffic(wrangler, [{ version: '<the new launcher>', percentage: 100 }], 'the new launcher')
  run.terminal.result({ ok: true, command: 'rollout', tenant: tenant.name, dryRun: true, commands: wrangler.shown })
  run.terminal.done(`${tenant.name}: nothing was uploaded; these are the commands of a roll-out`)
}

/**
 * `rollout`: a new version gets a part of the traffic, is looked at, gets more. It is asked before anybody
 * else reaches it, and at the first sign of trouble everybody goes back to the old one. Run again it goes on.
 */
import * as v from 'valibot'
import { buildWidget, keepOpenPages } from './build.ts'
import { edgeUrl, filled, firstOrigin } from './deploy.ts'
import { runDoctor } from './doctor.ts'
import { askHealth, waitForHealth } from './health.ts'
import { Stopped } from './mistake.ts'
import type { Tenant } from './project.ts'
import { refuseForeignRing } from './ring.ts'
import { type Run, type SoundTenant, soundTenant } from './run.ts'
import { kidsOf } from './secrets-file.ts'
import { readState, type State, withoutRollout, writeState } from './state.ts'
import { giveTraffic, wholeVersion } from './versions.ts'
import { SECRETS_PATH, Wrangler } from './wrangler.ts'

export type RolloutOptions = {
  /** Percentages in rising order; the last is 100. */
  steps: readonly number[]
  /** Seconds between two of them. */
  wait: number
  withoutSecrets: boolean
  doctor: boolean
  url: string | undefined
}
type Rollout = NonNullable<State['rollout']>

/** `10,50,100` as numbers. Throws `Stopped` for anything that does not rise to 100. */
export function parseSteps(text: string): number[] {
  const steps = text.split(',').map((part) => (/^\d{1,3}$/.test(part.trim()) ? Number(part) : Number.NaN))
  const rising = steps.every((step, at) => step > (steps[at - 1] ?? 0) && step <= 100)
  if (rising && steps.at(-1) === 100) return steps
  throw new Stopped('usage', '--steps takes rising percentages that end with 100, as in --steps 10,50,100.')
}

export async function rolloutTenant(run: Run, tenant: Tenant, options: RolloutOptions): Promise<void> {
  const { terminal, dryRun } = run
  const sound = await terminal.step(`Checking ${tenant.name}`, () => soundTenant(run, tenant, options.withoutSecrets))
  const state = await readState(tenant)
  if (state.rotation) {
    throw new Stopped(
      'mistake',
      `A rotation of ${state.rotation.secret} is under way: the key ring is rolled first, so finish it with npm run tenant -- rotate ${tenant.name} ${state.rotation.secret}.`,
    )
  }
  const wrangler = new Wrangler(tenant, dryRun, (line) => terminal.note(line))
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
  terminal.say(`${terminal.paint('green', '✓')} all traffic of ${tenant.name} goes to version ${version ?? rollout.to}`)
  terminal.say(`  back: npm run tenant -- rollback ${tenant.name}`)
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
  refuseForeignRing(tenant, state.rings[from] ?? [], kidsOf(secrets.TOKEN_SECRETS ?? ''))
  const launcherChanges = await buildFor(run, sound, url, 'running')
  const to = await terminal.step('Uploading the new version', () => upload(wrangler, secrets))
  const rollout: Rollout = { from, to, steps: [...options.steps], done: 0 }
  const ring = kidsOf(secrets.TOKEN_SECRETS ?? '')
  const rings = { ...state.rings, [to]: ring.length > 0 ? ring : (state.rings[from] ?? []) }
  await writeState(tenant, { ...state, rings, rollout })
  return { rollout, launcherChanges }
}

/** Builds with the files of open pages. Does the launcher change with it? */
async function buildFor(
  { terminal }: Run,
  { config }: SoundTenant,
  url: string,
  launcher: 'fresh' | 'running',
): Promise<boolean> {
  await terminal.step('Building the widget', async () => buildWidget(config.vars.INSTALLER === 'on'))
  const kept = await terminal.step('Keeping the files of open pages', () =>
    keepOpenPages(url, (line) => terminal.note(line), { launcher }),
  )
  return kept?.launcherChanges === true
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
  if (!(await buildFor(run, sound, url, 'fresh'))) return undefined
  const version = await terminal.step('Uploading the new launcher', () => upload(wrangler, secrets))
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

async function upload(wrangler: Wrangler, secrets: Record<string, string>): Promise<string> {
  const answer = await wrangler.change({
    args: uploadArgs(secrets),
    ...(Object.keys(secrets).length > 0 && { secrets: filled(secrets) }),
  })
  return uploadedVersion(answer?.entries ?? [])
}

const uploadArgs = (secrets: Record<string, string>): string[] => [
  'versions',
  'upload',
  ...(Object.keys(secrets).length > 0 ? ['--secrets-file', SECRETS_PATH] : []),
]

const Upload = v.looseObject({ type: v.literal('version-upload'), version_id: v.string() })

function uploadedVersion(entries: readonly unknown[]): string {
  for (const entry of entries) {
    const parsed = v.safeParse(Upload, entry)
    if (parsed.success) return parsed.output.version_id
  }
  throw new Stopped(
    'cloudflare',
    'wrangler versions upload ended without saying which version it made: look at wrangler versions list.',
  )
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
    if (options.doctor) await refuseFindings(run, url, firstOrigin(config))
  } catch (error) {
    if (!(error instanceof Stopped) || error.ending !== 'unhealthy') throw error
    await terminal.step('Going back to the old version', () =>
      giveTraffic(wrangler, [{ version: from, percentage: 100 }], 'roll-out undone'),
    )
    await writeState(tenant, withoutRollout(await readState(tenant)))
    throw new Stopped('unhealthy', ...error.sentences, `Everybody is back on version ${from}.`)
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
    if (typeof health === 'string') throw new Stopped('unhealthy', `The new version is not well: ${health}.`)
    if (health.upstream === 'key_refused') throw new Stopped('unhealthy', 'Caty refuses the key of the new version.')
  }
}

async function refuseFindings({ terminal }: Run, url: string, origin: string | undefined): Promise<void> {
  const verdict = await terminal.step('Asking the doctor', () => runDoctor(url, origin, (text) => terminal.note(text)))
  if (!verdict.sound) throw new Stopped('unhealthy', 'The doctor found something: see its lines above.')
}

async function rehearse(
  run: Run,
  { tenant, secrets }: SoundTenant,
  wrangler: Wrangler,
  options: RolloutOptions,
): Promise<void> {
  await wrangler.change({ args: uploadArgs(secrets) })
  for (const percentage of [0, ...options.steps]) {
    const old = percentage === 100 ? [] : [{ version: '<the deployed version>', percentage: 100 - percentage }]
    await giveTraffic(wrangler, [...old, { version: '<the new version>', percentage }], `roll-out at ${percentage} %`)
  }
  await wrangler.change({ args: uploadArgs(secrets) })
  await giveTraffic(wrangler, [{ version: '<the new launcher>', percentage: 100 }], 'the new launcher')
  run.terminal.result({ ok: true, command: 'rollout', tenant: tenant.name, dryRun: true, commands: wrangler.shown })
}

/** `deploy`: code and secrets in one upload, so that no version ever runs without the other; then a look from outside. */
import type { Command } from 'commander'
import { EXIT, Mistake } from '../base/mistake.ts'
import { keepOpenPages, stageAssets } from './assets.ts'
import { askDoctor } from './doctor.ts'
import { waitForHealth } from './health.ts'
import type { Tenant } from './places.ts'
import { ensureQueues } from './queues.ts'
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
import { readState, refuseOtherWork, writeState } from './state.ts'
import { sayPaste, toPaste } from './tag.ts'
import { edgeUrl, firstOrigin, refuseForeignRing, uploadCall, urlOption, versionIn } from './upload.ts'
import { Wrangler } from './wrangler.ts'

export type DeployOptions = {
  withoutSecrets?: boolean
  doctor: boolean
  /** Where a dry run leaves the bundle. */
  outdir?: string
  /** Where the edge is reached when that is not the address Cloudflare gave it. */
  url?: string
}

export const deployCommand = (): Command =>
  tenantCommand(
    'deploy',
    'builds, uploads code and secrets together, waits for /health, asks the doctor, prints the tag',
    ['acme', 'acme --dry-run'],
  )
    .argument('[name]', 'the tenant')
    .option(...DRY_RUN)
    .option(...WITHOUT_SECRETS)
    .option('--no-doctor', 'does not let the doctor attack the new edge')
    .option('--url <url>', 'where the edge is reached, if not where Cloudflare says', urlOption)
    .option('--outdir <folder>', 'where a dry run leaves the bundle')
    .option(...FOLDER)
    .option(...JSON_OUT)
    .action(
      perform<DeployOptions>(async (run, options, [name]) => deployTenant(run, await chosenTenant(run, name), options)),
    )

/** The exit code: done, or deployed and not well. Throws `Mistake`; in a dry run nothing leaves this machine. */
async function deployTenant(run: Run, tenant: Tenant, options: DeployOptions): Promise<number> {
  const { terminal } = run
  if (options.outdir !== undefined && !run.dryRun)
    throw new Mistake('usage', '--outdir goes with --dry-run: a real deploy leaves no bundle.')
  const sound = await terminal.step(`Checking ${tenant.name}`, () =>
    soundTenant(run, tenant, options.withoutSecrets === true),
  )
  const assets = await stageAssets(run, sound)
  const wrangler = new Wrangler(run, tenant)
  if (run.dryRun) return rehearse(run, sound, wrangler, assets, options)

  const state = await readState(tenant)
  refuseForeignRing(
    run.called,
    tenant,
    state.rings[state.version ?? ''] ?? [],
    kidsOf(sound.secrets.TOKEN_SECRETS ?? ''),
  )
  refuseOtherWork(run, tenant, state)
  await ensureQueues(wrangler, sound.config, false)
  const running = options.url ?? state.url
  if (running !== undefined) await keepOpenPages(run, assets, running)
  const answer = await terminal.step('Uploading code, assets and secrets', () =>
    wrangler.change(uploadCall(['deploy'], sound, assets)),
  )
  const { version_id: version, targets } = versionIn('deploy', answer)
  const url = options.url ?? edgeUrl(sound.config, targets)
  await remember(run, sound, url, version)
  const health = await terminal.step(`Waiting for ${url}/health`, () => waitForHealth(url, run.clock))
  if (health.upstream !== 'ok')
    terminal.note(`warning: the edge runs, and Caty does not answer it (${health.upstream}).`)
  const verdict = options.doctor ? await askDoctor(run, url, firstOrigin(sound.config)) : undefined
  const paste = await toPaste(url, assets)
  const ok = verdict?.sound !== false
  const facts = { url, version, health, doctor: verdict?.code, ...paste }
  terminal.result({ ok, command: 'deploy', tenant: tenant.name, dryRun: false, ...facts, commands: wrangler.shown })
  terminal.done(`${tenant.name} runs at ${url}`)
  sayPaste(run, paste)
  if (ok) return EXIT.done
  terminal.note(`${terminal.paint('red', '✗')} It is deployed, and the doctor found something: see its lines above.`)
  return EXIT.unhealthy
}

/** Everything a deploy does short of uploading. */
async function rehearse(
  run: Run,
  sound: SoundTenant,
  wrangler: Wrangler,
  assets: string,
  options: DeployOptions,
): Promise<number> {
  const { terminal } = run
  const outdir = options.outdir ?? `${sound.tenant.work}/bundle`
  await ensureQueues(wrangler, sound.config, true)
  const call = uploadCall(['deploy'], sound, assets)
  await wrangler.change(call)
  await terminal.step('Bundling the Worker', () =>
    wrangler.local({ ...call, args: [...call.args, '--dry-run', '--outdir', outdir] }),
  )
  const url = options.url ?? edgeUrl(sound.config, [])
  const paste = await toPaste(url, assets)
  const bundle = `${outdir}/index.js`
  const facts = { url, bundle, ...paste, commands: wrangler.shown }
  terminal.result({ ok: true, command: 'deploy', tenant: sound.tenant.name, dryRun: true, ...facts })
  terminal.done(`${sound.tenant.name} would run at ${url}; nothing was uploaded`)
  terminal.say(`  the Worker: ${run.places.shown(bundle)}`)
  sayPaste(run, paste)
  return EXIT.done
}

async function remember(run: Run, { tenant, secrets }: SoundTenant, url: string, version: string): Promise<void> {
  const state = await readState(tenant)
  const ring = kidsOf(secrets.TOKEN_SECRETS ?? '')
  const known = ring.length > 0 ? ring : (state.rings[state.version ?? ''] ?? [])
  const rings = { ...state.rings, [version]: known }
  await writeState(tenant, { ...state, url, version, deployedAt: run.clock.now().toISOString(), rings })
}

/** `deploy`: code and secrets in one upload, so that no version ever runs without the other; then a look from outside. */
import { join } from 'node:path'
import * as v from 'valibot'
import { buildWidget, keepOpenPages } from './build.ts'
import type { WranglerConfig } from './config.ts'
import { runDoctor } from './doctor.ts'
import { waitForHealth } from './health.ts'
import { EXIT, Stopped } from './mistake.ts'
import { projectRoot, type Tenant } from './project.ts'
import { ensureQueues } from './queues.ts'
import { refuseForeignRing } from './ring.ts'
import { type Run, type SoundTenant, soundTenant } from './run.ts'
import { kidsOf, type SecretValues } from './secrets-file.ts'
import { readState, writeState } from './state.ts'
import { type Paste, toPaste } from './tag.ts'
import { SECRETS_PATH, Wrangler, type WranglerAnswer } from './wrangler.ts'

export type DeployOptions = {
  /** The deployed secrets stay as they are: in CI nobody has the file. */
  withoutSecrets: boolean
  doctor: boolean
  /** Where a dry run leaves the bundle. */
  outdir: string | undefined
  /** Where the edge is reached when that is not the address Cloudflare gave it. */
  url: string | undefined
}

/** The exit code: done, or deployed and not well. Throws `Stopped`; in a dry run nothing leaves this machine. */
export async function deployTenant(run: Run, tenant: Tenant, options: DeployOptions): Promise<number> {
  const { terminal, dryRun } = run
  const sound = await terminal.step(`Checking ${tenant.name}`, () => soundTenant(run, tenant, options.withoutSecrets))
  await terminal.step('Building the widget', async () => buildWidget(sound.config.vars.INSTALLER === 'on'))
  const wrangler = new Wrangler(tenant, dryRun, (line) => terminal.note(line))
  if (dryRun) return rehearse(run, sound, wrangler, options)

  await refuseDuringOtherWork(tenant, sound.secrets)
  await ensureQueues(wrangler, sound.config, false)
  const running = options.url ?? (await readState(tenant)).url
  if (running !== undefined)
    await terminal.step('Keeping the files of open pages', () => keepOpenPages(running, (line) => terminal.note(line)))
  const answer = await terminal.step('Uploading code, assets and secrets', () =>
    wrangler.change({
      args: deployArgs(sound.secrets),
      ...(hasSecrets(sound.secrets) && { secrets: filled(sound.secrets) }),
    }),
  )
  const deployed = deploymentOf(answer)
  const url = options.url ?? edgeUrl(sound.config, deployed.targets)
  await remember(run, tenant, url, deployed.version_id, sound.secrets)
  const health = await terminal.step(`Waiting for ${url}/health`, () => waitForHealth(url, run.clock))
  if (health.upstream !== 'ok')
    terminal.note(`warning: the edge runs, and Caty does not answer it (${health.upstream}).`)
  const origin = firstOrigin(sound.config)
  const verdict = options.doctor
    ? await terminal.step('Asking the doctor', () => runDoctor(url, origin, (text) => terminal.note(text)))
    : undefined
  const paste = await toPaste(url)
  const ok = verdict?.sound !== false
  terminal.result({
    ok,
    command: 'deploy',
    tenant: tenant.name,
    dryRun: false,
    url,
    version: deployed.version_id,
    health,
    doctor: verdict?.code,
    ...paste,
    commands: wrangler.shown,
  })
  terminal.say(`${terminal.paint('green', '✓')} ${tenant.name} runs at ${url}`)
  sayPaste(run, paste)
  if (ok) return EXIT.done
  terminal.note(`${terminal.paint('red', '✗')} It is deployed, and the doctor found something: see its lines above.`)
  return EXIT.unhealthy
}

/** Everything a deploy does short of uploading. */
async function rehearse(run: Run, sound: SoundTenant, wrangler: Wrangler, options: DeployOptions): Promise<number> {
  const { terminal } = run
  const { tenant, secrets, config } = sound
  const outdir = options.outdir ?? join(projectRoot, '.tmp', 'tenants', tenant.name)
  await ensureQueues(wrangler, config, true)
  await wrangler.change({ args: deployArgs(secrets) })
  await terminal.step('Bundling the Worker', () =>
    wrangler.local({
      args: [...deployArgs(secrets), '--dry-run', '--outdir', outdir],
      ...(hasSecrets(secrets) && { secrets: filled(secrets) }),
    }),
  )
  const url = options.url ?? edgeUrl(config, [])
  const paste = await toPaste(url)
  terminal.result({
    ok: true,
    command: 'deploy',
    tenant: tenant.name,
    dryRun: true,
    url,
    bundle: join(outdir, 'index.js'),
    ...paste,
    commands: wrangler.shown,
  })
  terminal.say(`${terminal.paint('green', '✓')} ${tenant.name} would run at ${url}; nothing was uploaded`)
  terminal.say(`  the Worker: ${run.tenants.shown(join(outdir, 'index.js'))}`)
  sayPaste(run, paste)
  return EXIT.done
}

const hasSecrets = (secrets: SecretValues): boolean => Object.keys(secrets).length > 0
/** Empty lines of the file are placeholders; an empty secret would hide a deployed one. */
export const filled = (secrets: SecretValues): SecretValues =>
  Object.fromEntries(Object.entries(secrets).filter(([, value]) => value !== ''))

const deployArgs = (secrets: SecretValues): string[] => [
  'deploy',
  ...(hasSecrets(secrets) ? ['--secrets-file', SECRETS_PATH] : []),
]

/** `wrangler deploy` would give everybody the new version at once, in the middle of a careful roll-out. */
async function refuseDuringOtherWork(tenant: Tenant, secrets: SecretValues): Promise<void> {
  const { rollout, rotation, rings, version } = await readState(tenant)
  refuseForeignRing(tenant, rings[version ?? ''] ?? [], kidsOf(secrets.TOKEN_SECRETS ?? ''))
  if (rollout) {
    throw new Stopped(
      'mistake',
      `A roll-out of ${tenant.name} is under way: finish it with npm run tenant -- rollout ${tenant.name}, or undo it with rollback.`,
    )
  }
  if (rotation) {
    throw new Stopped(
      'mistake',
      `A rotation of ${rotation.secret} is under way: finish it first with npm run tenant -- rotate ${tenant.name} ${rotation.secret}.`,
    )
  }
}

const Deployment = v.looseObject({
  type: v.literal('deploy'),
  version_id: v.string(),
  targets: v.optional(v.array(v.string()), []),
})

function deploymentOf(answer: WranglerAnswer | undefined): v.InferOutput<typeof Deployment> {
  for (const entry of answer?.entries ?? []) {
    const parsed = v.safeParse(Deployment, entry)
    if (parsed.success) return parsed.output
  }
  throw new Stopped(
    'cloudflare',
    'wrangler deploy ended without saying which version it made: look at wrangler deployments list.',
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

async function remember(run: Run, tenant: Tenant, url: string, version: string, secrets: SecretValues): Promise<void> {
  const state = await readState(tenant)
  const ring = kidsOf(secrets.TOKEN_SECRETS ?? '')
  const known = ring.length > 0 ? ring : (state.rings[state.version ?? ''] ?? [])
  await writeState(tenant, {
    ...state,
    url,
    version,
    deployedAt: run.clock.now().toISOString(),
    rings: { ...state.rings, [version]: known },
  })
}

function sayPaste({ terminal }: Run, paste: Paste): void {
  terminal.say()
  terminal.say('Paste into every page, before </body>:')
  terminal.say(`  ${terminal.paint('cyan', paste.tag)}`)
  terminal.say()
  terminal.say('Or pinned to this version; a later one then needs a new tag:')
  terminal.say(`  ${terminal.paint('cyan', paste.pinned)}`)
  terminal.say()
  terminal.say('If the pages have a Content-Security-Policy, add to it:')
  for (const line of paste.csp) terminal.say(`  ${line}`)
}

/**
 * The widget's files as one deploy serves them: the built ones, and those that pages which are open now still ask for.
 * They are put together in the tenant's own folder, so that nothing is written into the package or into another tenant.
 */
import { existsSync, readdirSync, statSync } from 'node:fs'
import { cp, mkdir, rm, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import type { Home } from '../base/home.ts'
import { Mistake } from '../base/mistake.ts'
import { lastSaid } from '../base/wrangler-process.ts'
import { type KeepOptions, type Kept, keepReleases, ReleaseMistake } from '../release/keep.ts'
import { deployed } from '../release/source.ts'
import type { Run, SoundTenant } from './run.ts'

/** What the widget is built from, in a clone. */
const SOURCES = ['widget', 'installer', 'scripts/build', 'esbuild.config.mjs', 'package.json', 'tsconfig.base.json']

/** Builds what is missing or older than the sources, and copies it for this tenant. Resolves with the folder. */
export async function stageAssets({ home, terminal }: Run, { tenant, config }: SoundTenant): Promise<string> {
  const built = join(home.root, 'dist/assets')
  if (isStale(home)) await terminal.step('Building the widget', () => buildWidget(home))
  const staged = join(tenant.work, 'assets')
  await rm(staged, { recursive: true, force: true })
  await mkdir(staged, { recursive: true })
  await cp(built, staged, { recursive: true })
  if (config.vars.INSTALLER === 'on') await cp(join(home.root, 'dist/edge-installer'), staged, { recursive: true })
  return staged
}

/**
 * Adds the files that open pages still ask for, from the edge that runs at `url`. Throws `Mistake` when what runs there does
 * not fit; an edge that cannot be reached is noted and passes, because its repair must not wait.
 */
export async function keepOpenPages(
  { terminal }: Run,
  staged: string,
  url: string,
  options: KeepOptions = {},
): Promise<Kept | undefined> {
  try {
    return await terminal.step('Keeping the files of open pages', () =>
      keepReleases(staged, deployed(new URL(url).origin), options),
    )
  } catch (error) {
    if (error instanceof ReleaseMistake) throw new Mistake('mistake', error.message)
    terminal.note(`warning: ${url} could not be asked for the files of pages that are open; they may need a reload.`)
    return undefined
  }
}

function isStale({ root, clone }: Home): boolean {
  const built = join(root, 'dist/assets/integrity.json')
  if (!clone) {
    if (existsSync(built)) return false
    throw new Mistake('mistake', `The package caty-keyless in ${root} is not complete: install it again.`)
  }
  if (!existsSync(built) || !existsSync(join(root, 'dist/edge-installer'))) return true
  const when = statSync(built).mtimeMs
  return SOURCES.some((source) => newest(join(root, source)) > when)
}

/** The time of the newest file below a path, in milliseconds. */
function newest(path: string): number {
  if (!existsSync(path)) return 0
  const stats = statSync(path)
  if (!stats.isDirectory()) return stats.mtimeMs
  return Math.max(0, ...readdirSync(path).map((name) => newest(join(path, name))))
}

async function buildWidget({ root }: Home): Promise<void> {
  const { INSTALLER: _, ...env } = process.env
  const ended = await execa(process.execPath, [join(root, 'esbuild.config.mjs')], {
    cwd: root,
    env,
    extendEnv: false,
    all: true,
    reject: false,
  })
  if (ended.failed) throw new Mistake('mistake', `The widget could not be built: ${lastSaid(ended.all)}.`)
  // A build that came to the same bytes leaves its files alone; their time says that they are up to date.
  const now = new Date()
  await utimes(join(root, 'dist/assets/integrity.json'), now, now)
}

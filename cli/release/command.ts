/** `release`: a build that also serves the pages that are open now, ready to be deployed without a tenant. */
import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { Command } from 'commander'
import { execa } from 'execa'
import { Mistake } from '../base/mistake.ts'
import { worldOf } from '../base/world.ts'
import { lastSaid } from '../base/wrangler-process.ts'
import { parseIntegrity, pinnedTagFor, tagFor } from './integrity.ts'
import { keepReleases, ReleaseMistake } from './keep.ts'
import { deployed, folder } from './source.ts'

type ReleaseOptions = { from?: string; out?: string; json?: boolean }

export const releaseCommand = (): Command =>
  new Command('release')
    .description(
      'builds the widget with the files of open pages, and prints the tags; a deploy of a tenant does this itself',
    )
    .option(
      '--from <deployment>',
      'origin of the running Worker, or the assets folder of an earlier build; not for a first deploy',
    )
    .option('--out <folder>', 'where to build', 'dist')
    .option('--json', 'one JSON object on stdout, for scripts')
    .addHelpText(
      'after',
      '\nExamples:\n  npm run release -- --from https://chat.example.com\n  npm run release -- --out /tmp/built',
    )
    .action(async function action(this: Command) {
      await release(this, this.opts<ReleaseOptions>())
    })

async function release(command: Command, { from, out = 'dist' }: ReleaseOptions): Promise<void> {
  const { world, terminal } = worldOf(command)
  const { root, clone } = world.home
  if (!clone) throw new Mistake('mistake', 'release builds from the sources, and the package has none: use deploy.')
  const outdir = resolve(world.cwd, out)
  const url = from !== undefined && /^https?:/.test(from) && URL.canParse(from) ? new URL(from) : undefined
  const built = await terminal.step('Building the widget', () =>
    execa(process.execPath, [join(root, 'esbuild.config.mjs'), outdir], { cwd: root, all: true, reject: false }),
  )
  if (built.failed) throw new Mistake('mistake', `The widget could not be built: ${lastSaid(built.all)}.`)
  const kept = from === undefined ? [] : await keptFrom(from, url, outdir)
  const integrity = parseIntegrity(await readFile(join(outdir, 'assets/integrity.json'), 'utf8'))
  const origin = url?.origin ?? 'https://chat.example.com'
  const tags = { tag: tagFor(origin), pinned: pinnedTagFor(origin, integrity) }
  terminal.result({ ok: true, command: 'release', assets: join(outdir, 'assets'), kept, ...tags })
  if (from !== undefined) terminal.say(`kept: ${kept.length === 0 ? 'nothing, a first deploy' : kept.join(', ')}`)
  terminal.say(`\nalways the deployed version:\n  ${tags.tag}\nthis version only:\n  ${tags.pinned}`)
}

/** The versions whose files were added to the build. Throws `Mistake`. */
async function keptFrom(from: string, url: URL | undefined, outdir: string): Promise<string[]> {
  try {
    const { releases } = await keepReleases(join(outdir, 'assets'), url ? deployed(url.origin) : folder(from))
    return releases.map(({ version }) => version)
  } catch (error) {
    if (error instanceof ReleaseMistake) throw new Mistake('mistake', error.message)
    const unreachable = error instanceof TypeError || (error instanceof Error && error.name === 'TimeoutError')
    if (!unreachable) throw error
    throw new Mistake(
      'mistake',
      `--from ${from} could not be reached. Leave --from out only if nothing is deployed yet: open pages would lose their chunks.`,
    )
  }
}

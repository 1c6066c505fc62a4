/** `npm run release`: a build that also serves the pages that are open now, ready to be deployed. */

import { spawnSync } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { argv, execPath, exit } from 'node:process'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { parseIntegrity, pinnedTagFor, tagFor } from './release/integrity.ts'
import { keepReleases, ReleaseMistake } from './release/keep.ts'
import { deployed, folder } from './release/source.ts'

const HELP = `npm run release -- [--from <deployment>] [--out <folder>]

Builds the widget, adds the files of earlier releases that the deployment serves, and prints the tags to paste.

  --from   origin of the running Worker (https://chat.example.com), or the assets folder of an earlier build;
           leave it out for a first deploy
  --out    where to build (default: dist)
  --help   this text

Exit codes: 0 done, 1 refused (the sentence says why), 2 wrong arguments.`

const root = fileURLToPath(new URL('..', import.meta.url))

async function main(): Promise<void> {
  const { values } = parseArgs({
    args: argv.slice(2),
    options: { from: { type: 'string' }, out: { type: 'string' }, help: { type: 'boolean' } },
  })
  if (values.help) return console.log(HELP)
  const outdir = resolve(values.out ?? `${root}dist`)
  const url = values.from !== undefined && URL.canParse(values.from) ? new URL(values.from) : undefined
  const built = spawnSync(execPath, [`${root}esbuild.config.mjs`, outdir], { cwd: root, stdio: 'inherit' })
  if (built.status !== 0) throw new ReleaseMistake('The widget could not be built.')
  if (values.from !== undefined) {
    const { releases: kept } = await keepReleases(`${outdir}/assets`, url ? deployed(url.origin) : folder(values.from))
    console.log(
      `kept: ${kept.length === 0 ? 'nothing, a first deploy' : kept.map(({ version }) => version).join(', ')}`,
    )
  }
  const integrity = parseIntegrity(await readFile(`${outdir}/assets/integrity.json`, 'utf8'))
  const origin = url?.origin ?? 'https://chat.example.com'
  console.log(
    `\nalways the deployed version:\n  ${tagFor(origin)}\nthis version only:\n  ${pinnedTagFor(origin, integrity)}`,
  )
}

main().catch((error: unknown) => {
  if (error instanceof TypeError && 'code' in error) {
    console.error(`${error.message}\n\n${HELP}`)
    exit(2)
  }
  const unreachable = error instanceof TypeError || (error instanceof Error && error.name === 'TimeoutError')
  console.error(
    error instanceof ReleaseMistake || !unreachable
      ? String(error instanceof Error ? error.message : error)
      : 'The deployment could not be reached. Leave out --from only if nothing is deployed yet: open pages would lose their chunks.',
  )
  exit(1)
})

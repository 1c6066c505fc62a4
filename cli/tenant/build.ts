/** The widget's files, which every tenant serves; the Worker itself is bundled by wrangler. */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type KeepOptions, type Kept, keepReleases, ReleaseMistake } from '../release/keep.ts'
import { deployed } from '../release/source.ts'
import { Stopped } from './mistake.ts'
import { projectRoot } from './project.ts'

/** `installer` puts the installer beside it. Throws `Stopped` with the builder's last line. */
export function buildWidget(installer: boolean): void {
  const built = spawnSync(process.execPath, [join(projectRoot, 'esbuild.config.mjs')], {
    cwd: projectRoot,
    env: { ...process.env, INSTALLER: installer ? 'on' : 'off' },
    encoding: 'utf8',
  })
  if (built.status === 0 && existsSync(join(projectRoot, 'dist/assets/widget.js'))) return
  const why = (built.stderr || built.stdout).trim().split('\n').at(-1) ?? 'no reason was given'
  throw new Stopped('mistake', `The widget could not be built: ${why}`)
}

/**
 * Adds the files that pages which are open now still ask for, from the edge that runs at `url`. Throws `Stopped` when
 * what runs there does not fit; an edge that cannot be reached is noted and passes, because its repair must not wait.
 */
export async function keepOpenPages(
  url: string,
  note: (line: string) => void,
  options: KeepOptions = {},
): Promise<Kept | undefined> {
  try {
    return await keepReleases(join(projectRoot, 'dist/assets'), deployed(new URL(url).origin), options)
  } catch (error) {
    if (error instanceof ReleaseMistake) throw new Stopped('mistake', error.message)
    note(`warning: ${url} could not be asked for the files of pages that are open; they may need a reload.`)
    return undefined
  }
}

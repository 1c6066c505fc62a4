/** The widget's files, which every tenant serves; the Worker itself is bundled by wrangler. */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Stopped } from './mistake.ts'
import { projectRoot } from './project.ts'

/** Throws `Stopped` with the builder's last line. */
export function buildWidget(): void {
  const built = spawnSync(process.execPath, [join(projectRoot, 'esbuild.config.mjs')], {
    cwd: projectRoot,
    encoding: 'utf8',
  })
  if (built.status === 0 && existsSync(join(projectRoot, 'dist/assets/widget.js'))) return
  const why = (built.stderr || built.stdout).trim().split('\n').at(-1) ?? 'no reason was given'
  throw new Stopped('mistake', `The widget could not be built: ${why}`)
}

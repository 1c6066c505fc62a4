/**
 * Builds the code that `import 'caty-keyless'` and `require('caty-keyless')` load, into `dist/npm`. The package is an ES
 * module by its package.json; `dist/npm/cjs` has a package.json of its own that says CommonJS, so one set of file names
 * and one set of declarations serves both.
 */
import { spawnSync } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execPath, exit } from 'node:process'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { write } from './build/output.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Entry points by the path of their output, without its ending. */
const ENTRIES = { index: 'widget/npm/index.ts', 'webhook/index': 'webhook/index.ts' }
/** Projects whose declarations tsc writes; the folder of each is the folder of its output. */
const PROJECTS = ['webhook']
const FORMATS = ['esm', 'cjs'] as const

/** Text of every declaration file by its path in the package's `dist/npm/<format>`. */
async function declarations(): Promise<Map<string, string>> {
  const files = new Map([['index.d.ts', await readFile(join(root, 'widget/caty-widget.d.ts'), 'utf8')]])
  for (const project of PROJECTS) {
    const folder = await mkdtemp(join(tmpdir(), 'caty-keyless-types-'))
    try {
      const tsc = join(root, 'node_modules/typescript/bin/tsc')
      const made = spawnSync(execPath, [tsc, '-p', join(root, project), '--outDir', folder], { encoding: 'utf8' })
      if (made.status !== 0) throw new Error(`The declarations of ${project}/ could not be made:\n${made.stdout}`)
      for (const file of await readdir(folder)) {
        const text = await readFile(join(folder, file), 'utf8')
        // tsc keeps the endings of the sources; a reader's compiler looks for what is in the package.
        files.set(`${project}/${file}`, text.replaceAll(/(from '\.[^']*)\.ts'/g, "$1.js'"))
      }
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }
  return files
}

async function buildPackage(): Promise<void> {
  const types = await declarations()
  for (const format of FORMATS) {
    const outdir = join(root, 'dist/npm', format)
    const { outputFiles } = await build({
      entryPoints: ENTRIES,
      outdir,
      absWorkingDir: root,
      bundle: true,
      format,
      target: 'es2022',
      platform: 'neutral',
      charset: 'utf8',
      legalComments: 'none',
      write: false,
      logLevel: 'warning',
    })
    for (const { path, text } of outputFiles) await write(path, text)
    for (const [path, text] of types) await write(join(outdir, path), text)
  }
  await write(join(root, 'dist/npm/cjs/package.json'), '{ "type": "commonjs" }\n')
}

buildPackage().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error))
  exit(1)
})

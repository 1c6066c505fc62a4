/**
 * Builds the parts of the npm package besides the widget and the Worker. `dist/npm` is the code for `import
 * 'caty-keyless'` and `require('caty-keyless')`: the package is an ES module by its package.json, and `dist/npm/cjs`
 * has its own package.json that says CommonJS, so one set of file names and declarations serves both. `dist/cli` is
 * the command.
 */
import { spawnSync } from 'node:child_process'
import { chmod, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execPath, exit } from 'node:process'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { chunks, PANEL } from './build/entry-points.ts'
import { licensesText } from './build/licenses.ts'
import { write } from './build/output.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Entry points by the path of their output, without its extension. */
const ENTRIES = { index: 'widget/npm/index.ts', 'webhook/index': 'webhook/index.ts' }
/** Projects whose declarations tsc writes; each folder is also the folder of its output. */
const PROJECTS = ['webhook']
const FORMATS = ['esm', 'cjs'] as const

/** The text of every declaration file, by its path in the package's `dist/npm/<format>`. */
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
        // tsc keeps the source extensions; a reader's compiler looks for the files in the package.
        files.set(`${project}/${file}`, text.replaceAll(/(from '\.[^']*)\.ts'/g, "$1.js'"))
      }
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }
  return files
}

/** One file that includes the libraries: an owner installs only wrangler. */
async function buildCli(): Promise<void> {
  const { outputFiles } = await build({
    entryPoints: ['cli/index.ts'],
    outdir: join(root, 'dist/cli'),
    absWorkingDir: root,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node22',
    // The CommonJS build of jsonc-parser requires its files in a way that no bundler can follow.
    mainFields: ['module', 'main'],
    charset: 'utf8',
    legalComments: 'none',
    banner: {
      js: `#!/usr/bin/env node
import { createRequire as requireFrom } from 'node:module'
// For libraries that are CommonJS.
const require = requireFrom(import.meta.url)`,
    },
    write: false,
    logLevel: 'warning',
  })
  for (const { path, text } of outputFiles) await write(path, text)
  await chmod(join(root, 'dist/cli/index.js'), 0o755)
}

async function buildLicenses(): Promise<void> {
  const widget = Object.values({ ...PANEL, ...chunks(), launcher: 'widget/launcher/index.ts' })
  await write(join(root, 'dist/licenses.txt'), await licensesText(root, ['cli/index.ts', 'edge/index.ts', ...widget]))
}

async function buildCode(): Promise<void> {
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

Promise.all([buildCode(), buildCli(), buildLicenses()]).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error))
  exit(1)
})

/**
 * Builds the files that a visitor's browser loads: `widget.js` (the launcher) and the chunks that it loads later. The
 * same sources give the same bytes. `npm run build` checks the budgets of `.size-limit.mjs`.
 */
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { relative } from 'node:path'
import { argv, env, exit } from 'node:process'
import { fileURLToPath } from 'node:url'
import { build as bundle } from 'esbuild'
import { cssAsText } from './scripts/build/css-as-text.ts'
import { chunks, locales, PANEL } from './scripts/build/entry-points.ts'
import { headersText } from './scripts/build/headers.mjs'
import { buildInstaller, INSTALLER_FILES } from './scripts/build/installer.ts'
import { integrityText } from './scripts/build/integrity.mjs'
import { removeOthers, write } from './scripts/build/output.ts'
import { problemsPage } from './scripts/build/problems-page.ts'

const root = fileURLToPath(new URL('.', import.meta.url))

/** `jsx` and its factory come from widget/tsconfig.json, which the tests read too. */
const SHARED = {
  absWorkingDir: root,
  outdir: `${root}dist`,
  bundle: true,
  minify: true,
  write: false,
  sourcemap: 'external',
  target: 'es2022',
  charset: 'utf8',
  // So that the source maps name node_modules, and not the folder that a link leads to.
  preserveSymlinks: true,
  legalComments: 'none',
  plugins: [cssAsText],
}

/**
 * Chunks use the Preact of the panel: a copy in each would cost 4 KB, and a shared file another request before the
 * first message appears.
 */
const SHARED_PREACT = { alias: { preact: './widget/chunk-api/shared-preact.ts' } }

/**
 * A hint for V8 (Chrome 136): it compiles all functions on another thread while the script streams in, instead of
 * each one on the page's thread when it is first called. This saves a quarter of the launcher's time at load.
 */
const COMPILE_ALL = '//# allFunctionsCalledOnLoad'

/** Builds into `outdir`. */
export async function build({ outdir = `${root}dist` } = {}) {
  const { version } = JSON.parse(await readFile(`${root}package.json`, 'utf8'))
  const later = [...(await compile({ ...PANEL, ...locales() })), ...(await compile(chunks(), SHARED_PREACT))]
  // One hash for all chunks: the launcher needs one name instead of a table, and a page that is open during a deploy
  // keeps loading chunks that fit together.
  const release = hashOf(later.map(({ code }) => code).join('\n'))
  const [launcher] = await compile(
    { widget: 'widget/launcher/index.ts' },
    {
      format: 'iife',
      banner: { js: COMPILE_ALL },
      define: { RELEASE: JSON.stringify(release), VERSION: JSON.stringify(version) },
    },
  )
  const files = [
    { ...launcher, file: 'widget.js' },
    { ...launcher, file: `v/${version}/widget.js` },
    ...later.map((output) => ({ ...output, file: `chunks/${release}/${output.name}.js` })),
  ]
  for (const { file, code, map } of files) {
    await write(`${outdir}/assets/${file}`, code)
    await write(`${outdir}/maps/${file}.map`, map)
  }
  await write(`${outdir}/assets/integrity.json`, integrityText({ version, release, files }))
  await write(`${outdir}/assets/problems.html`, problemsPage(await readFile(`${root}docs/problems.md`, 'utf8')))
  const installer = await installerFiles(outdir)
  await write(`${outdir}/assets/_headers`, headersText({ installer: installer.length > 0 }))
  // The files that the deploy of a tenant with INSTALLER=on adds to the assets.
  await buildInstaller(`${outdir}/edge-installer/installer`, '/')
  await write(`${outdir}/edge-installer/_headers`, headersText({ installer: true }))
  await removeOthers(`${outdir}/assets`, [
    '_headers',
    'integrity.json',
    'problems.html',
    ...files.map(({ file }) => file),
    ...installer,
  ])
  await removeOthers(
    `${outdir}/maps`,
    files.map(({ file }) => `${file}.map`),
  )
}

/** Bundles each entry into one file: `[{ name, code, map }]`, sorted by name. */
async function compile(entryPoints, options) {
  const { outputFiles } = await bundle({ ...SHARED, format: 'esm', entryPoints, ...options })
  const textOf = new Map(
    outputFiles.map(({ path, text }) => [relative(SHARED.outdir, path).replaceAll('\\', '/'), text]),
  )
  return Object.keys(entryPoints)
    .sort()
    .map((name) => ({ name, code: textOf.get(`${name}.js`), map: textOf.get(`${name}.js.map`) }))
}

/**
 * Builds the installer and, if the edge serves it (`INSTALLER=on`), adds its files to the assets. Cloudflare's own
 * builds set `WORKERS_CI`: owners who used the Deploy button have no other page that makes the tag.
 */
async function installerFiles(outdir) {
  await buildInstaller(`${outdir}/installer`)
  if ((env.INSTALLER ?? (env.WORKERS_CI === '1' ? 'on' : 'off')) !== 'on') return []
  await buildInstaller(`${outdir}/assets/installer`, '/')
  return INSTALLER_FILES.map((file) => `installer/${file}`)
}

const hashOf = (text) => createHash('sha256').update(text).digest('hex').slice(0, 10)

if (argv[1] === fileURLToPath(import.meta.url)) {
  build({ outdir: argv[2] }).catch((error) => {
    console.error(error.message)
    exit(1)
  })
}

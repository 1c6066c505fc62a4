/**
 * Builds what a visitor's browser loads: `widget.js` (the launcher) and the chunks it loads later. Prints their sizes as a
 * visitor pays for them (brotli 11), and fails above the budgets. The same sources give the same bytes.
 */
import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { relative } from 'node:path'
import { argv, env, exit, pid } from 'node:process'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, constants } from 'node:zlib'
import { build as bundle } from 'esbuild'
import { minify } from 'terser'
import { buildInstaller, INSTALLER_FILES } from './scripts/build/installer.mjs'
import { integrityText } from './scripts/build/integrity.mjs'
import { leanPreact } from './scripts/build/lean-preact.mjs'

const root = fileURLToPath(new URL('.', import.meta.url))

/** Bytes after brotli 11. The first chat fits into one initial window of TCP (10 segments of 1,460 bytes). */
const BUDGET = { launcher: 3000, firstChat: 14_600, firstChatHard: 16_000, chunk: 4000 }

const SHARED = {
  bundle: true,
  minify: true,
  target: 'es2022',
  legalComments: 'none',
  // The classic factory: the automatic runtime brings 150 bytes of its own.
  jsx: 'transform',
  jsxFactory: 'h',
  jsxFragment: 'Fragment',
  write: false,
  sourcemap: 'external',
  charset: 'utf8',
  absWorkingDir: root,
}

/** For assets only: Cloudflare reads it, the Worker never sees these requests. */
const HEADERS = `/*
  Access-Control-Allow-Origin: *
  Cross-Origin-Resource-Policy: cross-origin
  X-Content-Type-Options: nosniff
/widget.js
  Cache-Control: public, max-age=300, stale-while-revalidate=86400
/integrity.json
  Cache-Control: public, max-age=60
/chunks/*
  Cache-Control: public, max-age=31536000, immutable
/v/*
  Cache-Control: public, max-age=31536000, immutable
`

/** An owner asks for the installer on the own edge by `INSTALLER=on`; without it nothing of it is uploaded. */
const INSTALLER_HEADERS = `/installer/*
  Content-Security-Policy: frame-ancestors 'self'
  Cache-Control: no-cache
  X-Robots-Tag: noindex
`

/**
 * What a first chat loads beside the launcher, and what comes later, on its own occasion. The panel
 * brings the client's code along; only rules that start before anybody asked load it alone. A later chunk borrows the
 * panel's Preact: a copy in each would cost 4 KB, a shared file another request before the first word can be drawn.
 */
const FIRST = { panel: 'widget/panel/index.tsx' }
const LATER = {
  client: 'widget/client/index.ts',
  rules: 'widget/chunks/page-rules/index.ts',
  observe: 'widget/chunks/page-rules/observe.ts',
  context: 'widget/chunks/page-rules/context.ts',
  extras: 'widget/chunks/api/index.ts',
  bubble: 'widget/chunks/bubble/index.ts',
  rich: 'widget/chunks/rich/index.tsx',
  guide: 'widget/chunks/guide/index.tsx',
  forms: 'widget/chunks/forms/index.ts',
  schedule: 'widget/chunks/schedule/index.tsx',
  products: 'widget/chunks/products/index.tsx',
  handoff: 'widget/chunks/handoff/index.tsx',
  files: 'widget/chunks/files/index.tsx',
  tabs: 'widget/chunks/tabs/index.ts',
  challenge: 'widget/chunks/challenge/index.ts',
  details: 'widget/chunks/details/index.tsx',
  phone: 'widget/chunks/phone/index.ts',
  sidebar: 'widget/chunks/sidebar/index.ts',
  reply: 'widget/chunks/reply/index.tsx',
  sound: 'widget/chunks/sound/index.ts',
}
const BORROWED = { alias: { preact: './widget/panel/borrowed-preact.ts' } }

/**
 * A hint for V8 (Chrome 136): it compiles all functions while the script streams in, on another thread, instead of each
 * when it is first called, on the page's. It costs 19 bytes, and saves a quarter of the launcher's time at load.
 */
const ALL_RUN_AT_LOAD = '//# allFunctionsCalledOnLoad'

// Preact marks its own properties with an underscore; nobody else here does.
const LEAN = { plugins: [leanPreact], mangleProps: /^_[a-z]/ }

/** Builds into `dist/`. Throws when a budget is broken; the table is printed either way. */
export async function build({ outdir = `${root}dist` } = {}) {
  const { version } = JSON.parse(await readFile(`${root}package.json`, 'utf8'))
  const locales = await localesIn('')
  const compileAll = (entries, ...how) =>
    Promise.all(entries.map(([name, entry]) => compile(name, entry, 'esm', ...how)))
  const compiled = [
    ...(await compileAll([...Object.entries(FIRST), ...locales], LEAN, { unsafe: true })),
    ...(await compileAll([...Object.entries(LATER), ...(await localesIn('more/'))], BORROWED)),
  ]
  // One hash for all of them: the launcher then needs one name instead of a table, and a page that is open during a
  // deploy goes on with chunks that fit together.
  const release = hash(compiled.map(({ code }) => code).join('\n'))
  const chunks = compiled.map((output) => ({ ...output, file: `chunks/${release}/${output.name}.js` }))
  const launcher = await compile(
    'launcher',
    'widget/launcher/index.ts',
    'iife',
    {
      define: { RELEASE: JSON.stringify(release), VERSION: JSON.stringify(version) },
      // Checked as a module, which is strict anyway: the word "use strict" would only be 12 bytes more.
      tsconfigRaw: { compilerOptions: { alwaysStrict: false, target: 'es2022' } },
    },
    { unsafe: true, preamble: ALL_RUN_AT_LOAD },
  )

  const files = [{ ...launcher, file: 'widget.js' }, { ...launcher, file: `v/${version}/widget.js` }, ...chunks]
  for (const { file, code, map } of files) {
    await write(`${outdir}/assets/${file}`, code)
    await write(`${outdir}/maps/${file}.map`, map)
  }
  // What `import 'caty-keyless'` brings: a loader of the script, for those who bundle.
  const esm = await compile('index', 'widget/npm/index.ts', 'esm')
  await write(`${outdir}/esm/index.js`, esm.code)
  await write(`${outdir}/assets/integrity.json`, integrityText({ version, release, files }))
  const withInstaller = env.INSTALLER === 'on'
  await buildInstaller(`${outdir}/installer`)
  if (withInstaller) await buildInstaller(`${outdir}/assets/installer`, '/')
  await write(`${outdir}/assets/_headers`, HEADERS + (withInstaller ? INSTALLER_HEADERS : ''))
  await removeOthers(`${outdir}/assets`, [
    ...['_headers', 'integrity.json', ...files.map(({ file }) => file)],
    ...(withInstaller ? INSTALLER_FILES.map((file) => `installer/${file}`) : []),
  ])
  await removeOthers(
    `${outdir}/maps`,
    files.map(({ file }) => `${file}.map`),
  )
  report(launcher, chunks)
}

/** One chunk a language: `de` is what a first chat says in German, `more/de` what forms, products and files say. */
async function localesIn(folder) {
  const files = await readdir(`${root}widget/locales/${folder}`)
  return files
    .filter((file) => /^[a-z]{2}\.ts$/.test(file))
    .map((file) => [folder + file.slice(0, 2), `widget/locales/${folder}${file}`])
}

async function compile(name, entry, format, more = {}, { unsafe = false, preamble } = {}) {
  const { outputFiles } = await bundle({
    ...SHARED,
    ...more,
    entryPoints: [entry],
    format,
    outdir: `${root}dist`,
    entryNames: name,
  })
  const text = (end) => outputFiles.find(({ path }) => path.endsWith(end))?.text ?? ''
  // A second minifier after the first takes another 2 %: 260 bytes of a first chat.
  const { code, map } = await minify(text('.js'), {
    module: format === 'esm',
    toplevel: true,
    ecma: 2022,
    // Functions in object literals become methods, which nobody here calls with `new`. `unsafe` makes templates sums: 38
    // bytes of a first chat. They differ for objects with a `valueOf` of their own, which a page may give the later chunks.
    compress: { passes: 3, unsafe_methods: true, unsafe },
    format: { preamble },
    sourceMap: { content: text('.map') },
  })
  return { name, code, map, raw: Buffer.byteLength(code), bytes: brotli(code) }
}

const hash = (code) => createHash('sha256').update(code).digest('hex').slice(0, 10)
const brotli = (code) => brotliCompressSync(code, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length

/**
 * What is there already is left alone, and what is new appears whole: an edge that serves the folder would load anew for
 * each file that is written, and drop the calls it has just then, or hand out the first half of one.
 */
async function write(path, text) {
  if ((await readFile(path, 'utf8').catch(() => undefined)) === text) return
  await mkdir(path.slice(0, path.lastIndexOf('/')), { recursive: true })
  await writeFile(`${path}.${pid}`, text)
  await rename(`${path}.${pid}`, path)
}

/** What an earlier build left behind goes last, so an edge that serves the folder meanwhile always finds it whole. */
async function removeOthers(folder, kept) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  for (const entry of entries.filter((each) => each.isFile())) {
    const path = `${entry.parentPath}/${entry.name}`
    if (!kept.includes(relative(folder, path).replaceAll('\\', '/'))) await rm(path)
  }
}

/** The table of the design, section 5. `scripts/build-worker.ts` adds the Worker's row. */
function report(launcher, chunks) {
  const inFirstChat = ({ name }) => name in FIRST || name === 'en'
  const firstChat = launcher.bytes + chunks.filter(inFirstChat).reduce((sum, { bytes }) => sum + bytes, 0)
  const rows = [
    ['widget.js (launcher)', launcher.bytes, BUDGET.launcher, BUDGET.launcher],
    ['first chat in English', firstChat, BUDGET.firstChat, BUDGET.firstChatHard],
    ...chunks
      .filter((chunk) => !inFirstChat(chunk))
      .map(({ name, bytes }) => [`chunk ${name}`, bytes, BUDGET.chunk, BUDGET.chunk]),
  ]
  console.log('brotli 11                      bytes   budget')
  for (const [what, bytes, budget, hard] of rows) {
    const verdict = bytes <= budget ? '' : bytes <= hard ? `  ${bytes - budget} too many` : '  TOO LARGE'
    console.log(`${what.padEnd(28)} ${String(bytes).padStart(7)}  ${String(budget).padStart(7)}${verdict}`)
  }
  const broken = rows.filter(([, bytes, , hard]) => bytes > hard)
  if (broken.length > 0) throw new Error(`over budget: ${broken.map(([what]) => what).join(', ')}`)
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  build({ outdir: argv[2] }).catch((error) => {
    console.error(error.message)
    exit(1)
  })
}

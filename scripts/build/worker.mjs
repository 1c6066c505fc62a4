/**
 * The Worker as it is uploaded: one module, `dist/worker/index.js`, with its source map beside it. wrangler runs this
 * before everything it does with the Worker (`[build]` in wrangler.toml), so what is deployed is never older than the
 * sources; `npm run build` runs it too. wrangler's own bundler has neither a second minifier nor plugins: with them the
 * Worker is a tenth smaller.
 */
import { createHash } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { argv, exit, pid } from 'node:process'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { minify } from 'terser'
import { leanHono } from './lean-hono.mjs'

const root = fileURLToPath(new URL('../../', import.meta.url))

/** Bytes after gzip, as Cloudflare and wrangler count them. */
export const WORKER_BUDGET = 40_960

/** Builds into `folder`. Resolves with the size of the module after gzip; the same sources give the same bytes. */
export async function buildWorker(folder = `${root}dist/worker`) {
  const { outputFiles } = await build({
    entryPoints: ['edge/index.ts'],
    outdir: folder,
    entryNames: 'index',
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2024',
    conditions: ['workerd', 'worker', 'browser'],
    external: ['cloudflare:*'],
    plugins: [leanHono],
    sourcemap: 'external',
    legalComments: 'none',
    charset: 'utf8',
    write: false,
    absWorkingDir: root,
    logLevel: 'warning',
  })
  const text = (end) => outputFiles.find(({ path }) => path.endsWith(end))?.text ?? ''
  const made = await minifiedOnce(folder, text('.js'), text('.map'))
  return gzipSync(made).length
}

/**
 * wrangler builds at each start, a test run starts it a dozen times, and several at once: what is there already from the
 * same bundle is left as it is, and what is new appears whole.
 */
async function minifiedOnce(folder, bundle, map) {
  // What makes it counts too: these settings, and the versions of package.json.
  const makers = await Promise.all(
    [fileURLToPath(import.meta.url), `${root}package.json`].map((path) => readFile(path)),
  )
  const stamp = [bundle, map, ...makers].reduce((hash, part) => hash.update(part), createHash('sha256')).digest('hex')
  const there = (file) => readFile(`${folder}/${file}`, 'utf8').catch(() => undefined)
  const kept = (await there('made-from')) === stamp ? await there('index.js') : undefined
  if (kept !== undefined) return kept
  // A second minifier after the first takes another 1,100 bytes off.
  const made = await minify(bundle, {
    module: true,
    ecma: 2022,
    compress: { passes: 2, unsafe_methods: true },
    format: { comments: false },
    sourceMap: { content: map, filename: 'index.js', url: 'index.js.map' },
  })
  await mkdir(folder, { recursive: true })
  for (const [file, text] of [
    ['index.js.map', made.map],
    ['index.js', made.code],
    ['made-from', stamp],
  ]) {
    await writeFile(`${folder}/${file}.${pid}`, text)
    await rename(`${folder}/${file}.${pid}`, `${folder}/${file}`)
  }
  return made.code
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  buildWorker().catch((error) => {
    console.error(error.message)
    exit(1)
  })
}

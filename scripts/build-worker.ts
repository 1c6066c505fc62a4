/**
 * Builds the Worker into `dist/worker` as wrangler bundles it for a deploy, and checks its size against a budget. The
 * npm package contains this module. A deploy from a clone does not read it: there wrangler bundles `edge/index.ts`
 * itself.
 */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { execPath, exit } from 'node:process'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'

const root = fileURLToPath(new URL('..', import.meta.url))
const OUTDIR = join(root, 'dist/worker')

/** Bytes after gzip, as Cloudflare counts them: design, section 5. */
const BUDGET = 65_536

const built = spawnSync(
  execPath,
  ['node_modules/wrangler/bin/wrangler.js', 'deploy', '--dry-run', '--config', 'wrangler.toml', '--outdir', OUTDIR],
  { cwd: root, encoding: 'utf8', env: { ...process.env, WRANGLER_SEND_METRICS: 'false', NO_UPDATE_NOTIFIER: '1' } },
)
if (built.status !== 0) {
  console.error(`wrangler could not bundle the Worker:\n${built.stdout}${built.stderr}`)
  exit(1)
}
const bytes = gzipSync(readFileSync(join(OUTDIR, 'index.js')), { level: 9 }).length
const verdict = bytes > BUDGET ? '  TOO LARGE' : ''
console.log(`${'the Worker (gzip)'.padEnd(28)} ${String(bytes).padStart(7)}  ${String(BUDGET).padStart(7)}${verdict}`)
if (bytes > BUDGET) exit(1)

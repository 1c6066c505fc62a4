/** The Worker exactly as a deploy would upload it: wrangler's own dry run. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execPath } from 'node:process'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'

const root = fileURLToPath(new URL('../../', import.meta.url))

/** `path` is the Worker's one module; `gzipped` its size in bytes at level 9. */
export type Bundle = { path: string; gzipped: number; source: string }

/** Bundles with the given config (default: the project's). Throws with wrangler's output. */
export function bundleWorker(config = join(root, 'wrangler.toml')): Bundle {
  const outdir = mkdtempSync(join(tmpdir(), 'caty-keyless-bundle-'))
  const { status, stdout, stderr } = spawnSync(
    execPath,
    [
      join(root, 'node_modules/wrangler/bin/wrangler.js'),
      'deploy',
      '--dry-run',
      '--config',
      config,
      '--outdir',
      outdir,
    ],
    { cwd: root, encoding: 'utf8', env: { ...process.env, WRANGLER_SEND_METRICS: 'false', NO_UPDATE_NOTIFIER: '1' } },
  )
  if (status !== 0) throw new Error(`wrangler could not bundle the Worker:\n${stdout}${stderr}`)
  const path = join(outdir, 'index.js')
  const source = readFileSync(path, 'utf8')
  return { path, source, gzipped: gzipSync(source, { level: 9 }).length }
}

/**
 * Runs after `npm ci` in a clone: links `node_modules/.bin/caty-keyless` to the sources, because npm links only the
 * commands of other packages. `npx caty-keyless` then works in a clone as it does where the package is installed.
 */
import { chmodSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const command = `${root}node_modules/.bin/caty-keyless`
if (existsSync(`${root}cli/index.ts`) && process.platform !== 'win32') {
  mkdirSync(`${root}node_modules/.bin`, { recursive: true })
  rmSync(command, { force: true })
  // A script instead of a link: the machine's own Node cannot run the sources.
  writeFileSync(
    command,
    '#!/bin/sh\nbin=$(dirname "$0")\nexec "$bin/node" "$bin/../../scripts/run.mjs" cli/index.ts "$@"\n',
  )
  chmodSync(command, 0o755)
}

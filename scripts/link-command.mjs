/**
 * Runs after `npm ci` in a clone: links `node_modules/.bin/caty-keyless` to the sources, since npm links the commands of
 * other packages only. So `npx caty-keyless` means the same in a clone as where the package is installed.
 */
import { chmodSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const command = `${root}node_modules/.bin/caty-keyless`
if (existsSync(`${root}cli/index.ts`) && process.platform !== 'win32') {
  mkdirSync(`${root}node_modules/.bin`, { recursive: true })
  rmSync(command, { force: true })
  // A script and not a link: on the machine's own Node the sources would not run.
  writeFileSync(
    command,
    '#!/bin/sh\nbin=$(dirname "$0")\nexec "$bin/node" "$bin/../../scripts/run.mjs" cli/index.ts "$@"\n',
  )
  chmodSync(command, 0o755)
}

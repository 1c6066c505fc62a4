/**
 * `npm run next-version`: raises the version as the changesets say, in every file that repeats it. The changesets
 * become the newest section of CHANGELOG.md.
 */
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { execPath } from 'node:process'
import { fileURLToPath } from 'node:url'
import * as v from 'valibot'
import { manifest } from './manifest.ts'
import { script } from './options.ts'

script('next-version', 'raises the version by what the changesets say, in every file that repeats it').parse()

const Lock = v.looseObject({
  version: v.string(),
  packages: v.looseObject({ '': v.looseObject({ version: v.string() }) }),
})

const root = fileURLToPath(new URL('..', import.meta.url))

const before = manifest().version
execFileSync(execPath, ['node_modules/@changesets/cli/bin.js', 'version'], { cwd: root, stdio: 'inherit' })
const after = manifest().version

if (after !== before) {
  for (const [file, around] of [
    ['edge/base/version.ts', (version: string) => `'${version}'`],
    ['docs/install.md', (version: string) => `/v/${version}/`],
    ['docs/releases.md', (version: string) => `/v/${version}/`],
  ] as const) {
    const text = readFileSync(root + file, 'utf8')
    if (!text.includes(around(before))) throw new Error(`${file} does not name the version ${before}.`)
    writeFileSync(root + file, text.replaceAll(around(before), around(after)))
  }
  execFileSync(execPath, ['scripts/openapi.ts'], { cwd: root, stdio: 'inherit' })
  const lock = v.parse(Lock, JSON.parse(readFileSync(`${root}package-lock.json`, 'utf8')))
  lock.version = after
  lock.packages[''].version = after
  writeFileSync(`${root}package-lock.json`, `${JSON.stringify(lock, null, 2)}\n`)
}
console.log(before === after ? `no changeset: the version stays ${before}` : `${before} is now ${after}`)

/**
 * Where this program lies: in a clone of the project, or in the npm package below `node_modules`. All other code of the
 * CLI asks here, so that it runs the same from `cli/index.ts` and from the bundle `dist/cli/index.js`.
 */
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as v from 'valibot'

const Manifest = v.object({
  name: v.literal('caty-keyless'),
  version: v.string(),
  devDependencies: v.object({ wrangler: v.string() }),
})

export type Home = {
  /** The folder of `package.json`, absolute. */
  root: string
  /** Are the sources here? A package brings the built Worker instead. */
  clone: boolean
  version: string
  /** The exact version of wrangler that this version was tested with. */
  wrangler: string
}

const manifestAt = (folder: string): v.InferOutput<typeof Manifest> | undefined => {
  const path = join(folder, 'package.json')
  if (!existsSync(path)) return undefined
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), Manifest), readFileSync(path, 'utf8'))
  return parsed.success ? parsed.output : undefined
}

/** The home that holds `folder`. Throws when none of its parents is one. */
export function homeOf(folder: string): Home {
  for (let root = folder; ; root = dirname(root)) {
    const manifest = manifestAt(root)
    if (manifest) {
      const { version, devDependencies } = manifest
      return { root, version, wrangler: devDependencies.wrangler, clone: existsSync(join(root, 'edge/index.ts')) }
    }
    if (root === dirname(root)) throw new Error(`no package.json of caty-keyless above ${folder}`)
  }
}

const self = fileURLToPath(import.meta.url)
/** Where the running program lies. */
export const home = homeOf(dirname(self))
/** The file to run for another command of this program, as a process of its own. */
export const entry = self.endsWith('.ts') ? join(home.root, 'cli/index.ts') : join(home.root, 'dist/cli/index.js')

/** The content of `package.json`, the one place that has the project's version and address. */
import { readFileSync } from 'node:fs'
import * as v from 'valibot'

const Manifest = v.object({
  name: v.string(),
  version: v.string(),
  homepage: v.pipe(v.string(), v.endsWith('/')),
  repository: v.object({ type: v.literal('git'), url: v.pipe(v.string(), v.regex(/^git\+https:\/\/.+\.git$/)) }),
  scripts: v.record(v.string(), v.string()),
  devDependencies: v.record(v.string(), v.string()),
  peerDependencies: v.record(v.string(), v.string()),
  cloudflare: v.object({ bindings: v.record(v.string(), v.object({ description: v.string() })) }),
})
export type Manifest = v.InferOutput<typeof Manifest>

/** Reads the file each time, because a release changes it meanwhile. */
export const manifest = (): Manifest =>
  v.parse(Manifest, JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')))

/** The address of the repository in a browser, such as `https://github.com/owner/name`. */
export const repositoryUrl = ({ repository }: Manifest): string => repository.url.slice('git+'.length, -'.git'.length)

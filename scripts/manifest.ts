/** What `package.json` says. It is the one place that knows the project's version and address. */
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

/** Reads it anew each time: a release changes it while it runs. */
export const manifest = (): Manifest =>
  v.parse(Manifest, JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')))

/** The repository as a browser opens it, such as `https://github.com/owner/name`. */
export const repositoryUrl = ({ repository }: Manifest): string => repository.url.slice('git+'.length, -'.git'.length)

/** Which tenants a change of the repository concerns: its own files, or the code that all of them run. */
import { relative } from 'node:path'
import { execa } from 'execa'
import type { Home } from '../base/home.ts'
import { Mistake } from '../base/mistake.ts'
import type { Tenant } from './places.ts'

/** What ends up in a Worker or in its assets. */
const CODE = /^(edge|widget|webhook)\/|^(wrangler\.toml|esbuild\.config\.mjs|package(-lock)?\.json)$|^scripts\/build\//

/** Those of `tenants` that differ from the commit. Throws `Mistake` when git does not know it. */
export async function changedSince(commit: string, tenants: readonly Tenant[], home: Home): Promise<Tenant[]> {
  const ours = tenants.filter(({ folder }) => !relative(home.root, folder).startsWith('..'))
  const everybody = ours.length > 0 && (await filesSince(commit, home.root)).some((file) => CODE.test(file))
  // Folders in a repository of their own have other commits, and the code comes to them as a version.
  const own = await Promise.all(tenants.map(async ({ folder }) => (await filesSince(commit, folder)).length > 0))
  return tenants.filter((tenant, at) => own[at] || (everybody && ours.includes(tenant)))
}

/** The files below a folder that differ, as paths from there. */
async function filesSince(commit: string, folder: string): Promise<string[]> {
  if (!/^[\w./~^-]{1,100}$/.test(commit) || commit.startsWith('-')) {
    throw new Mistake('usage', '--changed-since takes a commit, as in --changed-since origin/main.')
  }
  const diff = ['-C', folder, 'diff', '--name-only', '--relative', '--end-of-options', commit]
  const { failed, stdout } = await execa('git', diff, { reject: false })
  if (failed) throw new Mistake('usage', `git does not know ${commit}: fetch it first (in CI: fetch-depth: 0).`)
  return stdout.split('\n').filter((file) => file !== '')
}

/** Which tenants a change of the repository concerns: its own files, or the code that all of them run. */
import { execFile } from 'node:child_process'
import { relative } from 'node:path'
import { promisify } from 'node:util'
import { Stopped } from './mistake.ts'
import { projectRoot, type Tenant } from './project.ts'

const run = promisify(execFile)

/** What ends up in a Worker or in its assets. */
const CODE = /^(edge|widget|webhook)\/|^(wrangler\.toml|esbuild\.config\.mjs|package(-lock)?\.json)$|^tools\/build\//

/** Those of `tenants` that differ from the commit. Throws `Stopped` when git does not know it. */
export async function changedSince(commit: string, tenants: readonly Tenant[]): Promise<Tenant[]> {
  const ours = tenants.filter(({ folder }) => !relative(projectRoot, folder).startsWith('..'))
  const everybody = ours.length > 0 && (await filesSince(commit, projectRoot)).some((file) => CODE.test(file))
  // Folders in a repository of their own have other commits, and the code comes to them as a version.
  const own = await Promise.all(tenants.map(async ({ folder }) => (await filesSince(commit, folder)).length > 0))
  return tenants.filter((tenant, at) => own[at] || (everybody && ours.includes(tenant)))
}

/** The files below a folder that differ, as paths from there. */
async function filesSince(commit: string, folder: string): Promise<string[]> {
  if (!/^[\w./~^-]{1,100}$/.test(commit) || commit.startsWith('-')) {
    throw new Stopped('usage', '--changed-since takes a commit, as in --changed-since origin/main.')
  }
  const { stdout } = await run('git', [
    '-C',
    folder,
    'diff',
    '--name-only',
    '--relative',
    '--end-of-options',
    commit,
  ]).catch(() => {
    throw new Stopped('usage', `git does not know ${commit}: fetch it first (in CI: fetch-depth: 0).`)
  })
  return stdout.split('\n').filter((file) => file !== '')
}

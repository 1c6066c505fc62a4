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
  const files = await filesSince(commit, projectRoot)
  if (files.some((file) => CODE.test(file))) return [...tenants]
  const changed = await Promise.all(
    tenants.map(async (tenant) => {
      // The folders may be a repository of their own, whose commits are other ones.
      const inside = relative(projectRoot, tenant.folder).replaceAll('\\', '/')
      if (!inside.startsWith('..')) return files.some((file) => file.startsWith(`${inside}/`))
      return (await filesSince(commit, tenant.folder)).some((file) => file.startsWith(`${tenant.name}/`))
    }),
  )
  return tenants.filter((_, at) => changed[at])
}

async function filesSince(commit: string, folder: string): Promise<string[]> {
  if (!/^[\w./~^-]{1,100}$/.test(commit) || commit.startsWith('-')) {
    throw new Stopped('usage', '--changed-since takes a commit, as in --changed-since origin/main.')
  }
  const { stdout } = await run('git', ['-C', folder, 'diff', '--name-only', '--end-of-options', commit]).catch(() => {
    throw new Stopped('usage', `git does not know ${commit}: fetch it first (in CI: fetch-depth: 0).`)
  })
  return stdout.split('\n').filter((file) => file !== '')
}

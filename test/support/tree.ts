/** A copy of the working tree, for programs that build or change files. */
import { execFileSync } from 'node:child_process'
import { cp, mkdir, symlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** Copies what git tracks or would track into `folder`. The installed packages are shared. */
export async function copyTree(folder: string): Promise<void> {
  const list = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '-z'], { encoding: 'utf8' })
  for (const file of list.split('\0').filter((path) => path !== '')) {
    await mkdir(dirname(join(folder, file)), { recursive: true })
    // The list includes files that were deleted but not yet committed.
    await cp(file, join(folder, file)).catch(() => undefined)
  }
  await symlink(join(process.cwd(), 'node_modules'), join(folder, 'node_modules'))
}

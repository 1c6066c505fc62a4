/** Which pages the docs are made of. */
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../../', import.meta.url))

/** Markdown at the root and under `docs/`, as paths from the root; new files count before they are committed. */
export function docFiles(): string[] {
  const listed = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '*.md', 'docs/**/*.md'], {
    cwd: root,
    encoding: 'utf8',
  })
  return [...new Set(listed.split('\n'))]
    .filter((file) => /^([^/]+|docs\/.+)\.md$/.test(file) && existsSync(root + file))
    .sort()
}

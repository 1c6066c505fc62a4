/** The Markdown files of the docs. */
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../../', import.meta.url))

/** Every Markdown file of the repository, as paths from the root, including files that are not committed yet. */
export function markdownFiles(): string[] {
  const listed = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '*.md'], { cwd: root, encoding: 'utf8' })
  return [...new Set(listed.split('\n'))].filter((file) => file !== '' && existsSync(root + file)).sort()
}

/** The pages of the site: Markdown at the root and below `docs/`. */
export const docFiles = (): string[] => markdownFiles().filter((file) => /^([^/]+|docs\/.+)\.md$/.test(file))

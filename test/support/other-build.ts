/**
 * A copy of the project for tests that need a second build: of the same sources, which must give the same bytes, or
 * of changed sources, which stand for the next release.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** Files that reach a bundle or its source maps are copied, as an installation would; the others may be links. */
const BUNDLED = ['preact', 'hono', 'valibot', 'jose']

/** Copies the sources and packages. `edit` maps a path to a function that changes its text. */
export function copyProject(edit: Readonly<Record<string, (text: string) => string>> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'caty-keyless-copy-'))
  for (const file of sources()) {
    mkdirSync(dirname(join(folder, file)), { recursive: true })
    copyFileSync(file, join(folder, file))
  }
  mkdirSync(join(folder, 'node_modules'))
  for (const name of readdirSync('node_modules')) {
    const [from, to] = [join(process.cwd(), 'node_modules', name), join(folder, 'node_modules', name)]
    if (BUNDLED.includes(name)) cpSync(from, to, { recursive: true })
    else symlinkSync(from, to)
  }
  for (const [file, change] of Object.entries(edit)) {
    const before = readFileSync(join(folder, file), 'utf8')
    const after = change(before)
    if (after === before) throw new Error(`the edit of ${file} changed nothing`)
    writeFileSync(join(folder, file), after)
  }
  return folder
}

/** All files of the project, committed or not, except its tests. */
export const sources = (): string[] =>
  execFileSync('git', ['ls-files', '-co', '--exclude-standard'], { encoding: 'utf8' })
    .split('\n')
    .filter((file) => file !== '' && !file.startsWith('test/') && existsSync(file))

/** Builds a copy into its own `dist`. Throws with the output of the build. */
export function buildIn(folder: string, env: Record<string, string> = {}): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['esbuild.config.mjs'], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, ...env },
  })
  if (status !== 0) throw new Error(stdout + stderr)
  return join(folder, 'dist')
}

/** The text of every file below a folder, by path. */
export function contentsOf(folder: string): Record<string, string> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  return Object.fromEntries(
    entries
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => [path.slice(folder.length + 1), readFileSync(path, 'latin1')] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  )
}

/** The hash of every file below a folder, by path, for a comparison that a person can read. */
export const hashesOf = (folder: string): Record<string, string> =>
  Object.fromEntries(
    Object.entries(contentsOf(folder)).map(([file, text]) => [file, createHash('sha256').update(text).digest('hex')]),
  )

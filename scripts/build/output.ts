/** Writes the files of a build so that an edge that serves the folder always finds a complete release. */
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, relative } from 'node:path'
import { pid } from 'node:process'

/**
 * Writes one file. A file with the same content stays untouched, because an edge that watches the folder would reload
 * and drop its running calls. A new file is renamed into place, so that nobody reads half of it.
 */
export async function write(path: string, text: string): Promise<void> {
  if ((await readFile(path, 'utf8').catch(() => undefined)) === text) return
  await mkdir(dirname(path), { recursive: true })
  await writeFile(`${path}.${pid}`, text)
  await rename(`${path}.${pid}`, path)
}

/** Removes the files of an earlier build: every file in `folder` whose path below it is not in `kept`. */
export async function removeOthers(folder: string, kept: readonly string[]): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  for (const entry of entries.filter((each) => each.isFile())) {
    const path = `${entry.parentPath}/${entry.name}`
    if (!kept.includes(relative(folder, path).replaceAll('\\', '/'))) await rm(path)
  }
}

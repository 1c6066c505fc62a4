/** Writes the build's files so that an edge that serves the folder meanwhile always finds a whole release. */
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, relative } from 'node:path'
import { pid } from 'node:process'

/**
 * Writes one file. A file with the same content is left alone, because an edge that watches the folder would load it again
 * and drop its running calls; a new one is renamed into place, so nobody reads half of it.
 */
export async function write(path: string, text: string): Promise<void> {
  if ((await readFile(path, 'utf8').catch(() => undefined)) === text) return
  await mkdir(dirname(path), { recursive: true })
  await writeFile(`${path}.${pid}`, text)
  await rename(`${path}.${pid}`, path)
}

/** Removes what an earlier build left in `folder`: every file whose path below it is not in `kept`. */
export async function removeOthers(folder: string, kept: readonly string[]): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  for (const entry of entries.filter((each) => each.isFile())) {
    const path = `${entry.parentPath}/${entry.name}`
    if (!kept.includes(relative(folder, path).replaceAll('\\', '/'))) await rm(path)
  }
}

/** Reading a file that need not be there. */
import { readFile } from 'node:fs/promises'

/** `undefined` when there is no such file. */
export const readText = (path: string): Promise<string | undefined> =>
  readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    // The error of a folder does not name it.
    error.path ??= path
    throw error
  })

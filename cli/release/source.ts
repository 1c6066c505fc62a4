/** Where the files of an earlier release are read from: a running deployment, or the folder of another build. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** The bytes of a file, `undefined` where there is none. Throws when nothing can be read at all. */
export type Source = (file: string) => Promise<Uint8Array | undefined>

const TIMEOUT_MS = 15_000

export function deployed(origin: string, fetcher: typeof fetch = fetch): Source {
  return async (file) => {
    const response = await fetcher(`${origin}/${file}`, { redirect: 'error', signal: AbortSignal.timeout(TIMEOUT_MS) })
    if (response.status === 404) return undefined
    if (!response.ok) throw new Error(`${origin}/${file} answered ${response.status}`)
    return new Uint8Array(await response.arrayBuffer())
  }
}

export function folder(path: string): Source {
  return async (file) => {
    try {
      return await readFile(join(path, file))
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
      throw error
    }
  }
}

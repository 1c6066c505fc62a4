/** Chunks that the panel loads for itself. The visitor is told when one of them cannot be loaded. */
import type { ChunkName, Chunks, Load } from '../chunk-api/chunks.ts'
import type { Core } from '../chunk-api/core.ts'

export type PanelChunks = {
  /** Whether the last chunk failed. It is loaded again when it is needed again. */
  hasFailed: () => boolean
  load: Load
  /** Loads a chunk and uses it, once: later calls do nothing, unless loading failed. */
  once: <Name extends ChunkName>(name: Name, use: (chunk: Chunks[Name]) => void) => void
}

/** `draw` shows the failure. */
export function panelChunks(core: Core, draw: () => void): PanelChunks {
  let hasFailed = false
  const requested = new Set<ChunkName>()
  const load: Load = (name) => {
    hasFailed = false
    return core.load(name).catch((error) => {
      hasFailed = true
      core.fail('chunk_blocked')
      draw()
      throw error
    })
  }
  return {
    hasFailed: () => hasFailed,
    load,
    once(name, use) {
      if (requested.has(name)) return
      requested.add(name)
      load(name).then(use, () => requested.delete(name))
    },
  }
}

/** Draws a chunk that may not have loaded yet. */
import { type ComponentChildren, h } from 'preact'
import type { AllStrings } from '../../chunk-api/strings.ts'
import type { PanelHost } from '../../panel/slots.ts'
import type { LoadOnce } from './load-once.ts'
import type { StringsSource } from './strings.ts'

export type ChunkView = <T>(
  chunk: LoadOnce<T>,
  view: (module: T, strings: AllStrings) => ComponentChildren,
) => ComponentChildren

/** Renders a chunk: nothing while it loads, an error with a Retry button if it or its strings failed. */
export const chunkView =
  (host: PanelHost, source: StringsSource): ChunkView =>
  (chunk, view) => {
    const module = chunk.get()
    const strings = source.get()
    if (module && strings) return view(module, strings)
    const failed = [chunk, source.loading()].filter((load) => load.hasFailed())
    if (!failed.length) return undefined
    return (
      <div class="notice" role="status">
        {strings?.chunkFailed ?? host.strings().unavailable}{' '}
        <button
          type="button"
          onClick={() => {
            for (const load of failed) load.retry()
          }}
        >
          {host.strings().retry}
        </button>
      </div>
    )
  }

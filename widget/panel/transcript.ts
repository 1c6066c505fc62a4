/** The transcript: what has been said and answered, as the browser's storage keeps it for the visitor's next page. */
import { isString, membersOf } from '../chunk-api/untrusted.ts'
import type { Store } from '../client/storage.ts'
import { type Entry, mergeEntries } from './entry.ts'

/** Older entries stay on the screen until the page goes. */
const MAX_ENTRIES = 100

export type Transcript = { entries: Entry[]; session?: string | undefined }

/** Reads the transcript. An older version of the widget, or somebody else, may have written it. */
export function readTranscript(store: Store): Transcript {
  const { entries, session } = membersOf(store.get('chat'))
  return {
    entries: Array.isArray(entries) ? entries.filter(isEntry) : [],
    session: isString(session) ? session : undefined,
  }
}

const isEntry = (value: unknown): value is Entry => isString(membersOf(value).text)

/** Adds the delivered entries to the transcript. Stores nothing until the visitor has sent a message. */
export function saveTranscript(store: Store, all: readonly Entry[], session: string | undefined): void {
  const delivered = all.filter(({ state }) => !state)
  if (!delivered.some(({ role }) => role === 'user')) return
  // Another tab may have stored more meanwhile.
  const entries = mergeEntries(delivered, readTranscript(store).entries).slice(-MAX_ENTRIES)
  store.set('chat', { entries, session })
}

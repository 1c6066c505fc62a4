/** What was said, message by message. */
import type { Product, Slot, SuggestedAction } from '../../edge/contract/edge.ts'
import type { CallFault } from '../client/errors.ts'

export type Entry = {
  id: string
  role: 'user' | 'assistant'
  text: string
  at: number
  /** Only of messages of the visitor that did not get through yet: `waiting` goes on by itself, `failed` by a click. */
  state?: 'sending' | 'waiting' | 'failed' | undefined
  fault?: CallFault | undefined
  /** When a waiting message goes on. */
  until?: number | undefined
  /** What was sent: a retry under the same idempotency key must be the same to the letter. */
  body?: object | undefined
  /** The idempotency key, where it is not the id. */
  key?: string
  /** Since when it may have arrived, without anybody knowing. */
  doubt?: number | undefined
  actions?: SuggestedAction[] | undefined
  /** What the visitor thinks of the reply. */
  helpful?: boolean | undefined
  products?: Product[] | undefined
  /** Times to choose from. */
  picker?: { day: string | undefined; slots: Slot[] }
}

/** Everything of both, each message in its furthest state, in the order of time. */
export function merge(mine: readonly Entry[], theirs: readonly Entry[]): Entry[] {
  const all = new Map(mine.map((entry) => [entry.id, entry]))
  for (const entry of theirs) {
    const known = all.get(entry.id)
    if (!known) all.set(entry.id, { ...entry })
    else {
      if (known.state && !entry.state) settle(known)
      // What was suggested before the visitor went on is over.
      if (!entry.actions) delete known.actions
    }
  }
  return [...all.values()].sort((a, b) => a.at - b.at)
}

/** It got through. The object stays: whoever waits for it holds on to it. */
export function settle(entry: Entry): void {
  delete entry.state
  delete entry.fault
  delete entry.until
  delete entry.body
  delete entry.doubt
  delete entry.key
}

export type Kept = { entries: Entry[]; session?: string | undefined }

/** What storage gave back may be of an older version, or of somebody else's making. */
export function readKept(value: unknown): Kept {
  const { entries, session }: Partial<Kept> = Object(value)
  return {
    entries: Array.isArray(entries) ? entries.filter((entry) => typeof entry?.text === 'string') : [],
    session: typeof session === 'string' ? session : undefined,
  }
}

export const randomId = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('')

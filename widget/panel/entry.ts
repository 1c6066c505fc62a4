/** One message of the conversation, and how two copies of a conversation become one. */
import type { Product, Slot, SuggestedAction } from '../../edge/contract/edge.ts'
import type { CallFault } from '../client/errors.ts'

export type Entry = {
  id: string
  role: 'user' | 'assistant'
  text: string
  /** Milliseconds since 1970, like all times here. */
  at: number
  /** Only for the visitor's messages that have not arrived: `waiting` is retried by itself, `failed` by a click. */
  state?: 'sending' | 'waiting' | 'failed' | undefined
  fault?: CallFault | undefined
  /** When a waiting message is sent again. */
  retryAt?: number | undefined
  /** The body that was sent: a retry under the same idempotency key must repeat it to the letter. */
  body?: object | undefined
  /** The idempotency key, where it is not the id. */
  idempotencyKey?: string
  /** Since when the message may have arrived without an answer. */
  maybeSentAt?: number | undefined
  actions?: SuggestedAction[] | undefined
  /** Whether the visitor found the reply helpful. */
  helpful?: boolean | undefined
  products?: Product[] | undefined
  /** Times to choose from. */
  picker?: { day: string | undefined; slots: Slot[] }
}

/** The entries of both lists in the order of time, each in the further of its two states. Changes entries of `mine`. */
export function mergeEntries(mine: readonly Entry[], theirs: readonly Entry[]): Entry[] {
  const all = new Map(mine.map((entry) => [entry.id, entry]))
  for (const entry of theirs) {
    const known = all.get(entry.id)
    if (!known) all.set(entry.id, { ...entry })
    else {
      if (known.state && !entry.state) markDelivered(known)
      // Suggestions go away when the visitor goes on.
      if (!entry.actions) delete known.actions
    }
  }
  return [...all.values()].sort((a, b) => a.at - b.at)
}

/** Changes the entry in place, because whoever waits for it holds this object. */
export function markDelivered(entry: Entry): void {
  delete entry.state
  delete entry.fault
  delete entry.retryAt
  delete entry.body
  delete entry.maybeSentAt
  delete entry.idempotencyKey
}

/** 128 random bits in hexadecimal. */
export const randomId = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('')

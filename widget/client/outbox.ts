/**
 * The outbox: what was said and is not known to have arrived, each message with the key that keeps it from being sent
 * twice. It outlives the page, and a transaction of the database tells all tabs the same.
 */
import { within } from './database.ts'

export type Outbox<Item extends { id: string }> = {
  /** Resolves with whether it is stored, where other tabs can take it over. */
  add: (item: Item) => Promise<boolean>
  /** Changes only these members: another tab knows the others better. What is gone stays gone: somebody has sent it. */
  update: (id: string, change: Partial<Item>) => Promise<unknown>
  /** Rejects when it cannot be known. */
  get: (id: string) => Promise<Item | undefined>
  drop: (id: string) => Promise<unknown>
  all: () => Promise<Item[]>
  clear: () => Promise<unknown>
}

/** While `mayStore` says no, things are only taken away. */
export function createOutbox<Item extends { id: string }>(name: string, mayStore: () => boolean): Outbox<Item> {
  const key = (id: string) => `${name} ${id}`
  // Ids are hexadecimal.
  const mine = () => IDBKeyRange.bound(key(''), key('g'))
  const quietly = (work: Promise<unknown>) => work.catch(() => 0)
  return {
    add: async (item) =>
      mayStore() &&
      within('outbox', (table) => table.add({ ...item }, key(item.id)), true).then(
        () => true,
        () => false,
      ),
    update: (id, change) =>
      quietly(
        within<Item | undefined>('outbox', (table) => {
          const known = table.get(key(id))
          known.onsuccess = () => known.result && table.put({ ...known.result, ...change }, key(id))
          return known
        }),
      ),
    get: (id) => within('outbox', (table) => table.get(key(id))),
    drop: (id) => quietly(within('outbox', (table) => table.delete(key(id)))),
    all: () => within<Item[]>('outbox', (table) => table.getAll(mine())).catch(() => []),
    clear: () => quietly(within('outbox', (table) => table.delete(mine()))),
  }
}

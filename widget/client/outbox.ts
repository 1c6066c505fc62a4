/**
 * The outbox: messages that are not known to have arrived, each with the idempotency key that keeps it from being sent
 * twice. It outlives the page, and all tabs of the visitor see the same.
 */
import { withTable } from './database.ts'

export type Outbox<Item extends { id: string }> = {
  /** Resolves with whether the item is stored, where other tabs can take it over. */
  add: (item: Item) => Promise<boolean>
  /** Changes only these members, because another tab may have changed the others. A removed item stays removed. */
  update: (id: string, change: Partial<Item>) => Promise<unknown>
  /** Rejects when the database cannot be read. */
  get: (id: string) => Promise<Item | undefined>
  remove: (id: string) => Promise<unknown>
  all: () => Promise<Item[]>
  clear: () => Promise<unknown>
}

/** The outbox under `name`. While `mayStore` returns false, items are only removed. */
export function createOutbox<Item extends { id: string }>(name: string, mayStore: () => boolean): Outbox<Item> {
  const key = (id: string) => `${name} ${id}`
  // Ids are hexadecimal, so `g` comes after all of them.
  const ownKeys = () => IDBKeyRange.bound(key(''), key('g'))
  const quietly = (work: Promise<unknown>) => work.catch(() => 0)
  return {
    add: async (item) =>
      mayStore() &&
      withTable('outbox', (table) => table.add({ ...item }, key(item.id)), true).then(
        () => true,
        () => false,
      ),
    update: (id, change) =>
      quietly(
        withTable<Item | undefined>('outbox', (table) => {
          const known = table.get(key(id))
          known.onsuccess = () => known.result && table.put({ ...known.result, ...change }, key(id))
          return known
        }),
      ),
    get: (id) => withTable('outbox', (table) => table.get(key(id))),
    remove: (id) => quietly(withTable('outbox', (table) => table.delete(key(id)))),
    all: () => withTable<Item[]>('outbox', (table) => table.getAll(ownKeys())).catch(() => []),
    clear: () => quietly(withTable('outbox', (table) => table.delete(ownKeys()))),
  }
}

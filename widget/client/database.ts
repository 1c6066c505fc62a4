/**
 * The widget's database: the key pair and what waits to be sent. IndexedDB, because it keeps key objects without showing
 * their bytes, and because its transactions are exact over tabs, which `localStorage` is not.
 */

const DATABASE = 'caty-keyless'
const TABLES = ['keys', 'outbox'] as const

/**
 * Rejects where the browser forbids storage, and when there is no database yet: to open one is to create it, and before
 * interest nothing may be stored. Only what is to be kept `create`s it.
 */
export async function within<T>(
  table: (typeof TABLES)[number],
  run: (table: IDBObjectStore) => IDBRequest<T>,
  create = false,
): Promise<T> {
  if (!create && !(await indexedDB.databases()).some(({ name }) => name === DATABASE)) throw new Error('empty')
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open(DATABASE, 1)
    opening.onupgradeneeded = () => {
      for (const name of TABLES) opening.result.createObjectStore(name)
    }
    opening.onerror = opening.onblocked = () => reject(opening.error)
    opening.onsuccess = () => {
      const database = opening.result
      const transaction = database.transaction(table, 'readwrite')
      const request = run(transaction.objectStore(table))
      transaction.oncomplete = () => {
        database.close()
        resolve(request.result)
      }
      transaction.onabort = () => {
        database.close()
        reject(transaction.error)
      }
    }
  })
}

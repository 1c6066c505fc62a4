/**
 * The widget's database, for the key pair and for messages that wait to be sent. IndexedDB, because it stores key objects
 * without revealing their bytes, and because its transactions are exact over tabs, which `localStorage` is not.
 */

const DATABASE = 'caty-keyless'
const TABLES = ['keys', 'outbox'] as const

/**
 * Runs one request on a table and resolves with its result once the transaction has completed. Rejects where the browser
 * forbids storage. Opening a database creates it, and nothing may be stored before the visitor shows interest, so without
 * `create` it also rejects while there is no database.
 */
export async function withTable<T>(
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

/**
 * The visitor's key pair: ES256, made here, never extractable. IndexedDB keeps key objects without ever showing their
 * bytes; where it is blocked, or the visitor has not shown interest yet, the pair lives as long as the page.
 */

const DATABASE = 'caty-keyless'
const TABLE = 'keys'
const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256' }

/** The pair of that name, made when there is none. `keep` says whether it may be stored. `crypto.subtle` must exist. */
export async function keyPair(name: string, keep: boolean): Promise<CryptoKeyPair> {
  const made = () => crypto.subtle.generateKey(ALGORITHM, false, ['sign', 'verify'])
  try {
    // Opening a database creates it, and before interest nothing may be stored: look whether an earlier visit left one.
    if (!keep && !(await indexedDB.databases()).some((known) => known.name === DATABASE)) return made()
    const known: CryptoKeyPair | undefined = await within('readonly', (table) => table.get(name))
    if (known?.privateKey) return known
    const pair = await made()
    if (keep) await storeKeyPair(name, pair)
    return pair
  } catch {
    return made()
  }
}

/** Stores a pair that so far lived in memory. Never throws. */
export async function storeKeyPair(name: string, pair: CryptoKeyPair): Promise<void> {
  await within('readwrite', (table) => table.put(pair, name)).catch(() => 0)
}

/** After this the next person at the machine is somebody else. */
export async function forgetKeyPair(name: string): Promise<void> {
  await within('readwrite', (table) => table.delete(name)).catch(() => 0)
}

function within<T>(mode: IDBTransactionMode, run: (table: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open(DATABASE, 1)
    opening.onupgradeneeded = () => opening.result.createObjectStore(TABLE)
    opening.onerror = opening.onblocked = () => reject(opening.error)
    opening.onsuccess = () => {
      const database = opening.result
      const request = run(database.transaction(TABLE, mode).objectStore(TABLE))
      request.onsuccess = () => resolve(request.result)
      request.onerror = () => reject(request.error)
      request.transaction?.addEventListener('complete', () => database.close())
    }
  })
}

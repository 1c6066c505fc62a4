/**
 * The visitor's key pair: ES256, made here, never extractable. Where IndexedDB is blocked, or the visitor has not shown
 * interest yet, the pair lives as long as the page.
 */
import { within } from './database.ts'

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256' }

/** The pair of that name, made when there is none. `keep` says whether it may be stored. `crypto.subtle` must exist. */
export async function keyPair(name: string, keep: boolean): Promise<CryptoKeyPair> {
  const known = await stored(name)
  if (known) return known
  const pair = await crypto.subtle.generateKey(ALGORITHM, false, ['sign', 'verify'])
  return keep ? storeKeyPair(name, pair) : pair
}

const stored = (name: string): Promise<CryptoKeyPair | undefined> =>
  within<CryptoKeyPair | undefined>('keys', (table) => table.get(name)).catch(() => undefined)

/** Stores a pair that so far lived in memory, unless another tab was first: then theirs counts. Never rejects. */
export async function storeKeyPair(name: string, pair: CryptoKeyPair): Promise<CryptoKeyPair> {
  const added = within('keys', (table) => table.add(pair, name), true)
  return added.then(() => pair).catch(async () => (await stored(name)) ?? pair)
}

/** After this the next person at the machine is somebody else. */
export async function forgetKeyPair(name: string): Promise<void> {
  await within('keys', (table) => table.delete(name)).catch(() => 0)
}

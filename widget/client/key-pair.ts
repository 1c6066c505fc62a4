/**
 * The visitor's key pair: ES256, made in the browser, never extractable. Where IndexedDB is blocked, or the visitor has not
 * shown interest yet, the pair lives as long as the page.
 */
import { withTable } from './database.ts'

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256' }

/** The stored pair of that name, or a new one, which is stored if `keep` is true. `crypto.subtle` must exist. */
export async function keyPair(name: string, keep: boolean): Promise<CryptoKeyPair> {
  const known = await stored(name)
  if (known) return known
  const pair = await crypto.subtle.generateKey(ALGORITHM, false, ['sign', 'verify'])
  return keep ? storeKeyPair(name, pair) : pair
}

const stored = (name: string): Promise<CryptoKeyPair | undefined> =>
  withTable<CryptoKeyPair | undefined>('keys', (table) => table.get(name)).catch(() => undefined)

/** Stores the pair and resolves with it, or with the pair that another tab stored first. Never rejects. */
export async function storeKeyPair(name: string, pair: CryptoKeyPair): Promise<CryptoKeyPair> {
  const added = withTable('keys', (table) => table.add(pair, name), true)
  return added.then(() => pair).catch(async () => (await stored(name)) ?? pair)
}

/** Deletes the pair: the next person who uses the browser is another visitor. Never rejects. */
export async function forgetKeyPair(name: string): Promise<void> {
  await withTable('keys', (table) => table.delete(name)).catch(() => 0)
}

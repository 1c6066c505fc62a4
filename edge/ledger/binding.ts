/** The ledger as the rest of the edge sees it. */
import type { DurableObject } from 'cloudflare:workers'
import type { Ledger } from './index.ts'

/** The ledger's methods as a caller sees them: the runtime's own type of a stub cannot tell the members of a union apart. */
export type LedgerStub = Omit<Ledger, keyof DurableObject<unknown>>
export type LedgerBinding = { getByName: (name: string) => LedgerStub }

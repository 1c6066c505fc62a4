/** Asks the ledger, with an end: nobody waits for an object that is being moved or restarted. */
import { withDeadline } from '../base/deadline.ts'
import type { LedgerBinding, LedgerStub } from './binding.ts'

/** Milliseconds. It answers in a few; after a restart in less than a second. */
const TIMEOUT_MS = 5000

/** The answer of the tenant's ledger. Rejects when it fails or is late. What it was asked may still happen. */
export const reachLedger = <T>(ledger: LedgerBinding, ask: (stub: LedgerStub) => Promise<T>): Promise<T> =>
  withDeadline(
    (async () => ask(ledger.getByName('tenant')))(),
    TIMEOUT_MS,
    () => new Error('the ledger did not answer in time'),
  )

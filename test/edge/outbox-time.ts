/** Simulated time for the outbox, and what its receiver saw. */
import { env, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { afterEach, beforeEach, vi } from 'vitest'
import { utf8 } from '../../edge/base/bytes.ts'
import type { Ledger } from '../../edge/ledger/index.ts'
import type { NewDelivery } from '../../edge/outbox/store.ts'
import { planFaults, resetSandbox } from './sandbox.ts'
import { type Arrived, targetUp } from './webhook-client.ts'

/** Far ahead of the real clock, so no alarm rings by itself: the tests ring it. */
export const START = Date.UTC(2040, 0, 1)
export const HOUR_S = 3600

/** Each test of the file begins at that moment, with a sandbox that remembers nothing. */
export function simulateTime(): void {
  beforeEach(async () => {
    await resetSandbox()
    vi.useFakeTimers({ toFake: ['Date'], now: START })
  })
  afterEach(() => vi.useRealTimers())
}

export type LedgerObject = DurableObjectStub<Ledger>
export const newLedger = (): LedgerObject => env.LEDGER.getByName(crypto.randomUUID())

let count = 0
export const delivery = (conversation: string, id = `msg_${++count}`, lead = ''): NewDelivery => ({
  id,
  conversation,
  lead,
  event: 'message.received',
  happened: START,
  body: utf8(JSON.stringify({ conversation, id })),
})

export const nextAlarm = (ledger: LedgerObject) =>
  runInDurableObject(ledger, (_ledger, state) => state.storage.getAlarm())

/** Rings every alarm up to this many seconds after the start, each at its time. */
export async function passTime(ledger: LedgerObject, untilS: number): Promise<void> {
  for (;;) {
    const at = await nextAlarm(ledger)
    if (at === null || at > START + untilS * 1000) break
    vi.setSystemTime(Math.max(at, Date.now()))
    await runDurableObjectAlarm(ledger)
  }
  vi.setSystemTime(START + untilS * 1000)
}

/** The receiver refuses everything from now on. */
export const targetDown = (status = 503): Promise<Response> =>
  planFaults({ path: '/target', status, body: 'down', times: 1_000_000 })

/** The receiver is back, and knows nothing of what came before. */
export async function targetBack(): Promise<void> {
  await resetSandbox()
  await targetUp()
}

export const idsOf = (arrived: Arrived[], conversation: string): string[] =>
  arrived.filter(({ body }) => body.conversation === conversation).map(({ id }) => id)

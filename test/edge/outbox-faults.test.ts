/** Whatever throws in a round of the ledger costs an attempt and a delay: no alarm rings without progress, nothing is lost. */
import { env, runInDurableObject } from 'cloudflare:test'
import fc from 'fast-check'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { Ledger } from '../../edge/ledger/index.ts'
import { WAIT_MS } from '../../edge/outbox/store.ts'
import { delivery, HOUR_S, newLedger, START, simulateTime } from './outbox-time.ts'

simulateTime()
afterEach(() => vi.restoreAllMocks())

/** What is broken during a round. `down` is a target that answers 503. */
const FAULTS = ['none', 'down', 'fetch', 'sign', 'log', 'queue', 'settings', 'storage'] as const
type Fault = (typeof FAULTS)[number]

type World = {
  ledger: Ledger
  /** From now on this is broken. */
  broken: (fault: Fault) => void
  /** Rings each alarm until this many seconds after the start, and returns the times of the rings. */
  ring: (untilS: number) => Promise<number[]>
  /** Ids in the order in which the target took them. */
  taken: string[]
}

/** A ledger in simulated time, with everything it calls in our hands. */
async function withWorld(mode: 'ledger' | 'queue', story: (world: World) => Promise<void>): Promise<void> {
  await runInDurableObject(newLedger(), async (_object, state) => {
    let fault: Fault = 'none'
    const boom = (when: Fault) => {
      if (fault === when) throw new Error(`${when} is broken`)
    }
    const taken: string[] = []
    vi.spyOn(globalThis, 'fetch').mockImplementation((input) => {
      boom('fetch')
      const request = new Request(input)
      if (fault !== 'down') taken.push(request.headers.get('webhook-id') ?? '')
      return Promise.resolve(new Response(null, { status: fault === 'down' ? 503 : 204 }))
    })
    const sign = crypto.subtle.sign.bind(crypto.subtle)
    vi.spyOn(crypto.subtle, 'sign').mockImplementation((...args) => {
      boom('sign')
      return sign(...args)
    })
    vi.spyOn(console, 'log').mockImplementation(() => boom('log'))
    const { sql } = state.storage
    const exec = sql.exec.bind(sql)
    let calls = 0
    vi.spyOn(sql, 'exec').mockImplementation((query, ...bindings) => {
      calls += 1
      // Not each change fails, since a storage that does nothing at all cannot keep anything. That an event was delivered
      // can never be noted.
      const fails = query.startsWith('UPDATE') ? calls % 3 === 0 : query.startsWith('DELETE FROM outbox WHERE id')
      if (fault === 'storage' && fails) throw new Error('the storage is broken')
      return exec(query, ...bindings)
    })
    const settings: Record<string, unknown> = { ...env, WEBHOOK_DELIVERY: mode }
    const inQueue: string[] = []
    settings.WEBHOOKS = {
      sendBatch(messages: { body: { id: string } }[]) {
        boom('queue')
        inQueue.push(...messages.map(({ body }) => body.id))
        return Promise.resolve()
      },
    }
    const ledger = new Ledger(state, settings)
    /** The queue's consumer, as far as the ledger sees it: what fails is brought again. */
    async function consume(): Promise<void> {
      for (const id of inQueue.splice(0)) await consumeOne(id).catch(() => inQueue.push(id))
    }
    async function consumeOne(id: string): Promise<void> {
      const claim = await ledger.claimDelivery(id)
      if (claim.kind !== 'yours') return
      if (fault === 'down') {
        await ledger.settleDelivery(id, { ok: false, fault: 'timeout' })
        throw new Error('the target is down')
      }
      taken.push(id)
      await ledger.settleDelivery(id, { ok: true })
    }
    await story({
      ledger,
      taken,
      broken(next) {
        fault = next
        settings.DPOP = next === 'settings' ? 'perhaps' : 'required'
      },
      async ring(untilS) {
        const rings: number[] = []
        for (;;) {
          const at = await state.storage.getAlarm()
          if (at === null || at > START + untilS * 1000) break
          vi.setSystemTime(Math.max(at, Date.now()))
          rings.push(Date.now())
          await state.storage.deleteAlarm()
          // The platform rings again after two seconds when an alarm throws.
          await ledger.alarm().catch(() => state.storage.setAlarm(Date.now() + 2000))
          await consume()
          if (rings.length > 20_000) throw new Error('alarms ring all the time')
        }
        vi.setSystemTime(START + untilS * 1000)
        return rings
      },
    })
  })
}

describe.each(['ledger', 'queue'] as const)('delivery by the %s', (mode) => {
  it.each(FAULTS)('while broken by "%s" for hours rings seldom, and delivers everything afterwards', async (fault) => {
    await withWorld(mode, async ({ ledger, broken, ring, taken }) => {
      broken(fault)
      const sent = ['a', 'a', 'b'].map((conversation) => delivery(conversation))
      for (const each of sent) expect(await ledger.acceptDelivery(each)).toBe('first')
      const rings = await ring(6 * HOUR_S)
      // Once a minute is the most that any fault may cost.
      expect(rings.length).toBeLessThan(6 * 60 + 20)
      broken('none')
      await ring(60 * HOUR_S)
      const { waiting, dead } = await ledger.listDeadLetters()
      expect([waiting, dead]).toEqual([0, []])
      expect([...new Set(taken)].sort()).toEqual(sent.map(({ id }) => id).sort())
      const [first, second] = sent.map(({ id }) => taken.indexOf(id))
      expect(first).toBeLessThan(second ?? -1)
    })
  })

  it('whatever breaks when: each event is taken or dead in the end, and alarms stand for attempts', async () => {
    const step = fc.record({
      fault: fc.constantFrom(...FAULTS),
      hours: fc.integer({ min: 0, max: 5 }),
      event: fc.option(fc.record({ conversation: fc.constantFrom('', 'a', 'b'), lead: fc.constantFrom('', 'l') })),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), async (steps) => {
        vi.restoreAllMocks()
        vi.setSystemTime(START)
        await withWorld(mode, async ({ ledger, broken, ring, taken }) => {
          const accepted: string[] = []
          let [hours, rings] = [0, 0]
          for (const { fault, hours: more, event } of steps) {
            const next = event && delivery(event.conversation, undefined, event.lead)
            if (next && (await ledger.acceptDelivery(next)) === 'first') accepted.push(next.id)
            broken(fault)
            hours += more
            rings += (await ring(hours * HOUR_S)).length
          }
          broken('none')
          rings += (await ring((hours + 100) * HOUR_S)).length
          const { waiting, dead } = await ledger.listDeadLetters()
          expect(waiting).toBe(0)
          expect([...new Set([...taken, ...dead.map(({ id }) => id)])].sort()).toEqual(accepted.sort())
          expect(rings).toBeLessThan(100 + hours * 61 + accepted.length * 20)
        })
      }),
      { numRuns: 40 },
    )
  })
})

describe('order', () => {
  it('is kept for a lead as for a conversation: an update waits for a lead that fails', async () => {
    await withWorld('ledger', async ({ ledger, broken, ring, taken }) => {
      broken('down')
      const captured = delivery('sess_1', 'msg_captured', 'lead_1')
      const updated = delivery('', 'msg_updated', 'lead_1')
      await ledger.acceptDelivery(captured)
      await ring(60)
      broken('none')
      await ledger.acceptDelivery(updated)
      await ledger.acceptDelivery(delivery('', 'msg_other', 'lead_2'))
      await ring(HOUR_S)
      expect(taken).toEqual(['msg_other', 'msg_captured', 'msg_updated'])
    })
  })

  it('is waited for no longer than a day', async () => {
    await withWorld('ledger', async ({ ledger, broken, ring, taken }) => {
      broken('down')
      for (let n = 0; n < 3; n++) await ledger.acceptDelivery(delivery('a', `msg_${n}_old`))
      await ledger.acceptDelivery(delivery('a', 'msg_last'))
      // The first is dead after 16 hours; the second would hold up the last for as long again.
      await ring(WAIT_MS / 1000 + 1)
      broken('none')
      await ring(WAIT_MS / 1000 + 60)
      expect(taken).toContain('msg_last')
    })
  })
})

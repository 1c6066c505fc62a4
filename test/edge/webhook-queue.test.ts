/** Delivery through a queue: handed over, claimed, repeated, buried; nothing lost, nothing twice, in order. */
import { env, runInDurableObject } from 'cloudflare:test'
import { describe, expect, it, vi } from 'vitest'
import worker from '../../edge/index.ts'
import { Ledger } from '../../edge/ledger/index.ts'
import { ATTEMPTS, RETRY_DELAYS_S } from '../../edge/outbox/schedule.ts'
import { delivery, HOUR_S, idsOf, newLedger, START, simulateTime, targetBack, targetDown } from './outbox-time.ts'
import { planFaults, releaseHeld } from './sandbox.ts'
import { arrivals, targetUp } from './webhook-client.ts'

simulateTime()

describe('through the queue', () => {
  /** A ledger whose Worker has the queue, and the messages that it was given. */
  async function withQueue(
    story: (given: { ledger: Ledger; sent: string[]; settings: Record<string, unknown> }) => Promise<void>,
    fails = () => false,
  ): Promise<void> {
    const sent: string[] = []
    const WEBHOOKS = {
      sendBatch: async (messages: { body: { id: string } }[]) => {
        if (fails()) throw new Error('the queue is away')
        sent.push(...messages.map(({ body }) => body.id))
      },
    }
    await runInDurableObject(newLedger(), async (_object, state) => {
      const settings: Record<string, unknown> = { ...env, WEBHOOK_DELIVERY: 'queue', WEBHOOKS }
      const ledger = new Ledger(state, settings)
      settings.LEDGER = { getByName: () => ledger }
      await story({ ledger, sent, settings })
    })
  }

  /** What the consumer does with these messages. (The plugin's own batch loses the delay of a retry.) */
  async function consume(
    settings: Record<string, unknown>,
    ids: string[],
    attempts = 1,
    queue = 'caty-keyless-webhooks',
  ) {
    const acked: string[] = []
    const retried: { id: string; delaySeconds: number | undefined }[] = []
    const messages = ids.map((id) => ({
      body: { id },
      attempts,
      ack: () => void acked.push(id),
      retry: (options?: { delaySeconds?: number }) => void retried.push({ id, delaySeconds: options?.delaySeconds }),
    }))
    await worker.queue({ queue, messages }, settings)
    return { acked, retried }
  }

  it('a delivery is handed over once, delivered, and then the next of its conversation', async () => {
    await targetUp()
    await withQueue(async ({ ledger, sent, settings }) => {
      const [first, second, other] = [delivery('a'), delivery('a'), delivery('b')]
      for (const each of [first, second, other]) await ledger.acceptDelivery(each)
      await ledger.alarm()
      await ledger.alarm()
      expect(sent).toEqual([first.id, other.id])
      expect(await arrivals()).toEqual([])
      expect((await consume(settings, [first.id, other.id])).acked).toEqual([first.id, other.id])
      await ledger.alarm()
      expect(sent).toEqual([first.id, other.id, second.id])
      await consume(settings, [second.id])
      // A queue brings a message at least once.
      expect(await consume(settings, [first.id, second.id])).toEqual({
        acked: [first.id, second.id],
        retried: [],
      })
      const arrived = await arrivals()
      expect([idsOf(arrived, 'a'), idsOf(arrived, 'b')]).toEqual([[first.id, second.id], [other.id]])
    })
  })

  it('the same message twice at once is delivered once', async () => {
    await planFaults({ path: '/target', held: true, status: 200, body: '' })
    await withQueue(async ({ ledger, settings }) => {
      const one = delivery('a')
      await ledger.acceptDelivery(one)
      await ledger.alarm()
      const both = [consume(settings, [one.id]), consume(settings, [one.id], 2)]
      // One is on its way until the other was told to come again.
      expect((await Promise.race(both)).retried).toHaveLength(1)
      await releaseHeld()
      const outcomes = await Promise.all(both)
      expect(outcomes.map(({ retried }) => retried.length).sort()).toEqual([0, 1])
      expect(await arrivals()).toHaveLength(1)
    })
  })

  it('a failure is brought again after growing times, and in the end lies in the dead-letter queue', async () => {
    await targetDown(502)
    await withQueue(async ({ ledger, sent, settings }) => {
      const [one, next] = [delivery('a'), delivery('a')]
      await ledger.acceptDelivery(one)
      await ledger.acceptDelivery(next)
      await ledger.alarm()
      for (let attempts = 1; attempts < ATTEMPTS; attempts++) {
        const { retried } = await consume(settings, [one.id], attempts)
        expect(retried).toEqual([{ id: one.id, delaySeconds: RETRY_DELAYS_S[attempts - 1] }])
      }
      expect((await consume(settings, [one.id], ATTEMPTS)).retried).toHaveLength(1)
      expect((await ledger.listDeadLetters()).dead).toEqual([])
      expect((await consume(settings, [one.id], 1, 'caty-keyless-webhooks-dead')).acked).toEqual([one.id])
      expect((await ledger.listDeadLetters()).dead).toMatchObject([
        { id: one.id, attempts: ATTEMPTS, fault: 'answered 502' },
      ])
      await targetBack()
      await ledger.alarm()
      expect(await ledger.redriveDeadLetters([one.id])).toBe(1)
      await ledger.alarm()
      expect(sent).toEqual([one.id, next.id, one.id])
    })
  })

  it('a queue that is away is asked again, and one that lost a delivery gets it anew', async () => {
    let away = true
    await targetUp()
    await withQueue(
      async ({ ledger, sent, settings }) => {
        const one = delivery('a')
        await ledger.acceptDelivery(one)
        await ledger.alarm()
        expect([sent, (await ledger.listDeadLetters()).waiting]).toEqual([[], 1])
        away = false
        vi.setSystemTime(START + 60_000)
        await ledger.alarm()
        vi.setSystemTime(START + 26 * HOUR_S * 1000)
        await ledger.alarm()
        expect(sent).toEqual([one.id, one.id])
        await consume(settings, [one.id, one.id])
        expect(await arrivals()).toHaveLength(1)
      },
      () => away,
    )
  })

  it('a Worker that is not set up, or whose ledger is away, takes nothing out of the queue', async () => {
    const away = { getByName: () => ({ claimDelivery: () => Promise.reject(new Error('away')) }) }
    for (const broken of [{ DPOP: 'perhaps' }, { LEDGER: away }, { WEBHOOKS: undefined }]) {
      const outcome = await consume({ ...env, WEBHOOK_DELIVERY: 'queue', ...broken }, ['msg_x'])
      expect(outcome).toEqual({ acked: [], retried: [{ id: 'msg_x', delaySeconds: 60 }] })
    }
  })
})

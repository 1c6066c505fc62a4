/** Delivery by the ledger's alarms, in simulated time: nothing lost, nothing twice, in order. */
import { env, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { Ledger } from '../../edge/ledger/index.ts'
import { deliver } from '../../edge/outbox/deliver.ts'
import { ATTEMPTS, RETRY_DELAYS_S } from '../../edge/outbox/schedule.ts'
import { parseSettings } from '../../edge/settings/index.ts'
import {
  delivery,
  HOUR_S,
  idsOf,
  type LedgerObject,
  newLedger,
  passTime,
  START,
  simulateTime,
  targetBack,
  targetDown,
} from './outbox-time.ts'
import { planFaults, resetSandbox } from './sandbox.ts'
import { arrivals, targetUp, verifyStandard } from './webhook-client.ts'

simulateTime()
const waiting = async (ledger: LedgerObject) => (await ledger.listDeadLetters()).waiting

describe('by the alarms of the ledger', () => {
  it('a target that is down for an hour gets everything afterwards, once, and each conversation in order', async () => {
    const ledger = newLedger()
    await targetDown()
    const sent: Record<string, string[]> = {}
    for (let minute = 0; minute < 60; minute += 4) {
      await passTime(ledger, minute * 60)
      for (const conversation of ['a', 'b', `c${minute}`]) {
        const one = delivery(conversation)
        sent[conversation] = [...(sent[conversation] ?? []), one.id]
        expect(await ledger.acceptDelivery(one)).toBe('first')
      }
    }
    await passTime(ledger, HOUR_S)
    const tried = await arrivals()
    expect(tried.length).toBeGreaterThan(40)
    // While its oldest is held up, nothing else of a conversation is even tried.
    expect(new Set(idsOf(tried, 'a'))).toEqual(new Set([sent.a?.[0]]))
    await targetBack()
    await passTime(ledger, 12 * HOUR_S)
    const arrived = await arrivals()
    expect(await waiting(ledger)).toBe(0)
    for (const [conversation, ids] of Object.entries(sent)) expect(idsOf(arrived, conversation)).toEqual(ids)
    expect(arrived).toHaveLength(Object.values(sent).flat().length)
  })

  it('an attempt comes at once, and then after growing times, ten in all; then it is a dead letter', async () => {
    const ledger = newLedger()
    await targetDown(500)
    await ledger.acceptDelivery(delivery('a', 'msg_dying'))
    await passTime(ledger, 24 * HOUR_S)
    const times = (await arrivals()).map(({ call }) => Number(call.headers['webhook-timestamp']) - START / 1000)
    expect(times).toHaveLength(ATTEMPTS)
    expect(times[0]).toBe(0)
    expect(times.slice(1).map((at, index) => at - (times[index] ?? 0))).toEqual(RETRY_DELAYS_S)
    expect(await ledger.listDeadLetters()).toEqual({
      waiting: 0,
      total: 1,
      dead: [
        {
          id: 'msg_dying',
          event: 'message.received',
          attempts: ATTEMPTS,
          fault: 'answered 500',
          received: new Date(START).toISOString(),
          died: new Date(START + (times.at(-1) ?? 0) * 1000).toISOString(),
        },
      ],
    })
  })

  it('a dead letter makes way for the next, and can be sent again', async () => {
    const ledger = newLedger()
    await targetDown()
    const [first, second] = [delivery('a'), delivery('a')]
    await ledger.acceptDelivery(first)
    await ledger.acceptDelivery(second)
    await passTime(ledger, 16 * HOUR_S)
    await targetBack()
    await passTime(ledger, 40 * HOUR_S)
    expect((await arrivals()).map(({ id }) => id)).toEqual([second.id])
    expect(await ledger.redriveDeadLetters(['msg_unknown'])).toBe(0)
    expect(await ledger.redriveDeadLetters([first.id])).toBe(1)
    await passTime(ledger, 41 * HOUR_S)
    expect((await arrivals()).map(({ id }) => id)).toEqual([second.id, first.id])
    expect(await ledger.listDeadLetters()).toEqual({ waiting: 0, total: 0, dead: [] })
  })

  it('is signed afresh at each attempt, so the public library takes a late one', async () => {
    const ledger = newLedger()
    await planFaults({ path: '/target', status: 500, times: 3 })
    await targetUp()
    await ledger.acceptDelivery(delivery('a'))
    await passTime(ledger, HOUR_S)
    const [first, , , last] = await arrivals()
    vi.setSystemTime(START + 370_000)
    if (!first || !last) throw new Error('there were fewer attempts than four')
    expect(verifyStandard(last)).toHaveLength(2)
    expect(() => verifyStandard(first)).toThrow(/too old/)
    expect(last.id).toBe(first.id)
  })

  it.each([
    ['another status', { status: 404 }, 'answered 404'],
    ['a redirect', { redirectTo: 'http://127.0.0.1:9/elsewhere' }, 'redirect 302'],
    ['a broken connection', { hangUp: true }, 'unreachable'],
  ])('%s is a failure, and the next attempt delivers', async (_what, fault, said) => {
    const ledger = newLedger()
    await planFaults({ path: '/target', times: 1, ...fault })
    await targetUp()
    await ledger.acceptDelivery(delivery('a'))
    await passTime(ledger, 0)
    expect(
      await runInDurableObject(ledger, (_l, { storage }) => storage.sql.exec('SELECT fault FROM outbox').one()),
    ).toEqual({ fault: said })
    await passTime(ledger, 10)
    expect(await waiting(ledger)).toBe(0)
  })

  it('an answer that does not come is a failure', async () => {
    vi.useRealTimers()
    await planFaults({ path: '/target', delayMs: 60_000 })
    const parsed = parseSettings({ ...env })
    const target = parsed.ok ? parsed.settings.webhooks.target : undefined
    const sender = { now: () => new Date(), fetch: (request: Request) => fetch(request), timeoutMs: 50 }
    expect(await deliver({ ...delivery('a'), attempts: 0 }, target, sender)).toEqual({ ok: false, fault: 'timeout' })
  })

  it('whatever the target does: everything arrives, taken once, each conversation in order', async () => {
    const fault = fc.constantFrom(
      { status: 500 },
      { status: 429 },
      { hangUp: true },
      { redirectTo: '/target2' },
      { status: 200, body: '' },
    )
    const story = fc.record({
      faults: fc.array(fault, { maxLength: 8 }),
      conversations: fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 6 }),
    })
    await fc.assert(
      fc.asyncProperty(story, async ({ faults, conversations }) => {
        vi.setSystemTime(START)
        await resetSandbox()
        await planFaults(faults.map((each) => ({ path: '/target', ...each })))
        await targetUp()
        const ledger = newLedger()
        const letters = conversations.map((conversation) => delivery(conversation))
        for (const each of letters) await ledger.acceptDelivery(each)
        await passTime(ledger, 24 * HOUR_S)
        expect(await ledger.listDeadLetters()).toEqual({ waiting: 0, total: 0, dead: [] })
        const taken = (await arrivals()).filter((_each, at) => {
          const answer = faults[at]
          return answer === undefined || ('status' in answer && answer.status === 200)
        })
        for (const conversation of ['a', 'b', 'c']) {
          const mine = letters.filter((each) => each.conversation === conversation).map(({ id }) => id)
          // Attempts of different conversations run side by side, so which of them met a fault is the target's secret.
          expect([...new Set(idsOf(await arrivals(), conversation))]).toEqual(mine)
        }
        expect(taken).toHaveLength(letters.length)
      }),
      { numRuns: 25 },
    )
  })

  it('takes a backlog in several rounds, each within the calls that an invocation may make', async () => {
    const ledger = newLedger()
    await targetUp()
    for (let n = 0; n < 100; n++) await ledger.acceptDelivery(delivery(`c${n}`))
    await runDurableObjectAlarm(ledger)
    expect(await arrivals()).toHaveLength(40)
    await passTime(ledger, 2)
    expect(await arrivals()).toHaveLength(100)
  })

  it('without a target it is kept as a dead letter, and sent when there is one', async () => {
    const ledger = newLedger()
    await targetUp()
    await runInDurableObject(ledger, async (_ledger, state) => {
      const unset = new Ledger(state, { ...env, WEBHOOK_TARGET_URL: '', WEBHOOK_TARGET_SECRET: '' })
      await unset.acceptDelivery(delivery('a'))
      await unset.alarm()
      expect(await unset.listDeadLetters()).toMatchObject({ waiting: 0, dead: [{ fault: 'no_target', attempts: 1 }] })
    })
    expect(await ledger.redriveDeadLetters(undefined)).toBe(1)
    await passTime(ledger, 1)
    expect(await arrivals()).toHaveLength(1)
  })

  it('with wrong settings it waits for right ones', async () => {
    const ledger = newLedger()
    await targetUp()
    await runInDurableObject(ledger, async (_ledger, state) => {
      const wrong = new Ledger(state, { ...env, DPOP: 'perhaps' })
      await wrong.acceptDelivery(delivery('a'))
      await state.storage.deleteAlarm()
      await wrong.alarm()
      expect(await state.storage.getAlarm()).toBe(START + 60_000)
    })
    await passTime(ledger, 60)
    expect(await arrivals()).toHaveLength(1)
  })
})

/** Delivery in simulated time, by the ledger's alarms and through the queue: nothing lost, nothing twice, in order. */
import { env, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import worker from '../../edge/index.ts'
import { Ledger } from '../../edge/ledger/index.ts'
import { DEAD_MS, MAX_LETTERS, SEEN_MS } from '../../edge/ledger/outbox.ts'
import { parseSettings } from '../../edge/settings.ts'
import { deliver } from '../../edge/webhook/deliver.ts'
import { ATTEMPTS, RETRY_DELAYS_S } from '../../edge/webhook/schedule.ts'
import { planFaults, resetSandbox } from './sandbox.ts'
import { type Arrived, arrivals, targetUp, verifyStandard } from './webhook-client.ts'

/** Far ahead of the real clock, so no alarm rings by itself: the tests ring it. */
const START = Date.UTC(2040, 0, 1)
const HOUR_S = 3600

beforeEach(async () => {
  await resetSandbox()
  vi.useFakeTimers({ toFake: ['Date'], now: START })
})
afterEach(() => vi.useRealTimers())

type Stub = DurableObjectStub<Ledger>
const newLedger = (): Stub => env.LEDGER.getByName(crypto.randomUUID())

let count = 0
const letter = (conversation: string, id = `msg_${++count}`) => ({
  id,
  conversation,
  event: 'message.received',
  body: JSON.stringify({ conversation, id }),
})

const nextAlarm = (ledger: Stub) => runInDurableObject(ledger, (_ledger, state) => state.storage.getAlarm())
const waiting = async (ledger: Stub) => (await ledger.listLetters()).waiting

/** Rings every alarm up to this many seconds after the start, each at its time. */
async function passTime(ledger: Stub, untilS: number): Promise<void> {
  for (;;) {
    const at = await nextAlarm(ledger)
    if (at === null || at > START + untilS * 1000) break
    vi.setSystemTime(Math.max(at, Date.now()))
    await runDurableObjectAlarm(ledger)
  }
  vi.setSystemTime(START + untilS * 1000)
}

/** Which attempts the receiver answered with 200: those after the planned failures. */
const targetDown = (status = 503) => planFaults({ path: '/target', status, body: 'down', times: 1_000_000 })
async function targetBack(): Promise<void> {
  await resetSandbox()
  await targetUp()
}

const idsOf = (arrived: Arrived[], conversation: string) =>
  arrived.filter(({ body }) => body.conversation === conversation).map(({ id }) => id)

describe('by the alarms of the ledger', () => {
  it('a target that is down for an hour gets everything afterwards, once, and each conversation in order', async () => {
    const ledger = newLedger()
    await targetDown()
    const sent: Record<string, string[]> = {}
    for (let minute = 0; minute < 60; minute += 4) {
      await passTime(ledger, minute * 60)
      for (const conversation of ['a', 'b', `c${minute}`]) {
        const one = letter(conversation)
        sent[conversation] = [...(sent[conversation] ?? []), one.id]
        expect(await ledger.acceptLetter(one)).toBe('first')
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
    await ledger.acceptLetter(letter('a', 'msg_dying'))
    await passTime(ledger, 24 * HOUR_S)
    const times = (await arrivals()).map(({ call }) => Number(call.headers['webhook-timestamp']) - START / 1000)
    expect(times).toHaveLength(ATTEMPTS)
    expect(times[0]).toBe(0)
    expect(times.slice(1).map((at, index) => at - (times[index] ?? 0))).toEqual(RETRY_DELAYS_S)
    expect(await ledger.listLetters()).toEqual({
      waiting: 0,
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
    const [first, second] = [letter('a'), letter('a')]
    await ledger.acceptLetter(first)
    await ledger.acceptLetter(second)
    await passTime(ledger, 16 * HOUR_S)
    await targetBack()
    await passTime(ledger, 40 * HOUR_S)
    expect((await arrivals()).map(({ id }) => id)).toEqual([second.id])
    expect(await ledger.reviveLetters(['msg_unknown'])).toBe(0)
    expect(await ledger.reviveLetters([first.id])).toBe(1)
    await passTime(ledger, 41 * HOUR_S)
    expect((await arrivals()).map(({ id }) => id)).toEqual([second.id, first.id])
    expect(await ledger.listLetters()).toEqual({ waiting: 0, dead: [] })
  })

  it('is signed afresh at each attempt, so the public library takes a late one', async () => {
    const ledger = newLedger()
    await planFaults({ path: '/target', status: 500, times: 3 })
    await targetUp()
    await ledger.acceptLetter(letter('a'))
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
    await ledger.acceptLetter(letter('a'))
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
    expect(await deliver({ ...letter('a'), attempts: 0 }, target, sender)).toEqual({ ok: false, fault: 'timeout' })
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
        const letters = conversations.map((conversation) => letter(conversation))
        for (const each of letters) await ledger.acceptLetter(each)
        await passTime(ledger, 24 * HOUR_S)
        expect(await ledger.listLetters()).toEqual({ waiting: 0, dead: [] })
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
    for (let n = 0; n < 100; n++) await ledger.acceptLetter(letter(`c${n}`))
    await runDurableObjectAlarm(ledger)
    expect(await arrivals()).toHaveLength(40)
    await passTime(ledger, 0)
    expect(await arrivals()).toHaveLength(100)
  })

  it('without a target it is kept as a dead letter, and sent when there is one', async () => {
    const ledger = newLedger()
    await targetUp()
    await runInDurableObject(ledger, async (_ledger, state) => {
      const unset = new Ledger(state, { ...env, WEBHOOK_TARGET_URL: '', WEBHOOK_TARGET_SECRET: '' })
      await unset.acceptLetter(letter('a'))
      await unset.alarm()
      expect(await unset.listLetters()).toMatchObject({ waiting: 0, dead: [{ fault: 'no_target', attempts: 1 }] })
    })
    expect(await ledger.reviveLetters(undefined)).toBe(1)
    await passTime(ledger, 1)
    expect(await arrivals()).toHaveLength(1)
  })

  it('with wrong settings it waits for right ones', async () => {
    const ledger = newLedger()
    await targetUp()
    await runInDurableObject(ledger, async (_ledger, state) => {
      const wrong = new Ledger(state, { ...env, DPOP: 'perhaps' })
      await wrong.acceptLetter(letter('a'))
      await state.storage.deleteAlarm()
      await wrong.alarm()
      expect(await state.storage.getAlarm()).toBe(START + 60_000)
    })
    await passTime(ledger, 60)
    expect(await arrivals()).toHaveLength(1)
  })
})

describe('the storage', () => {
  it('remembers an event for seven days, and nothing of it after that', async () => {
    const ledger = newLedger()
    await targetUp()
    const one = letter('a')
    expect(await ledger.acceptLetter(one)).toBe('first')
    await passTime(ledger, SEEN_MS / 1000 - 1)
    expect(await ledger.acceptLetter(one)).toBe('known')
    await passTime(ledger, SEEN_MS / 1000 + HOUR_S)
    const left = await runInDurableObject(ledger, (_ledger, { storage }) =>
      ['webhooks_seen', 'outbox'].map((table) =>
        Number(storage.sql.exec(`SELECT count(*) AS n FROM ${table}`).one().n),
      ),
    )
    expect(left).toEqual([0, 0])
    expect(await nextAlarm(ledger)).toBeNull()
    expect(await ledger.acceptLetter(one)).toBe('first')
  })

  it('forgets a dead letter after thirty days', async () => {
    const ledger = newLedger()
    await targetDown()
    await ledger.acceptLetter(letter('a'))
    await passTime(ledger, DEAD_MS / 1000)
    expect((await ledger.listLetters()).dead).toHaveLength(1)
    await passTime(ledger, DEAD_MS / 1000 + 24 * HOUR_S)
    expect((await ledger.listLetters()).dead).toEqual([])
  })

  it('is bounded: what does not fit is not acknowledged', async () => {
    const ledger = newLedger()
    await runInDurableObject(ledger, async (_ledger, { storage }) => {
      for (let n = 0; n < MAX_LETTERS; n++) {
        storage.sql.exec(
          "INSERT INTO outbox (id, conversation, event, body, received, due) VALUES (?, ?, 'message.received', '{}', ?, ?)",
          ...[`old_${n}`, `old_${n}`, START, START],
        )
      }
    })
    expect(await ledger.acceptLetter(letter('a'))).toBe('full')
    await runInDurableObject(ledger, (_ledger, { storage }) => {
      storage.sql.exec("DELETE FROM outbox WHERE id = 'old_0'")
    })
    expect(await ledger.acceptLetter(letter('a'))).toBe('first')
  })
})

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

  it('a letter is handed over once, delivered, and then the next of its conversation', async () => {
    await targetUp()
    await withQueue(async ({ ledger, sent, settings }) => {
      const [first, second, other] = [letter('a'), letter('a'), letter('b')]
      for (const each of [first, second, other]) await ledger.acceptLetter(each)
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
    await planFaults({ path: '/target', delayMs: 100, status: 200, body: '' })
    await withQueue(async ({ ledger, settings }) => {
      const one = letter('a')
      await ledger.acceptLetter(one)
      await ledger.alarm()
      const outcomes = await Promise.all([consume(settings, [one.id]), consume(settings, [one.id], 2)])
      expect(outcomes.map(({ retried }) => retried.length).sort()).toEqual([0, 1])
      expect(await arrivals()).toHaveLength(1)
    })
  })

  it('a failure is brought again after growing times, and in the end lies in the dead-letter queue', async () => {
    await targetDown(502)
    await withQueue(async ({ ledger, sent, settings }) => {
      const [one, next] = [letter('a'), letter('a')]
      await ledger.acceptLetter(one)
      await ledger.acceptLetter(next)
      await ledger.alarm()
      for (let attempts = 1; attempts < ATTEMPTS; attempts++) {
        const { retried } = await consume(settings, [one.id], attempts)
        expect(retried).toEqual([{ id: one.id, delaySeconds: RETRY_DELAYS_S[attempts - 1] }])
      }
      expect((await consume(settings, [one.id], ATTEMPTS)).retried).toHaveLength(1)
      expect((await ledger.listLetters()).dead).toEqual([])
      expect((await consume(settings, [one.id], 1, 'caty-keyless-webhooks-dead')).acked).toEqual([one.id])
      expect((await ledger.listLetters()).dead).toMatchObject([
        { id: one.id, attempts: ATTEMPTS, fault: 'answered 502' },
      ])
      await targetBack()
      await ledger.alarm()
      expect(await ledger.reviveLetters([one.id])).toBe(1)
      await ledger.alarm()
      expect(sent).toEqual([one.id, next.id, one.id])
    })
  })

  it('a queue that is away is asked again, and one that lost a letter gets it anew', async () => {
    let away = true
    await targetUp()
    await withQueue(
      async ({ ledger, sent, settings }) => {
        const one = letter('a')
        await ledger.acceptLetter(one)
        await ledger.alarm()
        expect([sent, (await ledger.listLetters()).waiting]).toEqual([[], 1])
        away = false
        vi.setSystemTime(START + 30_000)
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
    const away = { getByName: () => ({ claimLetter: () => Promise.reject(new Error('away')) }) }
    for (const broken of [{ DPOP: 'perhaps' }, { LEDGER: away }, { WEBHOOKS: undefined }]) {
      const outcome = await consume({ ...env, WEBHOOK_DELIVERY: 'queue', ...broken }, ['msg_x'])
      expect(outcome).toEqual({ acked: [], retried: [{ id: 'msg_x', delaySeconds: 60 }] })
    }
  })
})

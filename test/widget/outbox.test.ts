/**
 * No message is lost or sent twice, whatever fails in whatever order: the widget's own code in the tabs of one browser,
 * against an edge that keeps idempotency records like the real one. The schedules control the time.
 */
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Clock } from '../support/outbox/clock.ts'
import { EdgeModel, type Fault } from '../support/outbox/edge.ts'
import { Profile, type Tab } from '../support/outbox/profile.ts'

const MINUTE = 60_000
/** `IDEMPOTENT_MS` of delivery.ts. */
const IDEMPOTENT_MS = 9 * MINUTE

type Step =
  | { kind: 'say' | 'reload' | 'close' | 'click'; tab: number }
  | { kind: 'open' | 'cut' | 'known to be cut' | 'mend' | 'forget sessions' | 'end tokens' }
  | { kind: 'fault'; fault: Fault }
  | { kind: 'wait'; ms: number }

const tab = fc.nat({ max: 2 })
const steps = fc.oneof(
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('say' as const), tab }) },
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('wait' as const),
      ms: fc.constantFrom(1, 10, 50, 400, 900, 3000, 12_000, 70_000),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('wait' as const),
      ms: fc.constantFrom(6 * MINUTE, 12 * MINUTE, 40 * MINUTE),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constantFrom('reload' as const, 'close' as const, 'click' as const), tab }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constantFrom(
        'open' as const,
        'cut' as const,
        'known to be cut' as const,
        'mend' as const,
        'forget sessions' as const,
        'end tokens' as const,
      ),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('fault' as const),
      fault: fc.constantFrom<Fault>('busy', 'resting', 'error', 'late', 'running', 'answer lost'),
    }),
  },
)
const schedules = fc.array(steps, { minLength: 1, maxLength: 24 })

let clock: Clock
let edge: EdgeModel
let profile: Profile

function begin(): void {
  clock = new Clock()
  edge = new EdgeModel(clock)
  profile = new Profile(clock, edge)
}

beforeEach(() => {
  begin()
  vi.stubGlobal('setTimeout', (run: () => void, ms?: number) => clock.set(run, ms))
  vi.stubGlobal('clearTimeout', (id?: number) => clock.clear(id))
  vi.stubGlobal('fetch', (url: string, init: RequestInit) => profile.fetch(url, init))
  vi.spyOn(Date, 'now').mockImplementation(() => clock.now)
  vi.spyOn(AbortSignal, 'timeout').mockImplementation(() => new AbortController().signal)
  vi.spyOn(navigator, 'onLine', 'get').mockImplementation(() => profile.network !== 'known to be cut')
  // Without a secure context the tokens are Bearer tokens, so nothing here waits for a thread that signs.
  const random = crypto.getRandomValues.bind(crypto)
  vi.stubGlobal('crypto', { getRandomValues: random })
})
afterEach(() => {
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
})

/** Messages that may have arrived longer ago than the edge remembers: only the visitor can decide to send them again. */
const couldArriveTwice = ({ conversation }: Tab) =>
  conversation.entries.filter(
    ({ state, maybeSentAt }) => state === 'failed' && maybeSentAt && clock.now - maybeSentAt > IDEMPOTENT_MS,
  )

function click(at: Tab): void {
  if (couldArriveTwice(at).length === 0) at.conversation.retry()
}

async function run(schedule: readonly Step[]): Promise<string[]> {
  const said: string[] = []
  const at = (index: number) => profile.tabs[index % profile.tabs.length]
  profile.open()
  for (const step of schedule) {
    if (step.kind === 'wait') await clock.advance(step.ms)
    else if (step.kind === 'fault') edge.faults.push(step.fault)
    else if (step.kind === 'open' && profile.tabs.length < 3) profile.open()
    else if (step.kind === 'cut' || step.kind === 'known to be cut') profile.network = step.kind
    else if (step.kind === 'mend') profile.mend()
    else if (step.kind === 'forget sessions') edge.forgetSessions()
    else if (step.kind === 'end tokens') edge.endTokens()
    else if ('tab' in step) {
      const where = at(step.tab)
      if (step.kind === 'say') {
        const talker = where ?? profile.open()
        const text = `message ${said.length}`
        said.push(text)
        talker.conversation.send(text).catch(() => undefined)
      } else if (where && step.kind === 'click') click(where)
      else if (where) {
        profile.close(where)
        if (step.kind === 'reload') profile.open()
        // The page reads its database before a visitor can type.
        await clock.advance(10)
      }
    }
    await clock.advance(1)
  }
  return said
}

/** All faults end, time passes, the visitor clicks Retry where it is offered, and later visits another page. */
async function calm(): Promise<Tab> {
  edge.faults.length = 0
  profile.mend()
  await clock.advance(3 * MINUTE)
  for (const each of profile.tabs) click(each)
  await clock.advance(3 * MINUTE)
  const last = profile.open()
  await clock.advance(MINUTE)
  click(last)
  await clock.advance(MINUTE)
  return last
}

/** Every message is shown once, and was sent once or shows why not. */
function expectAll(said: readonly string[], last: Tab): void {
  const doubted = couldArriveTwice(last).map(({ text }) => text)
  for (const text of said) {
    const times = edge.taken.filter((taken) => taken === text).length
    expect(times, `${text} sent ${times} times`).toBeLessThanOrEqual(1)
    const shown = last.conversation.entries.filter((entry) => entry.role === 'user' && entry.text === text)
    expect(shown.length, `${text} shown ${shown.length} times`).toBe(1)
    // A message that could arrive twice stays: the visitor has not clicked Retry.
    const asks = doubted.length > 0 && shown[0]?.state === 'failed'
    expect(shown[0]?.state === undefined || asks, `${text} is ${shown[0]?.state}`).toBe(true)
    if (!asks) expect(times, `${text} was lost`).toBe(1)
  }
}

/** The visitor clicks Retry all the same: now everything is sent, also messages that may arrive twice. */
async function expectRest(said: readonly string[], last: Tab): Promise<void> {
  last.conversation.retry()
  await clock.advance(MINUTE)
  for (const text of said) expect(edge.taken, `${text} did not go out on a click`).toContain(text)
  expect(last.conversation.entries.filter(({ state }) => state)).toEqual([])
  const replies = last.conversation.entries.filter(({ role }) => role === 'assistant')
  expect(new Set(replies.map(({ id }) => id)).size).toBe(replies.length)
}

describe('the outbox', () => {
  it('loses nothing and sends nothing twice, in 1,500 schedules of faults', async () => {
    await fc.assert(
      fc.asyncProperty(schedules, async (schedule) => {
        begin()
        const said = await run(schedule)
        const last = await calm()
        expectAll(said, last)
        await expectRest(said, last)
      }),
      { numRuns: 1500 },
    )
  }, 300_000)

  it('keeps the order of the messages of one tab', async () => {
    const alone = schedules.map((all) => all.filter(({ kind }) => !['open', 'close'].includes(kind)))
    await fc.assert(
      fc.asyncProperty(alone, async (schedule) => {
        begin()
        const said = await run(schedule)
        const last = await calm()
        const doubted = couldArriveTwice(last).map(({ text }) => text)
        const taken = edge.taken.filter((text) => !doubted.includes(text))
        expect(taken).toEqual(said.filter((text) => taken.includes(text)))
      }),
      { numRuns: 300 },
    )
  }, 120_000)
})

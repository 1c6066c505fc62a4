/** Proactive rules: which ones match, and when they fire. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ProactiveRule } from '../../edge/contract/edge.ts'
import { Engine, type EngineState, type Memory } from '../../widget/chunks/observe/engine.ts'
import { DEFAULT_RULES, type Facts, inOrder, matches } from '../../widget/chunks/observe/rules.ts'

const FACTS: Facts = {
  scrollDepth: 40,
  timeOnPage: 20_000,
  clickCount: 2,
  formInteractions: 0,
  idleTime: 1000,
  exitIntent: false,
  visitCount: 1,
  browserLanguage: 'ro-RO',
  chatOpened: false,
  pageUrl: 'https://shop.example/Pricing?plan=a',
}
const fits = (conditions: ProactiveRule['conditions'], facts: Partial<Facts> = {}) =>
  matches({ conditions }, { ...FACTS, ...facts })

describe('a condition', () => {
  it.each<[NonNullable<ProactiveRule['conditions']>, boolean]>([
    [{}, true],
    [{ scrollDepth: { gte: 40 } }, true],
    [{ scrollDepth: { gt: 40 } }, false],
    [{ scrollDepth: { lte: 40 } }, true],
    [{ scrollDepth: { lt: 40 } }, false],
    [{ scrollDepth: { gte: '40' } }, true],
    // Every operator counts; Caty's own widget reads the first one only.
    [{ timeOnPage: { gte: 10_000, lt: 15_000 } }, false],
    [{ timeOnPage: { gte: 10_000, lt: 25_000 } }, true],
    [{ scrollDepth: 30 }, true],
    [{ scrollDepth: 50 }, false],
    [{ exitIntent: false }, true],
    [{ exitIntent: true }, false],
    [{ pageUrl: { contains: 'pricing' } }, true],
    [{ pageUrl: { contains: ['cart', 'PRICING'] } }, true],
    [{ pageUrl: { contains: ['cart'] } }, false],
    [{ pageUrl: { contains: '' } }, false],
    [{ browserLanguage: { is: 'ro-ro' } }, true],
    [{ browserLanguage: { eq: ['de', 'ro-RO'] } }, true],
    [{ browserLanguage: 'ro-RO' }, true],
    [{ visitCount: { eq: 1 } }, true],
    // Unknown conditions never hold.
    [{ visitCount: { near: 1 } }, false],
    [{ shoeSize: 42 }, false],
    [{ constructor: 'x' }, false],
    [{ visitCount: { constructor: 1 } }, false],
    [{ pageUrl: { gte: 5 } }, false],
    // All conditions must hold.
    [{ scrollDepth: { gte: 10 }, clickCount: { gte: 9 } }, false],
  ])('%j: %s', (conditions, expected) => {
    expect(fits(conditions)).toBe(expected)
  })

  it('with two operators is a range, for any numbers', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer(), fc.integer(), (low, high, value) => {
        expect(fits({ scrollDepth: { gte: low, lt: high } }, { scrollDepth: value })).toBe(value >= low && value < high)
      }),
    )
  })

  it('of any shape does not throw or hang', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.integer(), fc.dictionary(fc.string(), fc.string()))),
        (conditions) => {
          expect(typeof fits(conditions)).toBe('boolean')
        },
      ),
    )
  })
})

describe('the documented defaults', () => {
  const first = (facts: Partial<Facts>) =>
    inOrder(DEFAULT_RULES).find((rule) => matches(rule, { ...FACTS, pageUrl: 'https://shop.example/', ...facts }))
      ?.message_type

  it.each<[Partial<Facts>, string | undefined]>([
    [{}, undefined],
    [{ scrollDepth: 60, timeOnPage: 30_000 }, 'high_engagement'],
    [{ scrollDepth: 60, timeOnPage: 29_999 }, undefined],
    [{ scrollDepth: 59, timeOnPage: 90_000 }, undefined],
    [{ exitIntent: true }, 'exit_intent'],
    [{ pageUrl: 'https://shop.example/pricing' }, 'pricing_page'],
    [{ visitCount: 2 }, 'returning_visitor'],
    [{ formInteractions: 1, idleTime: 15_000 }, 'form_assistance'],
    [{ formInteractions: 1, idleTime: 14_999 }, undefined],
  ])('%j: %s', (facts, type) => {
    expect(first(facts)).toBe(type)
  })
})

describe('the engine', () => {
  const ALWAYS: ProactiveRule = { id: 'always', conditions: {}, cooldown_seconds: 0 }
  const SECOND: ProactiveRule = { id: 'second', conditions: {}, priority: 2 }
  const state = (at: number, more: Partial<EngineState> = {}): EngineState => ({
    facts: { ...FACTS, timeOnPage: at, idleTime: 0 },
    isBusy: false,
    isEditing: false,
    now: at,
    ...more,
  })
  const newMemory = (): Memory => ({ fired: 0, silenced: [] })
  const ids = (engine: Engine, times: readonly number[]) => times.map((at) => engine.next(state(at))?.id)

  it('fires after 5 s, then every 30 s, three times at most', () => {
    const engine = new Engine({ rules: [ALWAYS] }, newMemory())
    expect(ids(engine, [4999, 5000, 34_999, 35_000, 65_000, 95_000, 999_000])).toEqual([
      undefined,
      'always',
      undefined,
      'always',
      'always',
      undefined,
      undefined,
    ])
  })

  it('uses the times and the maximum of the configuration', () => {
    const engine = new Engine({ rules: [ALWAYS], cooldown_ms: 1000, max_triggers_per_session: 2 }, newMemory(), 0)
    expect(ids(engine, [0, 999, 1000, 5000])).toEqual(['always', undefined, 'always', undefined])
  })

  it('prefers lower priority numbers and skips disabled rules', () => {
    const off = { ...ALWAYS, id: 'off', enabled: false, priority: 0 }
    const engine = new Engine({ rules: [SECOND, off, { id: 'first', conditions: {} }] }, newMemory())
    expect(ids(engine, [5000, 40_000, 80_000])).toEqual(['first', 'second', undefined])
  })

  it('fires a rule once a page, unless the rule has a cooldown', () => {
    const engine = new Engine({ rules: [SECOND], cooldown_ms: 0 }, newMemory())
    expect(ids(engine, [5000, 90_000])).toEqual(['second', undefined])
    engine.newPage()
    expect(ids(engine, [95_000])).toEqual(['second'])
    const paused = new Engine({ rules: [{ ...SECOND, cooldown_seconds: 10 }], cooldown_ms: 0 }, newMemory())
    expect(ids(paused, [5000, 14_999, 15_000])).toEqual(['second', undefined, 'second'])
  })

  it('never repeats a dismissed or once-per-session rule, on any page', () => {
    const memory = newMemory()
    const once = { ...ALWAYS, once_per_session: true }
    const engine = new Engine({ rules: [once, SECOND], cooldown_ms: 0 }, memory)
    expect(engine.next(state(5000))?.id).toBe('always')
    engine.silence(SECOND)
    engine.newPage()
    expect(engine.next(state(90_000))).toBeUndefined()
    // The next page of the session, with the stored memory.
    expect(new Engine({ rules: [once, SECOND] }, memory).next(state(5000))).toBeUndefined()
  })

  it('fires nothing while the chat is busy or the visitor types', () => {
    const engine = new Engine({ rules: [ALWAYS] }, newMemory())
    expect(engine.next(state(5000, { isBusy: true }))).toBeUndefined()
    expect(engine.next(state(5000, { isEditing: true }))).toBeUndefined()
    const idle = state(20_000, { isEditing: true })
    expect(engine.next({ ...idle, facts: { ...idle.facts, idleTime: 15_000 } })?.id).toBe('always')
  })

  it('uses the documented rules if the configuration has none', () => {
    const engine = new Engine({ rules: [] }, newMemory())
    const seen = state(6000)
    expect(engine.next({ ...seen, facts: { ...seen.facts, exitIntent: true } })?.message_type).toBe('exit_intent')
  })
})

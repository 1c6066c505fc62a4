/**
 * Decides when a proactive rule fires: the documented times (5 s before the first, 30 s between, 3 a session), never over
 * an open chat, never to somebody who already wrote, and nothing again that was dismissed.
 */
import type { ProactiveRule, WidgetConfig } from '../../../edge/contract/edge.ts'
import { DEFAULT_RULES, type Facts, inOrder, matches } from './rules.ts'

export type ProactiveConfig = NonNullable<NonNullable<WidgetConfig['behavior']>['proactive']>

/** What a session remembers: how often anything fired, and what must not come again. */
export type Memory = { fired: number; silenced: string[] }

const FIRST_MS = 5000
const BETWEEN_MS = 30_000
const PER_SESSION = 3
/** Somebody who types is not spoken to. */
const TYPING_MS = 5000

export type EngineState = {
  facts: Facts
  /** The chat is open, or the visitor wrote a message on this page, or a bubble is on the screen, or a call for one is on its way. */
  busy: boolean
  /** The focus is in a field of the page. */
  editing: boolean
  now: number
}

export class Engine {
  readonly #config: ProactiveConfig
  readonly #rules: readonly ProactiveRule[]
  readonly #firstMs: number
  readonly #memory: Memory
  readonly #firedAt = new Map<string, number>()
  #last: number | undefined

  constructor(config: ProactiveConfig, memory: Memory, firstMs = FIRST_MS) {
    this.#config = config
    this.#memory = memory
    this.#firstMs = firstMs
    const own = config.rules ?? []
    this.#rules = inOrder(own.length > 0 ? own : DEFAULT_RULES)
  }

  /** The rule to fire now, which then counts as fired. */
  next(state: EngineState): ProactiveRule | undefined {
    const { facts, busy, editing, now } = state
    const { cooldown_ms = BETWEEN_MS, max_triggers_per_session = PER_SESSION } = this.#config
    if (busy || facts.timeOnPage < this.#firstMs) return undefined
    if (editing && facts.idleTime < TYPING_MS) return undefined
    if (this.#memory.fired >= max_triggers_per_session) return undefined
    if (this.#last !== undefined && now - this.#last < cooldown_ms) return undefined
    const rule = this.#rules.find((each) => this.#mayFire(each, now) && matches(each, facts))
    if (!rule) return undefined
    this.#last = now
    this.#memory.fired++
    this.#firedAt.set(nameOf(rule), now)
    if (rule.once_per_session) this.silence(rule)
    return rule
  }

  /** Never again in this session. */
  silence(rule: ProactiveRule): void {
    if (!this.#memory.silenced.includes(nameOf(rule))) this.#memory.silenced.push(nameOf(rule))
  }

  /** Another page of a single-page app: what fired on the last one may fire here. */
  newPage(): void {
    this.#firedAt.clear()
  }

  /** A rule fires once a page, unless it names its own pause. */
  #mayFire(rule: ProactiveRule, now: number): boolean {
    if (this.#memory.silenced.includes(nameOf(rule))) return false
    const fired = this.#firedAt.get(nameOf(rule))
    if (fired === undefined) return true
    return rule.cooldown_seconds !== undefined && now - fired >= rule.cooldown_seconds * 1000
  }
}

const nameOf = (rule: ProactiveRule): string =>
  rule.id ?? rule.name ?? JSON.stringify([rule.message_type, rule.conditions])

/**
 * Decides when a proactive rule fires: 5 s after the page has loaded, 30 s after the last one, three times a session. Never
 * over an open chat, never for a visitor who has written, and never again after the visitor dismissed it.
 */
import type { ProactiveRule, WidgetConfig } from '../../../edge/contract/edge.ts'
import { DEFAULT_RULES, type Facts, inOrder, matches } from './rules.ts'

export type ProactiveConfig = NonNullable<NonNullable<WidgetConfig['behavior']>['proactive']>

/** What a session remembers: how often a rule fired, and which rules must not fire again. */
export type Memory = { fired: number; silenced: string[] }

const FIRST_AFTER_MS = 5000
const PAUSE_MS = 30_000
const MAX_PER_SESSION = 3
/** A visitor who is typing is not interrupted. */
const TYPING_MS = 5000

export type EngineState = {
  facts: Facts
  /** The chat is open, the visitor has written on this page, or a bubble is on the screen or on its way. */
  isBusy: boolean
  /** The focus is in a field of the page. */
  isEditing: boolean
  now: number
}

export class Engine {
  readonly #config: ProactiveConfig
  readonly #rules: readonly ProactiveRule[]
  readonly #firstAfterMs: number
  readonly #memory: Memory
  /** On this page, by the rules' keys. */
  readonly #firedAt = new Map<string, number>()
  #lastFiredAt: number | undefined

  /** `memory` is changed when a rule fires or is silenced. */
  constructor(config: ProactiveConfig, memory: Memory, firstAfterMs = FIRST_AFTER_MS) {
    this.#config = config
    this.#memory = memory
    this.#firstAfterMs = firstAfterMs
    const own = config.rules ?? []
    this.#rules = inOrder(own.length > 0 ? own : DEFAULT_RULES)
  }

  /** The rule to fire now, if there is one. It then counts as fired. */
  next({ facts, isBusy, isEditing, now }: EngineState): ProactiveRule | undefined {
    const { cooldown_ms = PAUSE_MS, max_triggers_per_session = MAX_PER_SESSION } = this.#config
    const isTyping = isEditing && facts.idleTime < TYPING_MS
    if (isBusy || isTyping || facts.timeOnPage < this.#firstAfterMs) return undefined
    if (this.#memory.fired >= max_triggers_per_session) return undefined
    if (this.#lastFiredAt !== undefined && now - this.#lastFiredAt < cooldown_ms) return undefined
    const rule = this.#rules.find((each) => this.#mayFire(each, now) && matches(each, facts))
    if (!rule) return undefined
    this.#lastFiredAt = now
    this.#memory.fired++
    this.#firedAt.set(keyOf(rule), now)
    if (rule.once_per_session) this.silence(rule)
    return rule
  }

  /** The rule never fires again in this session. */
  silence(rule: ProactiveRule): void {
    const { silenced } = this.#memory
    if (!silenced.includes(keyOf(rule))) silenced.push(keyOf(rule))
  }

  /** A single-page app shows another page, where the same rules may fire again. */
  newPage(): void {
    this.#firedAt.clear()
  }

  /** A rule fires once a page, unless it has a cooldown of its own. */
  #mayFire(rule: ProactiveRule, now: number): boolean {
    if (this.#memory.silenced.includes(keyOf(rule))) return false
    const firedAt = this.#firedAt.get(keyOf(rule))
    if (firedAt === undefined) return true
    return rule.cooldown_seconds !== undefined && now - firedAt >= rule.cooldown_seconds * 1000
  }
}

const keyOf = (rule: ProactiveRule): string =>
  rule.id ?? rule.name ?? JSON.stringify([rule.message_type, rule.conditions])

/** Proactive rules: which of them fits what the visitor does. Pure; when to fire is the engine's. */
import type { ProactiveRule } from '../../../edge/contract/edge.ts'
import type { Metrics } from '../../chunk-api/core.ts'

export type Facts = Metrics & { chatOpened: boolean; pageUrl: string }
type Fact = Facts[keyof Facts]

/** Without rules of the owner's: what Caty's documentation promises. */
export const DEFAULT_RULES: readonly ProactiveRule[] = [
  { id: 'default_exit', conditions: { exitIntent: true }, message_type: 'exit_intent', priority: 1 },
  {
    id: 'default_pricing',
    conditions: { pageUrl: { contains: 'pricing' } },
    message_type: 'pricing_page',
    priority: 2,
  },
  {
    id: 'default_form',
    conditions: { formInteractions: { gte: 1 }, idleTime: { gte: 15_000 } },
    message_type: 'form_assistance',
    priority: 3,
  },
  {
    id: 'default_scroll',
    conditions: { scrollDepth: { gte: 60 }, timeOnPage: { gte: 30_000 } },
    message_type: 'high_engagement',
    priority: 4,
  },
  {
    id: 'default_return',
    conditions: { visitCount: { gte: 2 } },
    message_type: 'returning_visitor',
    priority: 5,
  },
]

/** The rules that count, the lowest priority number first. */
export const inOrder = (rules: readonly ProactiveRule[]): ProactiveRule[] =>
  rules.filter(({ enabled }) => enabled !== false).sort((a, b) => (a.priority ?? 1) - (b.priority ?? 1))

/** Whether all conditions hold; no conditions always do, one that nobody knows never does. */
export function matches({ conditions = {} }: ProactiveRule, facts: Facts): boolean {
  return Object.entries(conditions).every(([name, condition]) => {
    const fact = factOf(facts, name)
    return fact !== undefined && holds(fact, condition)
  })
}

const factOf = (facts: Facts, name: string): Fact | undefined =>
  Object.entries(facts).find(([known]) => known === name)?.[1]

function holds(fact: Fact, condition: unknown): boolean {
  if (typeof condition === 'object' && condition !== null && !Array.isArray(condition)) {
    // All operators of an object: `{gte: 10, lt: 60}` is a range.
    return Object.entries(condition).every(([operator, operand]) => OPERATORS.get(operator)?.(fact, operand) ?? false)
  }
  // A bare number is a least amount; a bare yes or no, or a word, is what the fact is.
  return typeof condition === 'number' ? Number(fact) >= condition : equals(fact, condition)
}

/** A map, because an object would know `constructor` too. */
const OPERATORS: ReadonlyMap<string, (fact: Fact, operand: unknown) => boolean> = new Map([
  ['gte', (fact: Fact, operand: unknown) => Number(fact) >= Number(operand)],
  ['lte', (fact: Fact, operand: unknown) => Number(fact) <= Number(operand)],
  ['gt', (fact: Fact, operand: unknown) => Number(fact) > Number(operand)],
  ['lt', (fact: Fact, operand: unknown) => Number(fact) < Number(operand)],
  ['eq', equals],
  ['is', equals],
  [
    'contains',
    (fact: Fact, operand: unknown) => [operand].flat().some((part) => part !== '' && lower(fact).includes(lower(part))),
  ],
])

function equals(fact: Fact, operand: unknown): boolean {
  return [operand].flat().some((wanted) => lower(fact) === lower(wanted))
}

const lower = (value: unknown): string => String(value).toLowerCase()

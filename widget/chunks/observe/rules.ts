/** Proactive rules: which of them matches what the visitor does. Pure functions; the engine decides when to fire. */
import type { ProactiveRule } from '../../../edge/contract/edge.ts'
import type { Metrics } from '../../chunk-api/page.ts'

export type Facts = Metrics & { chatOpened: boolean; pageUrl: string }
type Fact = Facts[keyof Facts]

/** The rules that Caty documents, for owners who have none of their own. */
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

/** The enabled rules, the lowest priority number first. */
export const inOrder = (rules: readonly ProactiveRule[]): ProactiveRule[] =>
  rules.filter(({ enabled }) => enabled !== false).sort((a, b) => (a.priority ?? 1) - (b.priority ?? 1))

/** Whether all conditions hold. A rule without conditions always matches, an unknown condition never holds. */
export function matches({ conditions = {} }: ProactiveRule, facts: Facts): boolean {
  // Maps, here and below, because an object would also have `constructor`.
  const known = new Map<string, Fact>(Object.entries(facts))
  return Object.entries(conditions).every(([name, condition]) => {
    const fact = known.get(name)
    return fact !== undefined && holds(fact, condition)
  })
}

function holds(fact: Fact, condition: unknown): boolean {
  if (typeof condition === 'object' && condition !== null && !Array.isArray(condition)) {
    // All operators must hold: `{gte: 10, lt: 60}` is a range.
    return Object.entries(condition).every(([operator, operand]) => OPERATORS.get(operator)?.(fact, operand) ?? false)
  }
  // A plain number is a minimum; a plain boolean or text must be equal.
  return typeof condition === 'number' ? Number(fact) >= condition : equals(fact, condition)
}

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

/** The events that Caty documents, as one union by `event`, and the conversion from JSON. */

type Optional<T> = { [name in keyof T]?: T[name] | undefined }

/** The details of a lead. Caty leaves out what the visitor did not give. */
export type Lead = Optional<{
  lead_id: string
  name: string
  email: string
  phone: string
  company: string
  score: number
  intent: string
  session_id: string
  conversation_url: string
}>
export type Conversation = Optional<{
  session_id: string
  visitor_id: string
  page_url: string
  referrer: string
  user_agent: string
}>
export type Handoff = Optional<{
  session_id: string
  reason: string
  visitor: Optional<{ name: string; email: string }>
  last_message: string
  conversation_url: string
}>
/** Caty documents no members for these events; these two are in every other event. */
export type Undocumented = Optional<{ session_id: string; lead_id: string }>

type Envelope<Name extends string, Data> = {
  event: Name
  /** ISO 8601, as Caty sent it. */
  timestamp: string
  widget_id: string
  data: Data
}

export type CatyEvent =
  | Envelope<'lead.captured', Lead>
  | Envelope<'lead.updated', Undocumented>
  | Envelope<'conversation.started', Conversation>
  | Envelope<'conversation.ended', Undocumented>
  | Envelope<'message.received', Undocumented>
  | Envelope<'handoff.requested', Handoff>

export type CatyEventName = CatyEvent['event']

type Json = Readonly<Record<string, unknown>>

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * The members of these names that are strings. A member of another type is left out, so that the declared types
 * always hold.
 */
function strings<const Name extends string>(data: Json, ...names: readonly Name[]): { [name in Name]?: string } {
  const found: { [name in Name]?: string } = {}
  for (const name of names) {
    const value = Object.hasOwn(data, name) ? data[name] : undefined
    if (typeof value === 'string') found[name] = value
  }
  return found
}

function leadOf(data: Json): Lead {
  const texts = strings(
    data,
    'lead_id',
    'name',
    'email',
    'phone',
    'company',
    'intent',
    'session_id',
    'conversation_url',
  )
  return typeof data.score === 'number' ? { ...texts, score: data.score } : texts
}

function handoffOf(data: Json): Handoff {
  const texts = strings(data, 'session_id', 'reason', 'last_message', 'conversation_url')
  return isObject(data.visitor) ? { ...texts, visitor: strings(data.visitor, 'name', 'email') } : texts
}

/**
 * The event in this JSON value, also in the older form of `lead.captured`; `undefined` for anything else.
 * @internal
 */
export function readEvent(value: unknown): CatyEvent | undefined {
  if (!isObject(value)) return undefined
  const { event, timestamp, widget_id } = value
  if (typeof timestamp !== 'string' || typeof widget_id !== 'string') return undefined
  const data = event === 'lead_captured' ? value.lead : value.data
  if (!isObject(data)) return undefined
  switch (event) {
    case 'lead_captured':
    case 'lead.captured':
      return { event: 'lead.captured', timestamp, widget_id, data: leadOf(data) }
    case 'conversation.started': {
      const started = strings(data, 'session_id', 'visitor_id', 'page_url', 'referrer', 'user_agent')
      return { event, timestamp, widget_id, data: started }
    }
    case 'handoff.requested':
      return { event, timestamp, widget_id, data: handoffOf(data) }
    case 'lead.updated':
    case 'conversation.ended':
    case 'message.received':
      return { event, timestamp, widget_id, data: strings(data, 'session_id', 'lead_id') }
    default:
      return undefined
  }
}

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
  /** As Caty sent it, which is ISO 8601; absent where it is no text. */
  timestamp?: string | undefined
  /** Absent where it is no text. */
  widget_id?: string | undefined
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

/** What of a webhook could be read. */
export type Reading = {
  /** Absent when nobody documents an event of this name. */
  event?: CatyEvent | undefined
  /**
   * The members that do not have their documented form, such as `event`, `timestamp` or `data.score`, and `body` for a
   * body that is no JSON object. Their values are in the body and nowhere else.
   */
  notUnderstood: string[]
}

/** Reads members of documented types, and notes each that has another type. `null` means that Caty does not know it. */
class Members {
  readonly #notes: string[]

  constructor(notes: string[]) {
    this.#notes = notes
  }

  /** The members of these names that are text. One of another type is left out, so the type above never lies. */
  texts<const Name extends string>(from: Json, path: string, ...names: readonly Name[]): { [name in Name]?: string } {
    const found: { [name in Name]?: string } = {}
    for (const name of names) {
      const value = own(from, name)
      if (typeof value === 'string') found[name] = value
      else if (value !== undefined && value !== null) this.#notes.push(path + name)
    }
    return found
  }

  lead(data: Json, path: string): Lead {
    const texts = this.texts(
      data,
      path,
      'lead_id',
      'name',
      'email',
      'phone',
      'company',
      'intent',
      'session_id',
      'conversation_url',
    )
    const score = own(data, 'score')
    if (typeof score === 'number') return { ...texts, score }
    if (score !== undefined && score !== null) this.#notes.push(`${path}score`)
    return texts
  }

  handoff(data: Json): Handoff {
    const texts = this.texts(data, 'data.', 'session_id', 'reason', 'last_message', 'conversation_url')
    const visitor = own(data, 'visitor')
    if (isObject(visitor)) return { ...texts, visitor: this.texts(visitor, 'data.visitor.', 'name', 'email') }
    if (visitor !== undefined && visitor !== null) this.#notes.push('data.visitor')
    return texts
  }
}

/** A member of the object itself: not what every object inherits under names such as `constructor`. */
const own = (value: Json, name: string): unknown => (Object.hasOwn(value, name) ? value[name] : undefined)

/**
 * Reads the JSON value of a webhook, also in the older form of `lead.captured`. What it does not understand it names.
 * Never throws.
 */
export function readEvent(value: unknown): Reading {
  if (!isObject(value)) return { notUnderstood: ['body'] }
  const notUnderstood: string[] = []
  const members = new Members(notUnderstood)
  const name = own(value, 'event')
  const envelope = members.texts(value, '', 'timestamp', 'widget_id')
  if (timeOf(own(value, 'timestamp')) === undefined && !notUnderstood.includes('timestamp'))
    notUnderstood.unshift('timestamp')
  const place = name === 'lead_captured' ? 'lead' : 'data'
  const given = own(value, place)
  const data = isObject(given) ? given : {}
  const event = eventOf(name, envelope, data, place, members)
  if (!event) return { notUnderstood: ['event', ...notUnderstood] }
  if (!isObject(given)) notUnderstood.push(place)
  return { event, notUnderstood }
}

function eventOf(
  event: unknown,
  envelope: { timestamp?: string; widget_id?: string },
  data: Json,
  place: string,
  members: Members,
): CatyEvent | undefined {
  switch (event) {
    case 'lead_captured':
    case 'lead.captured':
      return { event: 'lead.captured', ...envelope, data: members.lead(data, `${place}.`) }
    case 'conversation.started': {
      const names = ['session_id', 'visitor_id', 'page_url', 'referrer', 'user_agent'] as const
      return { event, ...envelope, data: members.texts(data, 'data.', ...names) }
    }
    case 'handoff.requested':
      return { event, ...envelope, data: members.handoff(data) }
    case 'lead.updated':
    case 'conversation.ended':
    case 'message.received':
      return { event, ...envelope, data: members.texts(data, 'data.', 'session_id', 'lead_id') }
    default:
      return undefined
  }
}

/** A date first, as in ISO 8601, or RFC 9110's form: a lenient parser makes a time of almost any word and digit. */
const DATE_FORM = /^(?:\d{4}-\d{2}-\d{2}|(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} [A-Z][a-z]{2} \d{4} )/
/** Milliseconds. Anything before is no time of an event: a zero of some kind, or a counter. */
const YEAR_2000_MS = 946_684_800_000
/** A number below this counts seconds, and one above it milliseconds. */
const SECONDS_BELOW = 100_000_000_000

/**
 * Milliseconds since 1970 of a time as text, or as a number of seconds or milliseconds; `undefined` for what is no time
 * since the year 2000.
 * @internal
 */
export function timeOf(value: unknown): number | undefined {
  const digits = typeof value === 'string' && /^\d{9,16}(?:\.\d{1,9})?$/.test(value)
  if (typeof value === 'string' && !digits) {
    const at = DATE_FORM.test(value) ? Date.parse(value) : Number.NaN
    return at >= YEAR_2000_MS ? at : undefined
  }
  if (typeof value !== 'number' && !digits) return undefined
  const count = Number(value)
  const at = count < SECONDS_BELOW ? count * 1000 : count
  return at >= YEAR_2000_MS && at <= 8.64e15 ? at : undefined
}

/**
 * What Caty documents of its webhooks, for the description of the API. The edge forwards whatever Caty signed; three of the
 * six events are documented by name only.
 */
import * as v from 'valibot'
import { text } from './bounded.ts'

/** Caty leaves out what it does not know, or sends null. */
const orNull = <T extends v.GenericSchema>(schema: T) => v.optional(v.union([schema, v.null()]))
const known = (max: number) => orNull(text(max))

const time = v.pipe(
  text(40),
  v.check((value) => /^\d{4}-\d{2}-\d{2}T/.test(value) && !Number.isNaN(Date.parse(value)), 'an ISO 8601 time'),
)

const LeadData = v.looseObject({
  lead_id: known(200),
  name: known(500),
  email: known(500),
  phone: known(100),
  company: known(500),
  score: orNull(v.number()),
  intent: known(200),
  session_id: known(200),
  conversation_url: known(2048),
})
const ConversationData = v.looseObject({
  session_id: known(200),
  visitor_id: known(200),
  page_url: known(4096),
  referrer: known(4096),
  user_agent: known(2000),
})
const HandoffData = v.looseObject({
  session_id: known(200),
  reason: known(2000),
  visitor: orNull(v.looseObject({ email: known(500) })),
  last_message: known(32_000),
  conversation_url: known(2048),
})
/** Documented by name only. */
const AnyData = v.looseObject({ session_id: known(200), lead_id: known(200) })

const envelope = { id: known(200), event_id: known(200), timestamp: time, widget_id: text(200) }
const event = <const Name extends string, Data extends v.GenericSchema>(name: Name, data: Data) =>
  v.looseObject({ ...envelope, event: v.literal(name), data })

export const EVENTS = [
  event('lead.captured', LeadData),
  event('lead.updated', AnyData),
  event('conversation.started', ConversationData),
  event('conversation.ended', AnyData),
  event('message.received', AnyData),
  event('handoff.requested', HandoffData),
  v.looseObject({ ...envelope, event: v.literal('lead_captured'), lead: LeadData }),
] as const

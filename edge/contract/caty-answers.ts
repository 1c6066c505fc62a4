/** Caty's answers to the calls other than chatting, read tolerantly: a member that does not fit is left out. */
import * as v from 'valibot'
import { text } from './bounded.ts'
import { Envelope, RawAction } from './caty.ts'
import { Slot } from './reply.ts'
import { maybe, maybeFlag, maybeList, maybeNumber, maybeText } from './tolerant.ts'

const actions = maybeList(RawAction, 12)

export const Acknowledged = v.object({ message: maybeText(1000) })
export const Tracked = v.object({
  engagement_score: maybeNumber,
  proactive: maybe(v.object({ should_trigger: maybeFlag, message: maybeText(4000), suggested_actions: actions })),
})
/** A proactive message without a text counts as absent. */
export const Proactive = v.object({
  message: maybe(
    v.object({
      message_id: maybeText(200),
      content: text(4000),
      suggested_actions: actions,
    }),
  ),
})
export const Uploaded = v.object({ response: maybeText(32_000), message: maybeText(1000) })
export const LeadTaken = v.object({ lead_id: maybeText(200), message: maybeText(1000) })
export const Slots = v.object({ calendar_connected: maybeFlag, slots: maybeList(Slot, 100) })
export const SlotList = v.pipe(
  Slots,
  v.transform(({ calendar_connected = false, slots = [] }) => ({ calendar_connected, slots })),
)

/** The answer without its envelope, as the schema reads it; `undefined` if it does not fit. */
export function readAnswer<Answer>(schema: v.GenericSchema<unknown, Answer>, json: unknown): Answer | undefined {
  const body = v.safeParse(Envelope, json)
  if (!body.success) return undefined
  const read = v.safeParse(schema, body.output)
  return read.success ? read.output : undefined
}

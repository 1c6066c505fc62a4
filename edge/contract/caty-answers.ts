/** What Caty answers to the calls beside chatting, read tolerantly: a member that does not fit is left out. */
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
/** A proactive message without a text is no message. */
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

/** The answer without its envelope, in the one shape; `undefined` when it is no such answer. */
export function readAnswer<T extends v.GenericSchema>(schema: T, json: unknown): v.InferOutput<T> | undefined {
  const body = v.safeParse(Envelope, json)
  if (!body.success) return undefined
  const read = v.safeParse(schema, body.output)
  return read.success ? read.output : undefined
}

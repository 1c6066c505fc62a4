/** The widget's events. The page and the chunks listen to the same ones. */
import type { SuggestedAction } from '../../edge/contract/edge.ts'
import type { CatyEvents } from '../caty-widget.d.ts'

export type EventDetails = CatyEvents
export type EventName = keyof EventDetails

export type On = <Name extends EventName>(event: Name, listener: (detail: EventDetails[Name]) => void) => void
/** Without a listener, removes all listeners of the event. */
export type Off = <Name extends EventName>(event: Name, listener?: (detail: EventDetails[Name]) => void) => void
export type Emit = <Name extends EventName>(
  event: Name,
  ...detail: undefined extends EventDetails[Name] ? [detail?: EventDetails[Name]] : [detail: EventDetails[Name]]
) => void

/** What a bubble beside the launcher can carry. `messageId` is the id of a proactive message of Caty's. */
export type BubbleOptions = {
  messageId?: string | undefined
  suggestedActions?: SuggestedAction[] | undefined
  type?: string | undefined
  rule?: string | undefined
  dismissable?: boolean | undefined
}

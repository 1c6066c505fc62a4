/** An event as the receiver's page gets it. */
export type ShownEvent = {
  /** The position that the receiver gave it, starting at 1. */
  number: number
  /** The `webhook-id`. */
  id: string
  /** When it arrived here. */
  at: string
  event: { event?: unknown; timestamp?: unknown; data?: unknown }
}

/** What a tenant's messages are held to; the settings fill it in. */
export type MessageLimits = {
  /** A visitor's messages a minute; three may come at once. */
  perVisitor: number
  /** All visitors' messages a minute. */
  perTenant: number
  /** All visitors' messages a day (UTC). */
  perDay: number
}

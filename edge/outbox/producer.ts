/** The Cloudflare Queue that deliveries go through, where the owner bound one. */

import { hasMethod } from '../base/platform.ts'

/** The used part of a queue binding. A message names a delivery; the ledger holds its content. */
export type DeliveryQueue = { sendBatch: (messages: { body: { id: string } }[]) => Promise<unknown> }

/** The binding `WEBHOOKS`, or `undefined` when the environment has none. */
export function queueOf(env: Record<string, unknown>): DeliveryQueue | undefined {
  const isQueue = (value: unknown): value is DeliveryQueue => hasMethod(value, 'sendBatch')
  return isQueue(env.WEBHOOKS) ? env.WEBHOOKS : undefined
}

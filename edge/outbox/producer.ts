/** The queue that letters can be handed to, where wrangler.toml binds one. */

/** The platform's producer, as far as it is used. */
export type LetterQueue = { sendBatch: (messages: { body: { id: string } }[]) => Promise<unknown> }

/** The binding `WEBHOOKS`, or `undefined`. */
export function queueOf(env: Record<string, unknown>): LetterQueue | undefined {
  const isQueue = (value: unknown): value is LetterQueue =>
    typeof value === 'object' && value !== null && typeof Reflect.get(value, 'sendBatch') === 'function'
  return isQueue(env.WEBHOOKS) ? env.WEBHOOKS : undefined
}

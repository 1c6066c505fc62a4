/**
 * The consumer of the two queues. A message names a delivery and does not carry it: what is delivered lies in the ledger,
 * which knows whether it still has to be, and in which order. Queues bring a message at least once, and in no order.
 */
import * as v from 'valibot'
import { built } from '../../app/call.ts'
import { attempt } from '../../outbox/delivery-loop.ts'
import { delayAfter, RETRY_DELAYS_S } from '../../outbox/schedule.ts'

const QueuedDelivery = v.object({ id: v.string() })
/** Seconds until a batch is brought again to a Worker that is not set up, or whose ledger is away. */
const LATER_S = 60
const LAST_DELAY_S = RETRY_DELAYS_S.at(-1) ?? LATER_S

type Message = Pick<globalThis.Message, 'body' | 'attempts' | 'ack' | 'retry'>

/** By its name, a queue that ends in `-dead` is where the platform puts what it gave up. */
export async function queueCall(
  batch: { queue: string; messages: readonly Message[] },
  env: Record<string, unknown>,
): Promise<void> {
  const made = built(env)
  if ('problems' in made) {
    for (const message of batch.messages) message.retry({ delaySeconds: LATER_S })
    return
  }
  const { settings, platform } = made.edge
  const ledger = made.edge.ledger.getByName('tenant')

  const carry = async (message: Message, id: string): Promise<void> => {
    const claim = await ledger.claimDelivery(id)
    if (claim.kind === 'gone') return message.ack()
    if (claim.kind === 'busy') return message.retry({ delaySeconds: LATER_S })
    const outcome = await attempt(claim.delivery, settings.webhooks, platform)
    await ledger.settleDelivery(id, outcome)
    if (outcome.ok) return message.ack()
    // After the last of `max_retries` the platform moves it to the dead-letter queue.
    message.retry({ delaySeconds: delayAfter(message.attempts) ?? LAST_DELAY_S })
  }
  const deadLetter = async (message: Message, id: string): Promise<void> => {
    await ledger.deadLetterDelivery(id)
    message.ack()
  }
  const work = batch.queue.endsWith('-dead') ? deadLetter : carry
  await Promise.all(
    batch.messages.map(async (message) => {
      const named = v.safeParse(QueuedDelivery, message.body)
      if (!named.success) return message.ack()
      await work(message, named.output.id).catch(() => message.retry({ delaySeconds: LATER_S }))
    }),
  )
}

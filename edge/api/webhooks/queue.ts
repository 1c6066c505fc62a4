/**
 * The consumer of the webhook queue and of its dead-letter queue. A message only names a delivery. The ledger has its
 * content, and knows whether it is still pending and in which order: queues deliver at least once and in any order.
 */
import * as v from 'valibot'
import { edgeFor } from '../../app/call.ts'
import { attempt } from '../../outbox/delivery-loop.ts'
import { delayAfter, RETRY_DELAYS_S } from '../../outbox/schedule.ts'

const QueuedDelivery = v.object({ id: v.string() })
/** Seconds until a message is retried when the settings are wrong or the ledger cannot be reached. */
const LATER_S = 60
const LAST_DELAY_S = RETRY_DELAYS_S.at(-1) ?? LATER_S

type Message = Pick<globalThis.Message, 'body' | 'attempts' | 'ack' | 'retry'>

/** Handles a batch. The dead-letter queue is the one whose name ends in `-dead`. */
export async function queueCall(
  batch: { queue: string; messages: readonly Message[] },
  env: Record<string, unknown>,
): Promise<void> {
  const made = edgeFor(env)
  if ('problems' in made) {
    for (const message of batch.messages) message.retry({ delaySeconds: LATER_S })
    return
  }
  const { settings, platform } = made.edge
  const ledger = made.edge.ledger.getByName('tenant')

  const send = async (message: Message, id: string): Promise<void> => {
    const claim = await ledger.claimDelivery(id)
    if (claim.kind === 'gone') return message.ack()
    if (claim.kind === 'busy') return message.retry({ delaySeconds: LATER_S })
    const outcome = await attempt(claim.delivery, settings.webhooks, platform)
    await ledger.settleDelivery(id, outcome)
    if (outcome.ok) return message.ack()
    // After `max_retries` the platform moves the message to the dead-letter queue.
    message.retry({ delaySeconds: delayAfter(message.attempts) ?? LAST_DELAY_S })
  }
  const deadLetter = async (message: Message, id: string): Promise<void> => {
    await ledger.deadLetterDelivery(id)
    message.ack()
  }
  const work = batch.queue.endsWith('-dead') ? deadLetter : send
  await Promise.all(
    batch.messages.map(async (message) => {
      const named = v.safeParse(QueuedDelivery, message.body)
      if (!named.success) return message.ack()
      await work(message, named.output.id).catch(() => message.retry({ delaySeconds: LATER_S }))
    }),
  )
}

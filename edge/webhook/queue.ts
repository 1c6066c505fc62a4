/**
 * The consumer of the two queues. A message names a letter and does not carry it: what is delivered lies in the ledger,
 * which knows whether it still has to be, and in which order. Queues bring a message at least once, and in no order.
 */
import * as v from 'valibot'
import { readBindings } from '../bindings.ts'
import { parseSettings } from '../settings.ts'
import { attempt } from './courier.ts'
import { delayAfter, RETRY_DELAYS_S } from './schedule.ts'

const LetterName = v.object({ id: v.string() })
/** Seconds until a batch is brought again to a Worker that is not set up, or whose ledger is away. */
const LATER_S = 60
const LAST_DELAY_S = RETRY_DELAYS_S.at(-1) ?? LATER_S

type Message = Pick<globalThis.Message, 'body' | 'attempts' | 'ack' | 'retry'>

/** By its name, a queue that ends in `-dead` is where the platform puts what it gave up. */
export async function queueCall(
  batch: { queue: string; messages: readonly Message[] },
  env: Record<string, unknown>,
): Promise<void> {
  const parsed = parseSettings(env)
  const bound = readBindings(env)
  if (!parsed.ok || !bound.ok) {
    for (const message of batch.messages) message.retry({ delaySeconds: LATER_S })
    return
  }
  const { webhooks } = parsed.settings
  const ledger = bound.bindings.ledger.getByName('tenant')
  const sender = { now: () => new Date(), fetch: (request: Request) => fetch(request) }

  const carry = async (message: Message, id: string): Promise<void> => {
    const claim = await ledger.claimLetter(id)
    if (claim.kind === 'gone') return message.ack()
    if (claim.kind === 'busy') return message.retry({ delaySeconds: LATER_S })
    const outcome = await attempt(claim.letter, webhooks, sender)
    await ledger.settleLetter(id, outcome)
    if (outcome.ok) return message.ack()
    // After the last of `max_retries` the platform moves it to the dead-letter queue.
    message.retry({ delaySeconds: delayAfter(message.attempts) ?? LAST_DELAY_S })
  }
  const bury = async (message: Message, id: string): Promise<void> => {
    await ledger.buryLetter(id)
    message.ack()
  }
  const work = batch.queue.endsWith('-dead') ? bury : carry
  await Promise.all(
    batch.messages.map(async (message) => {
      const named = v.safeParse(LetterName, message.body)
      if (!named.success) return message.ack()
      await work(message, named.output.id).catch(() => message.retry({ delaySeconds: LATER_S }))
    }),
  )
}

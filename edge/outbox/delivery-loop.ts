/** Sends the deliveries that are due: from the ledger itself, or through a Cloudflare Queue. */

import { writeLog } from '../base/log.ts'
import type { WebhookSettings } from '../settings/index.ts'
import { deliver, type Outcome, type Sender, type WebhookDelivery } from './deliver.ts'
import type { DeliveryQueue } from './producer.ts'
import { afterAttempt, dueDeliveries, postpone } from './store.ts'

/** The connections one invocation may have open at a time. */
const AT_ONCE = 6
/** After this a run starts no further delivery and leaves the rest to the next alarm. An alarm may take 15 minutes. */
const RUN_MS = 5 * 60_000
/** Deliveries a run: an invocation on the free plan may make 50 requests. */
const PER_RUN = 40
/** Messages that one `sendBatch` takes. */
const BATCH = 100
/**
 * How long a queue may take to deliver a message or to dead-letter it: longer than its whole retry schedule. After this
 * the delivery is queued again, since a queue can be purged, and the free plan's forgets a message after a day.
 */
const QUEUE_MS = 25 * 3_600_000
/** When to try again after the queue refused a batch. */
const QUEUE_RETRY_MS = 30_000

/** Makes one attempt and logs it. The log line holds nothing of the event's content. Never throws. */
export async function attempt(
  delivery: WebhookDelivery,
  { target }: WebhookSettings,
  sender: Sender,
): Promise<Outcome> {
  const started = sender.now().getTime()
  const outcome = await deliver(delivery, target, sender)
  writeLog({
    id: delivery.id,
    webhook: delivery.event,
    attempt: delivery.attempts + 1,
    ms: sender.now().getTime() - started,
    ...(!outcome.ok && { fault: outcome.fault, ...(outcome.status !== undefined && { status: outcome.status }) }),
  })
  return outcome
}

type Work = { sql: SqlStorage; settings: WebhookSettings; queue: DeliveryQueue | undefined; sender: Sender }

/** The delivery loop of one ledger. Only one run is active at a time, because the ledger's alarm waits for it. */
export class DeliveryLoop {
  #wakeUp: (() => void) | undefined

  /** Tells a run that is waiting for a slow target to look for new deliveries. */
  wake(): void {
    this.#wakeUp?.()
  }

  /** Sends deliveries until none is due. Never throws; what is left stays due. */
  async run({ sql, settings, queue, sender }: Work): Promise<void> {
    if (settings.delivery === 'queue' && queue) return enqueue(sql, queue, sender)
    const began = sender.now().getTime()
    const active = new Map<string, Promise<void>>()
    let left = PER_RUN
    const send = async (delivery: WebhookDelivery): Promise<void> => {
      const outcome = await attempt(delivery, settings, sender)
      afterAttempt(sql, delivery.id, outcome, sender.now().getTime())
      active.delete(delivery.id)
    }
    for (;;) {
      const now = sender.now().getTime()
      const free = now - began < RUN_MS ? Math.min(left, AT_ONCE - active.size) : 0
      const due = free > 0 ? dueDeliveries(sql, now, AT_ONCE).filter(({ id }) => !active.has(id)) : []
      for (const delivery of due.slice(0, free)) {
        active.set(delivery.id, send(delivery))
        left -= 1
      }
      if (active.size === 0) return
      const woken = new Promise<void>((resolve) => {
        this.#wakeUp = resolve
      })
      await Promise.race([woken, ...active.values()])
    }
  }
}

async function enqueue(sql: SqlStorage, queue: DeliveryQueue, sender: Sender): Promise<void> {
  const now = sender.now().getTime()
  const ids = dueDeliveries(sql, now, BATCH).map(({ id }) => id)
  if (ids.length === 0) return
  const taken = await queue.sendBatch(ids.map((id) => ({ body: { id } }))).then(
    () => true,
    () => false,
  )
  postpone(sql, ids, now + (taken ? QUEUE_MS : QUEUE_RETRY_MS))
}

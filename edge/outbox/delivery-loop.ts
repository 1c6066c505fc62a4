/** Sends the deliveries that are due: from the ledger itself, or through a Cloudflare Queue. */

import { logAlarmFault, writeLog } from '../base/log.ts'
import type { WebhookSettings } from '../settings/index.ts'
import { deliver, type Outcome, type Sender, type WebhookDelivery } from './deliver.ts'
import type { DeliveryQueue } from './producer.ts'
import { beginAttempt, dueDeliveries, endAttempt, postpone } from './store.ts'

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
const QUEUE_RETRY_MS = 60_000

/** Makes one attempt and logs it. The log line holds nothing of the event's content. */
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

  /**
   * Sends deliveries until none is due, and returns how many it tried. What is left stays due. Each attempt is counted and
   * has its next time before it begins, so one that throws costs an attempt of its own delivery and nothing else. Throws
   * only when the storage does.
   */
  async run({ sql, settings, queue, sender }: Work): Promise<number> {
    if (settings.delivery === 'queue' && queue) return enqueue(sql, queue, sender)
    const began = sender.now().getTime()
    const active = new Map<string, Promise<void>>()
    let tried = 0
    const send = async (delivery: WebhookDelivery): Promise<void> => {
      try {
        const outcome = await attempt(delivery, settings, sender)
        endAttempt(sql, delivery.id, outcome, sender.now().getTime())
      } catch (error) {
        logAlarmFault('attempt', error)
      } finally {
        active.delete(delivery.id)
      }
    }
    try {
      for (;;) {
        const now = sender.now().getTime()
        const free = now - began < RUN_MS ? Math.min(PER_RUN - tried, AT_ONCE - active.size) : 0
        const due = free > 0 ? dueDeliveries(sql, now, AT_ONCE).filter(({ id }) => !active.has(id)) : []
        for (const delivery of due.slice(0, free)) {
          beginAttempt(sql, delivery, now)
          tried += 1
          active.set(delivery.id, send(delivery))
        }
        if (active.size === 0) return tried
        const woken = new Promise<void>((resolve) => {
          this.#wakeUp = resolve
        })
        await Promise.race([woken, ...active.values()])
      }
    } finally {
      await Promise.allSettled(active.values())
    }
  }
}

/** Gives the due deliveries to the queue. They are postponed first: a queue that throws is asked again after that. */
async function enqueue(sql: SqlStorage, queue: DeliveryQueue, sender: Sender): Promise<number> {
  const now = sender.now().getTime()
  const ids = dueDeliveries(sql, now, BATCH).map(({ id }) => id)
  if (ids.length === 0) return 0
  postpone(sql, ids, now + QUEUE_RETRY_MS)
  try {
    await queue.sendBatch(ids.map((id) => ({ body: { id } })))
    postpone(sql, ids, now + QUEUE_MS)
  } catch (error) {
    logAlarmFault('queue', error)
  }
  return ids.length
}

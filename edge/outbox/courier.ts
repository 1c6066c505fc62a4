/** What the ledger does with letters that are due: delivers them itself, or hands them to the queue. */

import { writeLog } from '../base/log.ts'
import type { WebhookSettings } from '../settings/webhooks.ts'
import { deliver, type Letter, type Outcome, type Sender } from './deliver.ts'
import type { LetterQueue } from './producer.ts'
import { afterAttempt, dueLetters, postpone } from './store.ts'

/** The connections one invocation may have open at a time. */
const AT_ONCE = 6
/** After this a round begins nothing more, and the next alarm goes on: an alarm may take fifteen minutes. */
const ROUND_MS = 5 * 60_000
/** What one round sends: an invocation on the free plan may make 50 calls. */
const PER_ROUND = 40
/** What one call of a queue takes. */
const BATCH = 100
/** A queue that took a letter has until now to bring it or to bury it: longer than its whole schedule. After this the
 * letter is handed over again, since a queue can be purged, or lose what it kept for a day. */
const QUEUE_MS = 25 * 3_600_000
/** A queue that took nothing is asked again. */
const QUEUE_RETRY_MS = 30_000

/** Delivers once, and says so in the log. Nothing of the event's content is in the line. */
export async function attempt(letter: Letter, { target }: WebhookSettings, sender: Sender): Promise<Outcome> {
  const started = sender.now().getTime()
  const outcome = await deliver(letter, target, sender)
  writeLog({
    id: letter.id,
    webhook: letter.event,
    attempt: letter.attempts + 1,
    ms: sender.now().getTime() - started,
    ...(!outcome.ok && { fault: outcome.fault, ...(outcome.status !== undefined && { status: outcome.status }) }),
  })
  return outcome
}

type Desk = { sql: SqlStorage; settings: WebhookSettings; queue: LetterQueue | undefined; sender: Sender }

/** The rounds of one ledger. Only one runs at a time: the ledger's alarm waits for it. */
export class Courier {
  #rang: (() => void) | undefined

  /** A letter came in: a round that waits for a slow target takes it along. */
  ring(): void {
    this.#rang?.()
  }

  /** Sends what is due until nothing is. Never throws; what is left is due again later. */
  async round({ sql, settings, queue, sender }: Desk): Promise<void> {
    if (settings.delivery === 'queue' && queue) return handOver(sql, queue, sender)
    const began = sender.now().getTime()
    const underWay = new Map<string, Promise<void>>()
    let left = PER_ROUND
    const carry = async (letter: Letter): Promise<void> => {
      const outcome = await attempt(letter, settings, sender)
      afterAttempt(sql, letter.id, outcome, sender.now().getTime())
      underWay.delete(letter.id)
    }
    for (;;) {
      const now = sender.now().getTime()
      const free = now - began < ROUND_MS ? Math.min(left, AT_ONCE - underWay.size) : 0
      const due = free > 0 ? dueLetters(sql, now, AT_ONCE).filter(({ id }) => !underWay.has(id)) : []
      for (const letter of due.slice(0, free)) {
        underWay.set(letter.id, carry(letter))
        left -= 1
      }
      if (underWay.size === 0) return
      const rang = new Promise<void>((resolve) => {
        this.#rang = resolve
      })
      await Promise.race([rang, ...underWay.values()])
    }
  }
}

async function handOver(sql: SqlStorage, queue: LetterQueue, sender: Sender): Promise<void> {
  const now = sender.now().getTime()
  const ids = dueLetters(sql, now, BATCH).map(({ id }) => id)
  if (ids.length === 0) return
  const taken = await queue.sendBatch(ids.map((id) => ({ body: { id } }))).then(
    () => true,
    () => false,
  )
  postpone(sql, ids, now + (taken ? QUEUE_MS : QUEUE_RETRY_MS))
}

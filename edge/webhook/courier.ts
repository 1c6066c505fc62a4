/** What the ledger does with letters that are due: delivers them itself, or hands them to the queue. */
import { afterAttempt, dueLetters, postpone } from '../ledger/outbox.ts'
import { writeLog } from '../log.ts'
import { deliver, type Letter, type Outcome, type Sender } from './deliver.ts'
import type { LetterQueue } from './queue.ts'
import type { WebhookSettings } from './settings.ts'

/** The connections one invocation may have open at a time. */
const AT_ONCE = 6
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

/** One round. Never throws; what is left is due again later. */
export async function workOff({ sql, settings, queue, sender }: Desk): Promise<void> {
  if (settings.delivery === 'queue' && queue) return handOver(sql, queue, sender)
  const letters = dueLetters(sql, sender.now().getTime(), AT_ONCE)
  await Promise.all(
    letters.map(async (letter) => {
      const outcome = await attempt(letter, settings, sender)
      afterAttempt(sql, letter.id, outcome, sender.now().getTime())
    }),
  )
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

/** Asks an edge about its dead letters, signed by the operator's key. */
import { randomUUID } from 'node:crypto'
import * as v from 'valibot'
import { standardHeaders } from '../../edge/outbox/standard.ts'
import { KeyRing } from '../../edge/token/key-ring.ts'
import { parseTokenSecrets } from '../../edge/token/secrets.ts'
import { Mistake } from '../base/mistake.ts'

const letter = {
  id: v.string(),
  event: v.string(),
  received: v.string(),
  died: v.string(),
  attempts: v.number(),
  fault: v.string(),
}
/** `total`: how many are dead, of which `dead` are the oldest. `body` is base64. */
const ANSWERS = {
  list: v.object({ waiting: v.number(), total: v.number(), dead: v.array(v.object(letter)) }),
  show: v.object({ letter: v.nullable(v.object({ ...letter, body: v.string() })) }),
  retry: v.object({ revived: v.number() }),
  discard: v.object({ discarded: v.number() }),
}
export type Action = keyof typeof ANSWERS
export type Answer<A extends Action> = v.InferOutput<(typeof ANSWERS)[A]>
/** The edge could not be asked; the message is one sentence. */
export class EdgeFailed extends Error {}

const TIMEOUT_MS = 30_000

/** Throws `Mistake` for wrong secrets, and `EdgeFailed` when the edge gives no such answer. */
export async function askDeadLetters<A extends Action>(
  url: string,
  secrets: string,
  command: { action: A; id?: string | undefined; ids?: readonly string[] | undefined },
): Promise<Answer<A>> {
  if (secrets.trim() === '') throw new Mistake('usage', "TOKEN_SECRETS is missing: set it to the same as the Worker's.")
  const parsed = parseTokenSecrets(secrets)
  const [problem] = parsed.problems
  if (problem) throw new Mistake('usage', `TOKEN_SECRETS ${problem}.`)
  const { key } = await new KeyRing(parsed.secrets).signing('webhook-operator')
  const body = JSON.stringify(command)
  const signed = await standardHeaders({ id: randomUUID(), at: new Date(), body }, [key])
  const response = await fetch(`${url}/webhooks/dead-letters`, {
    method: 'POST',
    headers: { ...signed, 'Content-Type': 'application/json' },
    body,
    redirect: 'manual',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  }).catch((error: unknown) => {
    throw new EdgeFailed(`${url} could not be reached (${reasonOf(error)}).`)
  })
  if (response.status === 404) {
    throw new Mistake(
      'usage',
      `${url} knows no such call: TOKEN_SECRETS is not the Worker's, a clock is off by minutes, or no edge is there.`,
    )
  }
  const answer: unknown = await response.json().catch(() => undefined)
  const read = v.safeParse(ANSWERS[command.action], answer)
  if (response.ok && read.success) return read.output
  throw new EdgeFailed(`${url} answered ${response.status}, which is no answer to this.`)
}

function reasonOf(error: unknown): string {
  const cause: unknown = error instanceof Error ? (error.cause ?? error) : error
  return cause instanceof Error ? ('code' in cause && String(cause.code)) || cause.message : String(cause)
}

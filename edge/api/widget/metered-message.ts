/**
 * One message through the ledger: admitted, sent, and its answer kept for a retry of the same key. If the ledger cannot
 * be reached the message is refused: without it nobody counts what the owner pays.
 */
import type { Edge } from '../../app/context.ts'
import { sha256 } from '../../base/digest.ts'
import { policyField, type Quota, stateField } from '../../base/rate-limit-fields.ts'
import { malformed, type Reason, Refused } from '../../base/reason.ts'
import { EVENT_STREAM, ReplyStream } from '../../caty/events.ts'
import type { MessageAnswer } from '../../contract/edge.ts'
import type { LedgerStub } from '../../ledger/binding.ts'
import type { Admission, Admitted } from '../../ledger/index.ts'
import { CALLS } from '../rate-limit.ts'

/** Seconds after which a ledger that did not answer is tried again. */
const LEDGER_RETRY_S = 5
/** Larger answers are not kept; the retry of such a call would be sent again. */
const MAX_STORED_CHARS = 128 * 1024
/** The status of a message whose fate is not known, and what its key is told. */
const NEVER_KNOWN = 504
const TIMED_OUT = { kind: 'upstream', fault: 'timeout' } as const

/** What the messages of this tenant are held to. */
export const messageQuotas = ({ settings }: Edge): Quota[] => [
  CALLS,
  { policy: 'visitor', quota: settings.messages.perVisitor, window: 60 },
  { policy: 'tenant', quota: settings.messages.perTenant, window: 60 },
  { policy: 'day', quota: settings.messages.perDay, window: 86_400 },
]
type Metered = {
  edge: Edge
  request: Request
  /** Of the answer, whatever it becomes. */
  answerHeaders: Headers
  waitUntil: (work: Promise<unknown>) => void
  visitor: string
  payload: unknown
  send: () => Promise<MessageAnswer | ReplyStream>
}

/** Throws `Refused`: quota, idempotency, ledger_unreachable, and whatever `send` throws. */
export async function meteredMessage({
  edge,
  request,
  answerHeaders,
  waitUntil,
  visitor,
  payload,
  send,
}: Metered): Promise<Response> {
  const quotas = messageQuotas(edge)
  answerHeaders.set('RateLimit-Policy', policyField(quotas))
  const admission: Admission = {
    visitor,
    limits: edge.settings.messages,
    idempotency: await idempotencyOf(request, visitor, payload),
  }
  const admitted = await reach(edge, (ledger) => ledger.admit(admission))
  const headers = new Headers({ 'Content-Type': 'application/json' })
  if (admitted.kind === 'stored') {
    if (admitted.answer.status === NEVER_KNOWN) throw new Refused(TIMED_OUT)
    return new Response(admitted.answer.body, { status: admitted.answer.status, headers })
  }
  if (admitted.kind !== 'go') throw new Refused(refusal(admitted, quotas))
  const admittedAt = admitted.at
  headers.set('RateLimit', stateField(admitted.left.policy, admitted.left.count))
  const sent = sendAdmitted()
  // A visitor who reloads takes the connection along, and without this the runtime ends the call to Caty with it: the
  // message would have been taken, and its key would know nothing of it.
  waitUntil(sent.catch(() => undefined))
  return sent

  async function sendAdmitted(): Promise<Response> {
    try {
      const reply = await send()
      if (reply instanceof ReplyStream) return inPieces(reply, edge, admission, headers, waitUntil)
      const body = JSON.stringify(reply)
      // Before the visitor has it: an answer that was acknowledged must be there for a retry, also after a restart.
      await keep(edge, admission, body)
      return new Response(body, { headers })
    } catch (error) {
      const reason = error instanceof Refused ? error.reason : undefined
      // Caty may have taken it. The same key must not send it again, so it gets the same answer.
      if (reason?.kind === 'upstream' && reason.fault === 'timeout') await keep(edge, admission, '', NEVER_KNOWN)
      else {
        const never = reason && surelyNotSent(reason)
        await reach(edge, (ledger) => ledger.failed(admission, never ? admittedAt : undefined)).catch(() => undefined)
      }
      throw error
    }
  }
}

async function keep(edge: Edge, { idempotency }: Admission, body: string, status = 200): Promise<void> {
  if (idempotency && body.length <= MAX_STORED_CHARS)
    await reach(edge, (ledger) => ledger.answered(idempotency.id, { status, body })).catch(() => undefined)
}

/** The pieces go out as they come; the whole is kept when the last one is there. */
function inPieces(
  reply: ReplyStream,
  edge: Edge,
  admission: Admission,
  headers: Headers,
  waitUntil: (work: Promise<unknown>) => void,
): Response {
  headers.set('Content-Type', EVENT_STREAM)
  // Without this the runtime compresses, and compression waits for more (honojs/hono#3449).
  headers.set('Content-Encoding', 'identity')
  const { promise, resolve } = Promise.withResolvers<void>()
  waitUntil(promise)
  const body = reply.body(async (answer) => {
    await (answer
      ? keep(edge, admission, JSON.stringify(answer))
      : reach(edge, (ledger) => ledger.failed(admission, undefined)).catch(() => undefined))
    resolve()
  })
  return new Response(body, { headers })
}

function refusal(admitted: Exclude<Admitted, { kind: 'go' | 'stored' }>, quotas: Quota[]): Reason {
  if (admitted.kind === 'mismatch') return { kind: 'idempotency_mismatch' }
  const retryAfter = admitted.waitMs / 1000
  if (admitted.kind === 'running') return { kind: 'idempotency_running', retryAfter }
  return { kind: 'quota', quotas, policy: admitted.policy, retryAfter }
}

/** What Caty did not take, or never saw, costs the visitor nothing. */
const surelyNotSent = (reason: Reason): boolean =>
  reason.kind === 'upstream_resting' || reason.kind === 'upstream_busy' || reason.kind === 'upstream_refused_key'

async function reach<T>(edge: Edge, ask: (ledger: LedgerStub) => Promise<T>): Promise<T> {
  try {
    return await ask(edge.ledger.getByName('tenant'))
  } catch {
    throw new Refused({ kind: 'ledger_unreachable', retryAfter: LEDGER_RETRY_S })
  }
}

/**
 * RFC 9651 section 3.3.3: a string in double quotes of printable ASCII; escapes are not needed for a key. Bare, as a token
 * of section 3.3.4 or a UUID, is how most clients spell it, and refusing it would only cost them the protection.
 */
const KEY = /^(?:"([\x20-\x21\x23-\x5b\x5d-\x7e]{1,200})"|([\w!#$%&'*+./:^`|~-]{1,200}))$/

/** The record's name holds the visitor, so nobody finds another's answer by guessing a key. */
async function idempotencyOf(request: Request, visitor: string, payload: unknown): Promise<Admission['idempotency']> {
  const header = request.headers.get('Idempotency-Key')
  if (header === null) return undefined
  const [, quoted, bare] = KEY.exec(header) ?? []
  const key = quoted ?? bare
  if (key === undefined) throw malformed('must be a string of 1 to 200 letters, in double quotes', 'Idempotency-Key')
  return { id: await sha256(`${visitor}\n${key}`), fingerprint: await sha256(JSON.stringify(payload)) }
}

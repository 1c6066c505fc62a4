/**
 * Sends one message through the ledger, which admits it and stores its answer for a retry with the same key. Without the
 * ledger nothing counts what the owner pays, so the message is then refused.
 */
import type { Edge } from '../../app/context.ts'
import { sha256 } from '../../base/digest.ts'
import { policyField, type Quota, stateField } from '../../base/rate-limit-fields.ts'
import { malformed, type Reason, Refused } from '../../base/reason.ts'
import { EVENT_STREAM, ReplyStream } from '../../caty/events.ts'
import type { MessageAnswer } from '../../contract/edge.ts'
import type { LedgerStub } from '../../ledger/binding.ts'
import type { Admission, Admitted } from '../../ledger/index.ts'
import { reachLedger } from '../../ledger/reach.ts'
import { CALLS } from '../rate-limit.ts'

/** Seconds of `Retry-After` when the ledger did not answer. */
const LEDGER_RETRY_S = 5
/** Larger answers are not stored, so a retry of such a message is sent again. */
const MAX_STORED_CHARS = 128 * 1024
/** The stored status of a message that Caty may or may not have taken, and the refusal for its key. */
const NEVER_KNOWN = 504
const TIMED_OUT = { kind: 'upstream', fault: 'timeout' } as const

/** The limits of a message of this tenant. */
export const messageQuotas = ({ settings }: Pick<Edge, 'settings'>): Quota[] => [
  CALLS,
  { policy: 'visitor', quota: settings.messages.perVisitor, window: 60 },
  { policy: 'tenant', quota: settings.messages.perTenant, window: 60 },
  { policy: 'day', quota: settings.messages.perDay, window: 86_400 },
]
type Metered = {
  edge: Pick<Edge, 'settings' | 'ledger'>
  request: Request
  /** Headers of the answer, also of a refusal. */
  answerHeaders: Headers
  waitUntil: (work: Promise<unknown>) => void
  visitor: string
  payload: unknown
  send: () => Promise<MessageAnswer | ReplyStream>
}

/** Sends the message. Throws `Refused`: quota, idempotency, ledger_unreachable, and what `send` throws. */
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
  // When a visitor reloads, the runtime would end the call to Caty with their connection. Caty would have taken the
  // message, and the record of its key would not know.
  waitUntil(sent.catch(() => undefined))
  return sent

  async function sendAdmitted(): Promise<Response> {
    try {
      const reply = await send()
      if (reply instanceof ReplyStream) return inPieces(reply, edge, admission, headers, waitUntil)
      const body = JSON.stringify(reply)
      // Stored before the visitor has it, so that a retry finds every answer that was sent, also after a restart.
      await keep(edge, admission, body)
      return new Response(body, { headers })
    } catch (error) {
      const reason = error instanceof Refused ? error.reason : undefined
      // Caty may have taken the message, so the same key must not send it again.
      if (reason?.kind === 'upstream' && reason.fault === 'timeout') await keep(edge, admission, '', NEVER_KNOWN)
      else {
        const never = reason && surelyNotSent(reason)
        await reach(edge, (ledger) => ledger.failed(admission, never ? admittedAt : undefined)).catch(() => undefined)
      }
      throw error
    }
  }
}

async function keep(edge: Pick<Edge, 'ledger'>, { idempotency }: Admission, body: string, status = 200): Promise<void> {
  if (idempotency && body.length <= MAX_STORED_CHARS)
    await reach(edge, (ledger) => ledger.answered(idempotency.id, { status, body })).catch(() => undefined)
}

/** Streams the pieces as they arrive, and stores the whole reply after the last. */
function inPieces(
  reply: ReplyStream,
  edge: Pick<Edge, 'ledger'>,
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

/** True if Caty surely did not take the message, which then costs nothing. */
const surelyNotSent = (reason: Reason): boolean =>
  reason.kind === 'upstream_resting' || reason.kind === 'upstream_busy' || reason.kind === 'upstream_refused_key'

async function reach<T>(edge: Pick<Edge, 'ledger'>, ask: (ledger: LedgerStub) => Promise<T>): Promise<T> {
  try {
    return await reachLedger(edge.ledger, ask)
  } catch {
    throw new Refused({ kind: 'ledger_unreachable', retryAfter: LEDGER_RETRY_S })
  }
}

/**
 * A string in double quotes (RFC 9651 section 3.3.3), or bare, as most clients send it: refusing those would only take the
 * protection from them.
 */
const KEY = /^(?:"([\x20-\x21\x23-\x5b\x5d-\x7e]{1,200})"|([\w!#$%&'*+./:^`|~-]{1,200}))$/

/** The id of the record includes the visitor, so nobody gets another visitor's answer by guessing a key. */
async function idempotencyOf(request: Request, visitor: string, payload: unknown): Promise<Admission['idempotency']> {
  const header = request.headers.get('Idempotency-Key')
  if (header === null) return undefined
  const [, quoted, bare] = KEY.exec(header) ?? []
  const key = quoted ?? bare
  if (key === undefined) throw malformed('must be a string of 1 to 200 letters, in double quotes', 'Idempotency-Key')
  return { id: await sha256(`${visitor}\n${key}`), fingerprint: await sha256(JSON.stringify(payload)) }
}

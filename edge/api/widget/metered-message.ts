/**
 * Sends one message through the ledger, which admits it and stores its answer for a retry with the same key. Without the
 * ledger nothing counts what the owner pays, so the message is then refused. A key never sends twice: it is free again only
 * when Caty surely did not take the message.
 */
import type { Edge } from '../../app/context.ts'
import { sha256 } from '../../base/digest.ts'
import { policyField, type Quota, stateField } from '../../base/rate-limit-fields.ts'
import { malformed, type Reason, Refused } from '../../base/reason.ts'
import type { MessageOptions } from '../../caty/chat.ts'
import { EVENT_STREAM, ReplyStream } from '../../caty/events.ts'
import { Permit } from '../../caty/permits.ts'
import type { MessageAnswer } from '../../contract/edge.ts'
import type { LedgerStub } from '../../ledger/binding.ts'
import type { Admission, Admitted } from '../../ledger/index.ts'
import { reachLedger } from '../../ledger/reach.ts'
import { addressKey, CALLS } from '../rate-limit.ts'

/** Seconds of `Retry-After` when the ledger did not answer. */
const LEDGER_RETRY_S = 5
/** A row of the ledger holds 2 MB, and a character at most 3 bytes. The retry of a larger answer is refused. */
const MAX_STORED_CHARS = 600_000

/** The limits of a message of this tenant. */
export const messageQuotas = ({ settings }: Pick<Edge, 'settings'>): Quota[] => [
  CALLS,
  { policy: 'visitor', quota: settings.messages.perVisitor, window: 60 },
  { policy: 'tenant', quota: settings.messages.perTenant, window: 60 },
  { policy: 'day', quota: settings.messages.perDay, window: 86_400 },
]
/** What every message needs, whichever way it goes. */
type Sender = Pick<Metered, 'edge' | 'request' | 'visitor' | 'key'>

const admissionOf = async ({ edge, request, visitor, key }: Sender): Promise<Admission> => ({
  visitor,
  address: await addressKey(request, edge),
  limits: edge.settings.messages,
  callsPerMinute: edge.settings.callsPerMinute,
  key,
})

/** Counts a message that goes out with a file. Throws `Refused`: quota, ledger_unreachable. */
export async function admitWithFile(sender: Sender): Promise<Permit> {
  const admission = await admissionOf(sender)
  const admitted = await reach(sender.edge, (ledger) => ledger.admit(admission))
  if (admitted.kind === 'wait') throw new Refused(refusal(admitted, messageQuotas(sender.edge)))
  return new Permit()
}

type Metered = {
  edge: Pick<Edge, 'settings' | 'ledger' | 'ring' | 'platform'>
  request: Request
  /** Headers of the answer, also of a refusal. */
  answerHeaders: Headers
  waitUntil: (work: Promise<unknown>) => void
  visitor: string
  /** The hash of the key that is used. */
  key: string | undefined
  payload: unknown
  send: (options: Pick<MessageOptions, 'permit' | 'mayRepeat'>) => Promise<MessageAnswer | ReplyStream>
}

/** Sends the message. Throws `Refused`: quota, idempotency, ledger_unreachable, and what `send` throws. */
export async function meteredMessage({
  edge,
  request,
  answerHeaders,
  waitUntil,
  visitor,
  key,
  payload,
  send,
}: Metered): Promise<Response> {
  const quotas = messageQuotas(edge)
  answerHeaders.set('RateLimit-Policy', policyField(quotas))
  const admission: Admission = {
    ...(await admissionOf({ edge, request, visitor, key })),
    idempotency: await idempotencyOf(request, visitor, payload),
  }
  const admitted = await reach(edge, (ledger) => ledger.admit(admission))
  const headers = new Headers({ 'Content-Type': 'application/json' })
  if (admitted.kind === 'stored') return new Response(admitted.body, { headers })
  if (admitted.kind !== 'go') throw new Refused(refusal(admitted, quotas))
  const { id } = admitted
  headers.set('RateLimit', stateField(admitted.left.policy, admitted.left.count))
  const permit = new Permit()
  const mayRepeat = () => reach(edge, (ledger) => ledger.admitExtra(edge.settings.messages)).catch(() => false)
  const sent = sendAdmitted()
  // When a visitor reloads, the runtime would end the call to Caty with their connection. Caty would have taken the
  // message, and the record of its key would not know.
  waitUntil(sent.catch(() => undefined))
  return sent

  async function sendAdmitted(): Promise<Response> {
    try {
      const reply = await send({ permit, mayRepeat })
      if (reply instanceof ReplyStream) return inPieces(reply, edge, admission, headers, waitUntil)
      const body = JSON.stringify(reply)
      // Stored before the visitor has it, so that a retry finds every answer that was sent, also after a restart.
      await keep(edge, admission, body)
      return new Response(body, { headers })
    } catch (error) {
      const reason: Reason = error instanceof Refused ? error.reason : { kind: 'internal' }
      if (permit.isSpent && !isRefusal(reason)) {
        await leaveOpen(edge, admission)
        throw new Refused({ kind: 'outcome_unknown', fault: reason.kind === 'upstream' ? reason.fault : 'internal' })
      }
      // Whatever Caty answers, an attempt costs what it costs.
      const refund = permit.isSpent ? undefined : id
      await reach(edge, (ledger) => ledger.failed(admission, refund)).catch(() => undefined)
      throw error
    }
  }
}

/** If the ledger fails here, the record stays without an answer, and its key is refused like one that was left open. */
async function keep(edge: Pick<Edge, 'ledger'>, admission: Admission, body: string): Promise<void> {
  const { idempotency } = admission
  if (!idempotency) return
  if (body.length > MAX_STORED_CHARS) return leaveOpen(edge, admission)
  await reach(edge, (ledger) => ledger.answered(idempotency.id, body)).catch(() => undefined)
}

async function leaveOpen(edge: Pick<Edge, 'ledger'>, { idempotency }: Admission): Promise<void> {
  if (idempotency) await reach(edge, (ledger) => ledger.leftOpen(idempotency.id)).catch(() => undefined)
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
    await (answer ? keep(edge, admission, JSON.stringify(answer)) : leaveOpen(edge, admission))
    resolve()
  })
  return new Response(body, { headers })
}

function refusal(admitted: Exclude<Admitted, { kind: 'go' | 'stored' }>, quotas: Quota[]): Reason {
  if (admitted.kind === 'mismatch') return { kind: 'idempotency_mismatch' }
  if (admitted.kind === 'unknown') return { kind: 'outcome_unknown', fault: 'repeated' }
  const retryAfter = admitted.waitMs / 1000
  if (admitted.kind === 'running') return { kind: 'idempotency_running', retryAfter }
  return { kind: 'quota', quotas, policy: admitted.policy, retryAfter }
}

/** True if Caty refused the message, or has no route for it. After any other ending it may have it. */
const isRefusal = (reason: Reason): boolean =>
  reason.kind === 'upstream' ? reason.fault === 'no_route' : REFUSALS.has(reason.kind)
const REFUSALS: ReadonlySet<Reason['kind']> = new Set([
  'quota',
  'upstream_busy',
  'upstream_refused_key',
  'upstream_refused_body',
  'session_not_found',
])

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

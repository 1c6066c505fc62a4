/**
 * Forwards the calls of the Widget API. The body is parsed by the schema of the row and serialised again, so nothing
 * unknown passes in either direction. The path is a constant, or holds an id that came out of a sealed handle.
 */
import type * as v from 'valibot'
import type { Call } from '../../app/call.ts'
import { Refused, unusable } from '../../base/reason.ts'
import type { Permit } from '../../caty/permits.ts'
import { speaksOfSession } from '../../contract/caty.ts'
import { readAnswer } from '../../contract/caty-answers.ts'
import type { Scope } from '../../contract/edge.ts'
import { readJson, readQuery } from '../../http/body.ts'
import type { RelayedForm } from '../../http/file-relay.ts'
import type { Purpose } from '../../settings/index.ts'
import { type DayBudget, spendOfDay } from './day-budget.ts'
import { type Authorized, scoped, sessionBehind } from './scoped.ts'

type Row<Answer extends object> = {
  scope: Scope
  /** Which of the widget's keys is used. */
  purpose: Purpose
  /** Bytes of the body. */
  cap: number
  timeoutMs: number
  answer: v.GenericSchema<unknown, Answer>
  /** The limit a day that the call counts for. */
  budget?: DayBudget
}
type InSession = { session_id?: string | undefined }
type Handler = (call: Call) => Promise<Response>

/** The handler of a `POST` with JSON. A `session_id` in it is the visitor's handle and is replaced by Caty's id. */
export function forwardBody<B extends v.GenericSchema<unknown, object & InSession>, Answer extends object>(
  row: Row<Answer> & { path: string; body: B; addVisitor?: true },
): Handler {
  return scoped(row.scope, async (call) => {
    const body: object & InSession = await readJson(call.request, row.body, row.cap)
    const handle = body.session_id
    const sent = {
      ...body,
      ...(handle !== undefined && { session_id: await sessionBehind(handle, call) }),
      ...(row.addVisitor && { visitor_id: call.token.sub }),
    }
    return relay(call, row, { method: 'POST', path: row.path, body: sent })
  })
}

/** The handler of a `GET` with a query. */
export function forwardQuery<Q extends v.GenericSchema<unknown, Record<string, string>>, Answer extends object>(
  row: Row<Answer> & { path: string; query: Q },
): Handler {
  return scoped(row.scope, async (call) => {
    const query: Record<string, string> = readQuery(call.request, row.query)
    return relay(call, row, { method: 'GET', path: `${row.path}?${new URLSearchParams(query)}` })
  })
}

/** The handler of `PATCH /api/widget/session/:id`. */
export function forwardSession<B extends v.GenericSchema<unknown, object>, Answer extends object>(
  row: Row<Answer> & { body: B },
): Handler {
  return scoped(row.scope, async (call) => {
    const id = await sessionBehind(call.path.split('/').at(-1) ?? '', call)
    const body: object = await readJson(call.request, row.body, row.cap)
    return relay(call, row, { method: 'PATCH', path: `/api/widget/session/${encodeURIComponent(id)}`, body })
  })
}

type Sent = {
  method: 'GET' | 'POST' | 'PATCH'
  path: string
  body?: object
  form?: RelayedForm
  permit?: Permit | undefined
}

/** Sends the call with the widget's key, and returns the part of the answer that the schema knows. */
export async function relay<Answer extends object>(
  call: Authorized,
  row: Pick<Row<Answer>, 'purpose' | 'timeoutMs' | 'answer' | 'budget'>,
  sent: Sent,
): Promise<Response> {
  const { purpose, timeoutMs, budget } = row
  if (budget) await spendOfDay(budget, call.edge)
  const answer = await call.upstream(() =>
    call.edge.client.call({ widget: call.token.client_id, purpose, timeoutMs, ...sent }),
  )
  const lost = answer.status === 404
  if (lost && speaksOfSession(answer.json)) throw new Refused({ kind: 'session_not_found' })
  const read = lost ? undefined : readAnswer(row.answer, answer.json)
  if (read === undefined) throw unusable(answer.status)
  return Response.json({ success: true, ...read })
}

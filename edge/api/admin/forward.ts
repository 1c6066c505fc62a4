/**
 * Forwards the calls of the Admin API. Query and body are parsed by the schema of the row and serialised again, the path
 * is a constant with at most one validated id, and the answer is read by its schema.
 */
import * as v from 'valibot'
import type { Call } from '../../app/call.ts'
import { malformed, Refused, unusable } from '../../base/reason.ts'
import { readAdminAnswer } from '../../contract/admin-answers.ts'
import { NoQuery, RecordId } from '../../contract/admin-calls.ts'
import { readJson, readQuery } from '../../http/body.ts'
import type { RelayedForm } from '../../http/file-relay.ts'
import { type AdminCall, signedIn } from './authorize.ts'

type Handler = (call: Call) => Promise<Response>
type AdminRow<Answer extends object> = {
  path: string
  answer: v.GenericSchema<unknown, Answer>
  /** The member that holds the list or the record, and other names that Caty may use for it. */
  member: string
  other?: readonly string[]
}
type Method = 'GET' | 'POST' | 'PUT' | 'DELETE'
type Fields = v.GenericSchema<unknown, object>
/** Set when the last segment of the path is an id. */
type ById = { byId?: true }

/** Milliseconds: enough for a report over a year of conversations. */
const TIMEOUT_MS = 10_000
/** Bytes: enough for a page of a hundred whole conversations. */
const ANSWER_CAP = 2 * 1024 * 1024

/** The handler of one row. `GET` unless `method` says otherwise; a query parameter that the row does not name is refused. */
export function forward<Answer extends object>(
  row: AdminRow<Answer> & ById & { method?: Method; query?: Fields; body?: Fields },
): Handler {
  return signedIn(async (call) => {
    const { method = 'GET', query = NoQuery } = row
    const asked = Object.entries(readQuery(call.request, query)).map(([name, value]) => [name, String(value)])
    const path = [pathOf(row, call), new URLSearchParams(asked)].join('?').replace(/\?$/, '')
    if (!row.body) return relay(call, row, { method, path })
    const body = await readJson(call.request, row.body)
    if (Object.keys(body).length === 0) throw malformed('holds nothing that this call can change')
    return relay(call, row, { method, path, body })
  })
}

/** The path at Caty. An id that no record can have gets the same 404 as one that no record has. */
function pathOf({ path, byId }: { path: string } & ById, call: Call): string {
  if (!byId) return path
  const id = v.safeParse(RecordId, call.path.split('/').at(-1))
  if (!id.success) throw new Refused({ kind: 'record_not_found' })
  return `${path}/${id.output}`
}

type Sent = { method: Method; path: string; body?: object; form?: RelayedForm }

/** Sends the call with the user's own token, and returns the part of the answer that the schema knows. */
export async function relay<Answer extends object>(
  call: AdminCall,
  row: AdminRow<Answer> & ById & { timeoutMs?: number },
  sent: Sent,
): Promise<Response> {
  const { timeoutMs = TIMEOUT_MS } = row
  const answer = await call.upstream(() =>
    call.admin.client.call({ userToken: call.user.jwt, timeoutMs, answerCap: ANSWER_CAP, ...sent }),
  )
  // Without an id a 404 means that Caty does not know the route.
  if (answer.status === 404) throw row.byId ? new Refused({ kind: 'record_not_found' }) : unusable(404)
  const read = readAdminAnswer(row.answer, answer.json, row.member, row.other)
  if (read === undefined) throw unusable(answer.status)
  return Response.json({ success: true, ...read })
}

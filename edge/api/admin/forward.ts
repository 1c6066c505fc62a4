/**
 * Forwarding by row, as for the Widget API: queries and bodies are parsed by their schema and written anew, the path is a
 * constant and at most one id that was looked at, and the answer is read by its schema.
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
type Answered<A extends v.GenericSchema> = {
  path: string
  answer: A
  /** The member that holds the list or the record, and other names it may have at Caty. */
  member: string
  other?: readonly string[]
}
type Method = 'GET' | 'POST' | 'PUT' | 'DELETE'
type Fields = v.GenericSchema<unknown, object>
/** The last segment of the path is an id. */
type ById = { byId?: true }

/** Milliseconds; a report over a year of conversations still fits. */
const TIMEOUT_MS = 10_000
/** A page of a hundred conversations with everything that was said in them. */
const ANSWER_CAP = 2 * 1024 * 1024

/** One row of the table: `GET`, unless it says otherwise. A query that it does not name is refused. */
export function forward<A extends v.GenericSchema>(
  row: Answered<A> & ById & { method?: Method; query?: Fields; body?: Fields },
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

/** An id that no record can have is answered like one that no record has. */
function pathOf({ path, byId }: { path: string } & ById, call: Call): string {
  if (!byId) return path
  const id = v.safeParse(RecordId, call.path.split('/').at(-1))
  if (!id.success) throw new Refused({ kind: 'record_not_found' })
  return `${path}/${id.output}`
}

type Sent = { method: Method; path: string; body?: object; form?: RelayedForm }

/** Sends with the user's own token, and answers with what the schema knows. */
export async function relay<A extends v.GenericSchema>(
  call: AdminCall,
  row: Answered<A> & ById & { timeoutMs?: number },
  sent: Sent,
): Promise<Response> {
  const { timeoutMs = TIMEOUT_MS } = row
  const answer = await call.upstream(() =>
    call.admin.client.call({ userToken: call.user.jwt, timeoutMs, answerCap: ANSWER_CAP, ...sent }),
  )
  // Where no record was named, a 404 means that Caty does not know the call.
  if (answer.status === 404) throw row.byId ? new Refused({ kind: 'record_not_found' }) : unusable(404)
  const read: unknown = readAdminAnswer(row.answer, answer.json, row.member, row.other)
  if (read === undefined) throw unusable(answer.status)
  return Response.json({ success: true, ...Object(read) })
}

/**
 * Makes the answer to a reason: problem details (RFC 9457) that carry Caty's own members too, or an OAuth error
 * (RFC 6749 section 5.2) at the token endpoint. What the answer says is in `table.ts`.
 */
import type { Reason, ReasonKind, ReasonOf } from '../../base/reason.ts'
import type { Problem as ProblemAnswer } from '../../contract/edge.ts'
import { type Header, PROBLEMS, type Problem, type ProblemTable } from './table.ts'

/** Registered at IANA, so it stands in place of a type of ours. */
const QUOTA_EXCEEDED = 'https://iana.org/assignments/http-problem-types#quota-exceeded'

/** Which call was refused: `issuer` is this edge's own origin, `requestId` what the log line carries. */
export type RefusedCall = { issuer: string; requestId: string }

const table: ProblemTable = PROBLEMS

/** What the caller is told of a reason. */
export function problemOf<K extends ReasonKind>(reason: ReasonOf<K>): Problem {
  const { also, ...row } = table[reason.kind]
  return { detail: row.title, ...row, ...also?.(reason) }
}

/** The answer everywhere but at the token endpoint. */
export function problemResponse(reason: Reason, call: RefusedCall): Response {
  const problem = problemOf(reason)
  const body: ProblemAnswer = membersOf(problem, call)
  return respond(problem.status, problem.headers, body, 'application/problem+json')
}

/** The answer at `/token`: `error` and `error_description` beside the members of a problem. */
export function tokenErrorResponse(reason: Reason, call: RefusedCall): Response {
  const problem = problemOf(reason)
  // A refused proof is a bad request here: 401 would ask the client to authenticate, which it cannot (RFC 9449 section 5).
  const status = reason.kind === 'proof' || reason.kind === 'nonce_needed' ? 400 : problem.status
  const headers = (problem.headers ?? []).filter(([name]) => name !== 'WWW-Authenticate')
  // RFC 6749 section 5.2: a client that authenticated by this header learns which scheme was refused.
  const scheme = (reason.kind === 'oauth' && reason.scheme) || 'Bearer'
  if (status === 401) headers.push(['WWW-Authenticate', `${scheme} realm="caty-keyless"`])
  const body = {
    error_description: printable(problem.detail),
    ...membersOf({ ...problem, status }, call),
    error: oauthErrorOf(reason),
    ...(problem.challenge && { challenge: problem.challenge }),
  }
  return respond(status, headers, body, 'application/json')
}

/** `instance` is the request id as a URN. */
function membersOf(problem: Problem, { issuer, requestId }: RefusedCall): ProblemAnswer {
  const { type, title, status, detail, code, field, violated } = problem
  return {
    type: violated ? QUOTA_EXCEEDED : `${issuer}/problems#${type}`,
    title,
    status,
    detail,
    instance: `urn:uuid:${requestId}`,
    success: false,
    error: detail,
    code,
    ...(field !== undefined && { field }),
    ...(violated && { 'violated-policies': violated }),
  }
}

function oauthErrorOf(reason: Reason): string {
  switch (reason.kind) {
    case 'oauth':
      return reason.error
    case 'proof':
      return 'invalid_dpop_proof'
    case 'nonce_needed':
      return 'use_dpop_nonce'
    case 'origin_missing':
    case 'origin_not_allowed':
    case 'fetch_metadata':
      return 'unauthorized_client'
    case 'settings':
    case 'maintenance':
    case 'upstream_resting':
    case 'challenge_unreachable':
      return 'temporarily_unavailable'
    // RFC 8628 section 3.5 has this word for it.
    case 'quota':
      return 'slow_down'
    case 'internal':
      return 'server_error'
    default:
      return 'invalid_request'
  }
}

/** RFC 6749 section 5.2 allows %x20-21, %x23-5B and %x5D-7E in a description. */
const printable = (text: string): string => text.replace(/[^\x20-\x21\x23-\x5b\x5d-\x7e]/g, "'")

function respond(status: number, added: readonly Header[] = [], body: object, type: string): Response {
  const headers = new Headers({ 'Content-Type': type, 'Cache-Control': 'no-store' })
  for (const [name, value] of added) headers.append(name, value)
  return new Response(JSON.stringify(body), { status, headers })
}

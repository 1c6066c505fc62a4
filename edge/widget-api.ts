/** `/api/widget/*`: the closed list of calls that a visitor's browser may make, and what each becomes at Caty. */
import type { Call } from './call.ts'
import { MessageRequest, type Scope, type SessionAnswer, SessionRequest } from './contract/edge.ts'
import { type AuthorizedCall, authorize } from './guard/authorize.ts'
import { readJson } from './guard/body.ts'
import { Refused } from './reason.ts'
import { openSession, sealSession } from './token/handle.ts'

type Authorized = Call & AuthorizedCall

/** Wraps a handler in the check of its scope. */
function scoped(scope: Scope, handle: (call: Authorized) => Promise<Response>) {
  return async (call: Call): Promise<Response> => {
    const authorized = await authorize(call.request, scope, call, call.edge)
    call.note({ widget: authorized.token.client_id })
    const response = await handle({ ...call, ...authorized })
    if (authorized.nonce !== undefined) response.headers.set('DPoP-Nonce', authorized.nonce)
    return response
  }
}

const ownerOf = ({ token }: Authorized) => ({ visitor: token.sub, widget: token.client_id })
/** Caty's session id behind the visitor's handle. Somebody else's is answered like one that never was. */
async function sessionBehind(handle: string, call: Authorized): Promise<string> {
  const id = await openSession(handle, ownerOf(call), call.edge.ring)
  if (id === undefined) throw new Refused({ kind: 'session_not_found' })
  return id
}

/** `GET /api/widget/config` */
export const configCall = scoped('config', async (call) => {
  const { config, cacheStatus } = await call.edge.configs.get(call.token.client_id, call.later)
  call.note({ cache: cacheStatus })
  return Response.json({ success: true, config }, { headers: { 'Cache-Status': cacheStatus } })
})

/** `POST /api/widget/session`: opens a session, or finds the visitor's running one. */
export const sessionCall = scoped('chat', async (call) => {
  const body = await readJson(call.request, SessionRequest)
  const userAgent = (call.request.headers.get('User-Agent') ?? '').slice(0, 300)
  const session = await call.edge.chat.openSession(
    { id: call.token.sub, widget: call.token.client_id, userAgent },
    body,
  )
  const answer: SessionAnswer = {
    success: true,
    session_id: await sealSession(session.session_id, ownerOf(call), call.edge.ring, call.edge.platform.random(12)),
    visitor_id: call.token.sub,
    greeting: session.greeting,
  }
  return Response.json(answer)
})

/** `POST /api/widget/message`: one message, one reply. */
export const messageCall = scoped('chat', async (call) => {
  const body = await readJson(call.request, MessageRequest)
  const session = await sessionBehind(body.session_id, call)
  const config = call.edge.configs.peek(call.token.client_id)
  return Response.json(await call.edge.chat.sendMessage(call.token.client_id, session, body, config))
})

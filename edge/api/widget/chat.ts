/** Configuration, session and message: the calls that do more than forward. */
import { cut } from '../../base/well-formed.ts'
import { EVENT_STREAM } from '../../caty/events.ts'
import { MessageRequest, type SessionAnswer, SessionRequest } from '../../contract/edge.ts'
import { readJson } from '../../http/body.ts'
import { sealSession } from '../../token/handle.ts'
import { meteredMessage } from './metered-message.ts'
import { ownerOf, scoped, sessionBehind } from './scoped.ts'

/** `GET /api/widget/config` */
export const configCall = scoped('config', async (call) => {
  const { config, cacheStatus } = await call.edge.configs.get(call.token.client_id, call.waitUntil)
  call.note({ cache: cacheStatus })
  return Response.json({ success: true, config }, { headers: { 'Cache-Status': cacheStatus } })
})

/** `POST /api/widget/session`: opens a session, or continues the visitor's running one. */
export const sessionCall = scoped('chat', async (call) => {
  const body = await readJson(call.request, SessionRequest)
  const userAgent = cut(call.request.headers.get('User-Agent') ?? '', 300)
  const visitor = { id: call.token.sub, widget: call.token.client_id, userAgent }
  const session = await call.upstream(() => call.edge.chat.openSession(visitor, body))
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
  const stream = (call.request.headers.get('Accept') ?? '').includes(EVENT_STREAM)
  return meteredMessage({
    edge: call.edge,
    waitUntil: call.waitUntil,
    request: call.request,
    answerHeaders: call.headers,
    visitor: call.token.sub,
    payload: body,
    key: await call.edge.client.keyIdOf(call.token.client_id, 'chat'),
    send: (options) =>
      call.upstream(() =>
        call.edge.chat.sendMessage(call.token.client_id, session, body, config, { stream, ...options }),
      ),
  })
})

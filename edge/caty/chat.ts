/** Sessions and messages, in the dialect that Caty answers, in one shape. */

import { Refused, unusable } from '../base/reason.ts'
import { type CatySession, membersOf, readReply, readSession, speaksOfSession } from '../contract/caty.ts'
import type { WidgetConfig } from '../contract/config.ts'
import type { MessageAnswer, MessageRequest, SessionRequest } from '../contract/edge.ts'
import type { CatyAnswer, CatyClient } from './client.ts'
import { type Dialect, type DialectChoice, messageBody, messagePath, otherDialect, sessionBody } from './dialect.ts'
import type { ReplyStream } from './events.ts'
import type { Permit } from './permits.ts'

/** Milliseconds. Answers may take this long to be generated. */
const MESSAGE_TIMEOUT_MS = 30_000
const SESSION_TIMEOUT_MS = 10_000

export type MessageOptions = {
  /** The caller can take the reply in pieces. */
  stream: boolean
  permit: Permit
  /** Counts a second attempt, or says that there is no room for it. */
  mayRepeat: () => Promise<boolean>
}

export type Visitor = { id: string; widget: string; userAgent: string }

export class CatyChat {
  readonly #client: CatyClient
  readonly #dialect: DialectChoice

  constructor(client: CatyClient, dialect: DialectChoice) {
    this.#client = client
    this.#dialect = dialect
  }

  /** Opens a session, or continues the visitor's running one. Throws `Refused`. */
  async openSession(visitor: Visitor, request: SessionRequest): Promise<CatySession> {
    const answer = await this.#client.call({
      widget: visitor.widget,
      purpose: 'chat',
      method: 'POST',
      path: '/api/widget/session',
      body: sessionBody(this.#dialect.current, visitor.id, request, visitor.userAgent),
      timeoutMs: SESSION_TIMEOUT_MS,
    })
    const session = answer.status === 404 ? undefined : readSession(answer.json)
    if (!session) throw unusable(answer.status)
    return session
  }

  /** Sends one message to an open session. Throws `Refused`, `session_not_found` among others. */
  async sendMessage(
    widget: string,
    session: string,
    request: MessageRequest,
    config: WidgetConfig | undefined,
    { stream, permit, mayRepeat }: MessageOptions,
  ): Promise<MessageAnswer | ReplyStream> {
    const send = (dialect: Dialect): Promise<CatyAnswer> =>
      this.#client.call({
        widget,
        purpose: 'chat',
        method: 'POST',
        path: messagePath[dialect],
        body: messageBody(dialect, session, request, config),
        timeoutMs: MESSAGE_TIMEOUT_MS,
        stream,
        permit,
      })
    const spoken = this.#dialect.current
    let answer = await send(spoken)
    // A 404 that is not about a session means that the route is missing. Nothing was done, so the other may be tried.
    const isMissing = answer.status === 404 && !speaksOfSession(answer.json) && !this.#dialect.fixed
    if (isMissing && (await mayRepeat())) {
      const other = otherDialect(spoken)
      const second = await send(other)
      if (second.status !== 404 || speaksOfSession(second.json)) this.#dialect.remember(other)
      answer = second
    }
    if (answer.status === 404 && lostSession(answer.json)) throw new Refused({ kind: 'session_not_found' })
    if (answer.stream) return answer.stream
    const reply = answer.status === 404 ? undefined : readReply(answer.json)
    if (!reply) throw unusable(answer.status)
    return reply
  }
}

/** After both routes were tried, a bare `NOT_FOUND` can only mean the session, as the vendor's widget reads it. */
const lostSession = (json: unknown): boolean => speaksOfSession(json) || membersOf(json).code === 'NOT_FOUND'

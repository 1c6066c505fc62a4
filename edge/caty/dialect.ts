/**
 * The two dialects of Caty, documented and observed: where a call goes and how its body looks. Answers need no dialect,
 * because all their forms can be told apart.
 */

import { cut } from '../base/well-formed.ts'
import type { WidgetConfig } from '../contract/config.ts'
import type { MessageRequest, SessionRequest } from '../contract/edge.ts'

export type Dialect = 'documented' | 'observed'

export const messagePath: Record<Dialect, string> = {
  documented: '/api/widget/message',
  observed: '/api/widget/chat/message',
}

export const otherDialect = (dialect: Dialect): Dialect => (dialect === 'observed' ? 'documented' : 'observed')

/** Milliseconds that a dialect is remembered. A route that was missing for a moment must not decide for ever. */
const REMEMBER_MS = 3600_000

/** Which dialect to use. `auto` starts with the one that production answers, and keeps for an hour what worked. */
export class DialectChoice {
  readonly fixed: boolean
  readonly #first: Dialect
  readonly #now: () => Date
  #found: { dialect: Dialect; at: number } | undefined

  constructor(setting: 'auto' | Dialect, now: () => Date) {
    this.fixed = setting !== 'auto'
    this.#first = setting === 'auto' ? 'observed' : setting
    this.#now = now
  }

  get current(): Dialect {
    const found = this.#found
    return found && Math.abs(this.#now().getTime() - found.at) < REMEMBER_MS ? found.dialect : this.#first
  }

  remember(dialect: Dialect): void {
    if (!this.fixed) this.#found = { dialect, at: this.#now().getTime() }
  }
}

/** The body that opens a session. `visitor` comes from the token, never from the browser's body. */
export function sessionBody(dialect: Dialect, visitor: string, request: SessionRequest, userAgent: string): object {
  const { page, device, language } = request
  if (dialect === 'documented') return { visitor_id: visitor, page: page ?? {} }
  return {
    visitor_id: visitor,
    device: { user_agent: userAgent, language, ...device },
    source: { page_url: page?.url, page_title: page?.title, referrer: page?.referrer, utm: utmOf(page?.url) },
    context: { page_url: page?.url, language },
  }
}

/** The body of a message. `session` is Caty's own id, out of the visitor's handle. */
export function messageBody(
  dialect: Dialect,
  session: string,
  request: MessageRequest,
  config: WidgetConfig | undefined,
): object {
  const { message, language, context = {} } = request
  const { page_url, page_title, referrer } = context
  if (dialect === 'documented') return { session_id: session, message, context: { page_url } }
  return {
    session_id: session,
    message,
    language,
    context,
    visitor_info: { page_url, page_title, referrer },
    capabilities: {
      use_knowledge_base: config?.capabilities?.answer_questions ?? true,
      allow_handoff: config?.capabilities?.handoff_human ?? false,
    },
  }
}

const UTM = ['source', 'medium', 'campaign', 'term', 'content']

/** The campaign in the landing URL, or `null`, as the vendor's widget sends it. */
function utmOf(url: string | undefined): Record<string, string> | null {
  if (url === undefined || !URL.canParse(url)) return null
  const query = new URL(url).searchParams
  const found = UTM.flatMap((name) => {
    const value = query.get(`utm_${name}`)
    return value === null ? [] : [[name, cut(value, 200)] as const]
  })
  return found.length > 0 ? Object.fromEntries(found) : null
}

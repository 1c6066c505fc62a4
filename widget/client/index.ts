/** The client chunk: the one connection to the edge that panel and rules share, so they are one visitor in one session. */
import type { SessionAnswer } from '../../edge/contract/edge.ts'
import type { EdgeConnection } from '../chunk-api/connection.ts'
import type { Core } from '../chunk-api/core.ts'
import { EdgeClient } from './edge-client.ts'

/** Called once, by the chunk that comes first. Sends nothing until it is used. */
export function connect(core: Core): EdgeConnection {
  const { edge, widgetId } = core.options()
  const client = new EdgeClient({
    edge,
    widgetId,
    exchange: core.exchange,
    firstToken: core.bearerToken?.access_token,
    solve: async (siteKey) => (await core.load('challenge')).solve(core, siteKey),
  })
  let session: string | undefined
  let opening: Promise<string> | undefined
  const connection: EdgeConnection = {
    call: (path, body, options) => client.call(path, body, options),
    headers: (method, path) => client.headers(method, path),
    greeting: undefined,
    tabs: client.tabs,
    currentSession: () => session,
    async session() {
      if (session) return session
      opening ??= openSession()
      const flight = opening
      try {
        const opened = await flight
        // If the visitor was forgotten meanwhile, this session is nobody's.
        if (opening === flight) session = opened
        return opened
      } finally {
        if (opening === flight) opening = undefined
      }
    },
    dropSession() {
      session = undefined
    },
    resumeSession(known) {
      session = known
    },
    allowStorage: () => client.allowStorage(),
    prepare: () => (session ? client.prepare() : connection.session()),
    forgetVisitor() {
      session = opening = connection.greeting = undefined
      return client.forgetVisitor()
    },
  }

  async function openSession(): Promise<string> {
    const { page_url: url, page_title: title } = core.context()
    // The campaign that brought the visitor is all that leaves the page of its query.
    const utm = location.search.match(/(?<=[?&])utm_\w+=[^&]*/g)?.join('&')
    const answer = await client.call<SessionAnswer>('/api/widget/session', {
      page: url && {
        url: utm ? `${url}?${utm}`.slice(0, 2000) : url,
        title,
        referrer: document.referrer.split('?')[0]?.slice(0, 2000),
      },
      language: core.language(),
    })
    const { session_id, greeting, visitor_id } = answer
    connection.greeting = greeting?.content
    core.emit('session', { visitor_id })
    return session_id
  }
  return connection
}

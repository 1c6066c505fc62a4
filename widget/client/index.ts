/** The client chunk: the one connection to the edge that panel and rules share, so they are one visitor in one session. */
import type { SessionAnswer } from '../../edge/contract/edge.ts'
import type { ChallengeModule, Core, Link } from '../chunk-api/core.ts'
import { EdgeClient } from './edge-client.ts'

/** Called by whichever chunk comes first. Sends nothing until it is used. */
export function connect(core: Core): Link {
  const { edge, widgetId } = core.options()
  const client = new EdgeClient({
    edge,
    widgetId,
    exchange: core.exchange,
    firstToken: core.grant?.access_token,
    solve: async (siteKey) => (await core.load<ChallengeModule>('challenge')).solve(core, siteKey),
  })
  let session: string | undefined
  let opening: Promise<string> | undefined
  const link: Link = {
    call: (path, body, how) => client.call(path, body, how),
    headers: (method, path) => client.headers(method, path),
    greeting: undefined,
    shared: client.shared,
    current: () => session,
    async session() {
      if (session) return session
      opening ??= open()
      const flight = opening
      try {
        const opened = await flight
        // Else the visitor was forgotten meanwhile, and this session is nobody's.
        if (opening === flight) session = opened
        return opened
      } finally {
        if (opening === flight) opening = undefined
      }
    },
    lost() {
      session = undefined
    },
    resume(known) {
      session = known
    },
    keep: () => client.keep(),
    prepare: () => (session ? client.prepare() : link.session()),
    forget() {
      session = opening = link.greeting = undefined
      return client.forget()
    },
  }

  async function open(): Promise<string> {
    const { page_url: url, page_title: title } = core.context()
    // Of a query nothing leaves the page but what says which campaign brought the visitor.
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
    link.greeting = greeting?.content
    core.emit('session', { visitor_id })
    return session_id
  }
  return link
}

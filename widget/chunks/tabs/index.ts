/**
 * The tabs chunk: one conversation in all tabs of a visitor, loaded when a second tab says hello. A BroadcastChannel carries
 * the messages of a tab and the token it has renewed to the others. A Web Lock and the outbox decide which tab sends, so the
 * channel may be late or lose something without a message being sent twice.
 */
import type { BoundToken } from '../../chunk-api/connection.ts'
import type { Entry } from '../../panel/entry.ts'
import type { PanelHost } from '../../panel/slots.ts'

/** What tabs tell each other. Without members it is a hello, which asks the others for what they know. */
type TabMessage = { entries?: Entry[]; session?: string | undefined; token?: BoundToken; cleared?: true }

/** The part of a BroadcastChannel that is used. */
export type Channel = { postMessage: (message: object) => void; onmessage: ((event: MessageEvent) => void) | null }

/** Takes the channel over and says hello: the others repeat what came while this chunk was loading. */
export function join({ core, connection, conversation }: PanelHost, channel: Channel): void {
  const send = (message: TabMessage) => channel.postMessage(message)
  const snapshot = () => JSON.stringify(conversation.entries)
  /** What the other tabs know of this one. They are told what changes here, not what came from them. */
  let known = '[]'
  conversation.broadcast = () => {
    const now = snapshot()
    if (now === known) return
    known = now
    if (conversation.entries.length) send({ entries: conversation.entries, session: connection.currentSession() })
    else send({ cleared: true })
  }
  connection.tabs.renewed = (token) => send({ token })

  const receive = ({ entries, session, token, cleared }: TabMessage) => {
    if (token) connection.tabs.latest = token
    else if (cleared) {
      known = '[]'
      // The page's own call also forgets who the page said the visitor is.
      core.load('api').then(
        ({ methods }) => methods.clearSession(core),
        () => undefined,
      )
    } else if (entries) {
      if (session && session !== connection.currentSession()) connection.resumeSession(session)
      conversation.receive(entries)
      known = snapshot()
    } else {
      // A new tab knows nothing yet.
      known = '[]'
      conversation.broadcast()
    }
  }
  channel.onmessage = ({ data }: MessageEvent<TabMessage>) => receive(data)
  send({})
  conversation.broadcast()
}

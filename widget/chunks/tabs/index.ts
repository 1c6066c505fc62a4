/**
 * The tabs chunk: one conversation in all tabs of a visitor, loaded when a second tab says hello. What one tab says or
 * hears, and the token it renews, the others get over a BroadcastChannel; who sends is settled by a Web Lock and the
 * outbox, so the channel may be late or lose a word without a message being sent twice.
 */
import type { Bound, ExtrasModule } from '../../chunk-api/core.ts'
import type { Entry } from '../../panel/conversation.ts'
import type { Channel, PanelHost } from '../../panel/slots.ts'

type Said = { entries?: Entry[]; session?: string | undefined; token?: Bound; cleared?: true }

/** Takes the channel over, and says hello itself: what came while this chunk was loading, the others say again. */
export function join({ core, link, conversation }: PanelHost, channel: Channel): void {
  const say = (said: Said) => channel.postMessage(said)
  const snapshot = () => JSON.stringify(conversation.entries)
  /** What the others know of this tab; they are told what changed here, and not what was just heard from them. */
  let known = '[]'
  conversation.tell = () => {
    const now = snapshot()
    if (now === known) return
    known = now
    if (conversation.entries.length) say({ entries: conversation.entries, session: link.current() })
    else say({ cleared: true })
  }
  link.shared.renewed = (token) => say({ token })

  const hear = ({ entries, session, token, cleared }: Said) => {
    if (token) link.shared.latest = token
    else if (cleared) {
      known = '[]'
      // By the way of the page's own call, which also forgets who the page said the visitor is.
      core.load<ExtrasModule>('api').then(
        (extras) => extras.call(core, 'clearSession', []),
        () => undefined,
      )
    } else if (entries) {
      if (session && session !== link.current()) link.resume(session)
      conversation.hear(entries)
      known = snapshot()
    } else {
      // Hello: somebody new, who knows nothing.
      known = '[]'
      conversation.tell()
    }
  }
  channel.onmessage = ({ data }: MessageEvent<Said>) => hear(data)
  say({})
  conversation.tell()
}

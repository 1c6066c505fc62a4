/**
 * The tabs chunk: one conversation in all tabs of a visitor. Messages go out under a Web Lock, so no two tabs send the
 * same one; what one tab says or hears, and the token it renews, the others get over a BroadcastChannel. Where either is
 * missing each tab is on its own, and the idempotency key still keeps a message from being sent twice.
 */
import type { Bound } from '../launcher/core.ts'
import type { Entry } from '../panel/conversation.ts'
import type { PanelHost } from '../panel/host.ts'

type Said = { entries?: Entry[]; session?: string | undefined; token?: Bound; cleared?: true }

/** Returns the way to leave. */
export function join({ core, link, conversation, draw }: PanelHost): () => void {
  const { edge, widgetId } = core.options()
  const name = `caty ${edge} ${widgetId}`
  const alone =
    (what: string) =>
    <T>(run: () => Promise<T>): Promise<T> =>
      navigator.locks ? navigator.locks.request(`${name} ${what}`, run) : run()
  conversation.alone = alone('send')
  link.shared.alone = alone('renew')
  if (typeof BroadcastChannel === 'undefined') return () => undefined

  const channel = new BroadcastChannel(name)
  const say = (said: Said) => channel.postMessage(said)
  link.shared.renewed = (token) => say({ token })
  let heard = ''
  const snapshot = () => JSON.stringify(conversation.entries)
  /** Tells the others what changed here, and not what was just heard from them. */
  const tell = () => {
    const now = snapshot()
    if (now === heard) return
    heard = now
    if (conversation.entries.length) say({ entries: conversation.entries, session: link.current() })
    else say({ cleared: true })
  }
  channel.onmessage = ({ data }: MessageEvent<Said>) => {
    if (data.token) link.shared.latest = data.token
    if (data.cleared && conversation.entries.length) {
      conversation.clear()
      void link.forget()
    }
    if (data.entries) {
      if (data.session && !link.current()) link.resume(data.session)
      conversation.entries = merge(conversation.entries, data.entries)
      draw()
    }
    heard = snapshot()
  }
  const changed = conversation.changed.bind(conversation)
  conversation.changed = () => {
    changed()
    tell()
  }
  const clear = conversation.clear.bind(conversation)
  conversation.clear = () => {
    clear()
    tell()
  }
  tell()
  return () => channel.close()
}

/** Everything of both, each message in its furthest state, in the order of time. */
export function merge(mine: readonly Entry[], theirs: readonly Entry[]): Entry[] {
  const all = new Map(mine.map((entry) => [entry.id, entry]))
  for (const entry of theirs) {
    const known = all.get(entry.id)
    if (!known) all.set(entry.id, entry)
    else if (known.state && !entry.state) {
      // The object stays: whoever waits for it in this tab holds on to it.
      delete known.state
      delete known.fault
      delete known.body
    }
  }
  return [...all.values()].sort((a, b) => a.at - b.at)
}

/** Thumbs up and down under a reply. The answer goes to Caty by the call that reports behaviour. */

import { h } from 'preact'
import { cut } from '../../chunk-api/cut.ts'
import type { MoreStrings } from '../../chunk-api/strings.ts'
import type { Entry } from '../../panel/entry.ts'
import type { PanelHost } from '../../panel/slots.ts'
import { IconButton } from './icon-button.tsx'

const THUMB = 'M7 11v9H3v-9zM7 11l5-8c2 0 3 1 2.5 3L14 10h6c1 0 1.5 1 1 2l-2 7c0 .6-.5 1-1 1H7'

export function Thumbs({ host, strings, entry }: { host: PanelHost; strings: MoreStrings; entry: Entry }) {
  const show = (helpful: boolean | undefined) => {
    entry.helpful = helpful
    host.conversation.changed()
  }
  const rate = async (helpful: boolean) => {
    const before = entry.helpful
    if (before === helpful) return
    show(helpful)
    // If the report fails, the button is released so that it can be pressed again.
    await report(host, entry).catch(() => entry.helpful === helpful && show(before))
  }
  return [
    <IconButton name={strings.helpful} pressed={entry.helpful === true} run={() => void rate(true)} path={THUMB} />,
    <span class="thumb-down">
      <IconButton
        name={strings.unhelpful}
        pressed={entry.helpful === false}
        run={() => void rate(false)}
        path={THUMB}
      />
    </span>,
  ]
}

async function report({ connection }: PanelHost, { helpful, text, at }: Entry): Promise<void> {
  const timestamp = new Date().toISOString()
  const data = { helpful, reply: cut(text, 200), at: new Date(at).toISOString() }
  await connection.call('/api/widget/track', {
    session_id: await connection.session(),
    events: [{ type: 'message_feedback', data, timestamp }],
  })
}

/** The panel chunk: everything a first chat needs, loaded on interest and mounted beside the launcher. */
import { h, render } from 'preact'
import { EdgeClient } from '../client/edge.ts'
import { CallError } from '../client/errors.ts'
import { createStore } from '../client/storage.ts'
import type { Core, PanelHandle, Strings } from '../launcher/core.ts'
import { Conversation } from './conversation.ts'
import { Panel } from './panel.tsx'
import { PANEL_CSS } from './styles.ts'

/** Called by the launcher. Draws nothing until `open()`. */
export function mount(core: Core, strings: Strings): PanelHandle {
  const { edge, widgetId, transcript } = core.options()
  const prefix = `caty ${edge} ${widgetId} `
  const local = createStore(() => localStorage, prefix)
  const tab = createStore(() => sessionStorage, prefix)
  const client = new EdgeClient({
    edge,
    widgetId,
    firstToken: core.grant?.access_token,
  })
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(PANEL_CSS)
  core.root.adoptedStyleSheets = [...core.root.adoptedStyleSheets, sheet]
  const place = document.createElement('div')
  core.root.append(place)

  let open = false
  let unread = 0
  const conversation = new Conversation({
    client,
    store: transcript === 'off' ? { get: () => null, set: () => 0 } : local,
    emit: (event, detail) => {
      core.emit(event, detail)
      if (event === 'message' && !open && Object(detail).role === 'assistant') core.setUnread(++unread)
    },
    language: strings.code,
    changed: () => draw(),
    now: Date.now,
  })

  const draw = () => {
    render(<Panel core={core} strings={strings} conversation={conversation} open={open} tab={tab} />, place)
  }

  const prepare = () =>
    conversation.prepare().catch((error) => {
      // Nobody has written yet, so nothing is lost; the first message tries again and says what is wrong.
      core.fail(error instanceof CallError ? error.code : 'internal')
    })

  return {
    open() {
      open = true
      unread = 0
      core.setUnread(0)
      tab.set('open', 1)
      prepare()
      draw()
    },
    close() {
      open = false
      tab.set('open', undefined)
      draw()
      core.button.focus()
    },
    send: (text) => conversation.send(text.slice(0, 4000)),
    async clear() {
      conversation.clear()
      tab.set('draft', undefined)
      await client.forget()
    },
    update: draw,
    destroy() {
      render(null, place)
      place.remove()
    },
  }
}

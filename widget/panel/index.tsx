/** The panel chunk: what a first chat needs on the screen, loaded on interest and mounted beside the launcher. */
import { Component, Fragment, h, render } from 'preact'
import { CallError } from '../client/errors.ts'
import { createStore } from '../client/storage.ts'
import type { Core, Link, PanelHandle, Strings, StringsModule } from '../launcher/core.ts'
import { act } from './actions.tsx'
import { Conversation } from './conversation.ts'
import { type Guide, type GuideModule, type PanelHost, SPECIAL, type TabsModule } from './host.ts'
import { markdown, RICH, type RichModule } from './markdown.tsx'
import { Panel } from './panel.tsx'
import { PANEL_CSS } from './styles.ts'

export { connect } from '../client/index.ts'

// For the chunks that come later, see borrowed-preact.ts.
Reflect.set(window, Symbol.for('caty-keyless preact'), { h, Fragment, Component, render })

/** How long a reply waits for the chunk that draws what it holds beside text. */
const GUIDE_MS = 3000

/** Called by the launcher. Draws nothing until `open()`. */
export function mount(core: Core, link: Link, words: Strings): PanelHandle {
  const { edge, widgetId, transcript } = core.options()
  const prefix = `caty ${edge} ${widgetId} `
  /** Opening the chat is interest enough to store, unless consent is asked for: then the first message, or `consent(true)`, is. */
  const mayStore = () => {
    const { consent } = core.options()
    return consent === 'denied' ? false : consent !== 'required' || core.spoke
  }
  const local = createStore(
    () => localStorage,
    prefix,
    () => transcript !== 'off' && mayStore(),
  )
  const tab = createStore(() => sessionStorage, prefix, mayStore)
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(PANEL_CSS)
  core.root.adoptedStyleSheets = [...core.root.adoptedStyleSheets, sheet]
  const place = document.createElement('div')
  core.root.append(place)

  let strings = words
  const badge = document.createElement('span')
  badge.className = 'b'
  core.button.append(badge)
  const setUnread = (count: number) => {
    core.unread = count
    badge.textContent = count > 9 ? '9+' : String(count || '')
    core.button.setAttribute('aria-label', words.launcher + (count ? ` (${count})` : ''))
    core.emit('unread', { count })
  }
  const conversation = new Conversation({
    link,
    store: local,
    emit: (event, detail) => {
      core.emit(event, detail)
      if (event === 'message' && !core.isOpen && Object(detail).role === 'assistant') setUnread(core.unread + 1)
    },
    language: () => strings.code,
    context: () => core.context(),
    changed: () => draw(),
    answered(answer, entry) {
      together()
      if (GUIDE && (guiding || SPECIAL.test(JSON.stringify(answer)) || conversation.entries.length > 2))
        // A reply waits for what it needs, and is shown without when that does not come.
        return Promise.race([
          guide().then(
            (guide) => guide.answered(answer, entry),
            () => 0,
          ),
          new Promise((resolve) => setTimeout(resolve, GUIDE_MS)),
        ])
    },
    now: Date.now,
  })
  const host: PanelHost = { core, link, conversation, slots: {}, tab, strings: () => strings, draw: () => draw() }
  let guiding: Promise<Guide> | undefined
  const guide = () =>
    (guiding ??= core
      .load<GuideModule>('guide')
      .then((module) => module.guide(host))
      .catch((error) => {
        guiding = undefined
        throw error
      }))
  /** With a conversation to share, the visitor's tabs share it. */
  let joined: Promise<() => void> | undefined
  const together = () => (joined ??= core.load<TabsModule>('tabs').then((module) => module.join(host)))
  const again = () => conversation.retry()
  addEventListener('online', again)

  let rich: RichModule | undefined
  let asked = false
  const parse = (text: string) => {
    if (!asked && RICH.test(text)) {
      asked = true
      core.load<RichModule>('rich').then((module) => {
        rich = module
        module.style(core.root)
        draw()
      })
    }
    return markdown(text, rich)
  }

  const draw = () => {
    const own: Partial<Strings> = Object(core.wishes.strings)
    const props = { host, parse, tab, guide, open: core.isOpen, strings: { ...strings, ...own } }
    render(<Panel {...props} />, place)
  }
  const keep = () => mayStore() && link.keep()
  /** A conversation is consent to what it needs, and `data-consent="required"` waits for no other. */
  const speak = () => {
    if (core.spoke) return
    core.spoke = true
    keep()
    core.configure()
  }
  const send = (text: string) => {
    speak()
    return conversation.send(text.slice(0, 4000))
  }
  core.on('session', draw)
  core.on('languageChanged', () =>
    core.load<StringsModule>(core.language()).then((module) => {
      strings = module.default
      draw()
    }),
  )
  core.on('consent', () => {
    if (mayStore()) keep()
    else conversation.forgetStored()
  })

  if (conversation.entries.length) {
    speak()
    together()
    again()
  }
  const { auto_config, capabilities } = core.config
  if (
    GUIDE &&
    (auto_config ||
      capabilities?.capture_leads ||
      capabilities?.file_upload ||
      SPECIAL.test(JSON.stringify(conversation.entries)))
  )
    guide().catch(() => 0)

  return {
    open() {
      setUnread(0)
      tab.set('open', 1)
      keep()
      // Nobody has written yet, so nothing is lost; the first message tries again and says what is wrong.
      link.prepare().catch((error) => core.fail(error instanceof CallError ? error.code : 'internal'))
      draw()
    },
    close() {
      tab.set('open', undefined)
      draw()
      core.button.focus()
    },
    update: draw,
    destroy() {
      removeEventListener('online', again)
      joined?.then((leave) => leave())
      render(null, place)
      place.remove()
      badge.remove()
      core.root.adoptedStyleSheets = core.root.adoptedStyleSheets.filter((other) => other !== sheet)
    },
    sendMessage: send,
    async clearSession() {
      conversation.clear()
      tab.set('draft', undefined)
      await link.forget()
    },
    say: (text, actions) => conversation.say(text, actions),
    act: (action) => act(action, core, guide, (text) => void send(text).catch(() => 0)),
  }
}

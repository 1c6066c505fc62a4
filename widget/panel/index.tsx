/** The panel chunk: what a first chat needs on the screen, loaded on interest and mounted beside the launcher. */
import { Component, Fragment, h, render } from 'preact'
import type { Core, ExtrasModule, Link, PanelHandle, Strings, StringsModule } from '../chunk-api/core.ts'
import { PREACT_KEY } from '../chunk-api/preact-key.ts'
import { createOutbox } from '../client/outbox.ts'
import { createStore } from '../client/storage.ts'
import { alone } from '../client/tab-lock.ts'
import { Conversation } from './conversation.ts'
import { markdown, RICH, type RichModule } from './markdown.tsx'
import { Panel } from './panel.tsx'
import type { DetailsModule, PanelHost, PhoneModule, Reply, ReplyModule, TabsModule } from './slots.ts'
import { PANEL_CSS } from './styles.ts'

export { connect } from '../client/index.ts'

window[PREACT_KEY] = { h, Fragment, Component, render }

/** How long a reply waits for the chunk that draws what it holds beside text. */
const REPLY_MS = 3000
const ignore = () => undefined

/** Called by the launcher. Draws nothing until `open()`. */
export function mount(core: Core, link: Link, words: Strings): PanelHandle {
  const { edge, widgetId, transcript } = core.options()
  const prefix = `caty ${edge} ${widgetId} `
  /** Opening the chat is interest enough to store, unless consent is asked for: then the first message, or `consent(true)`, is. */
  const mayStore = () => {
    const { consent } = core.options()
    return consent === 'denied' ? false : consent !== 'required' || core.spoke
  }
  const mayKeep = () => transcript !== 'off' && mayStore()
  const local = createStore(() => localStorage, prefix, mayKeep)
  const tab = createStore(() => sessionStorage, prefix, mayStore)
  const style = (css: string) => {
    const sheet = new CSSStyleSheet()
    sheet.replaceSync(css)
    core.root.adoptedStyleSheets = [...core.root.adoptedStyleSheets, sheet]
  }
  style(PANEL_CSS)
  const place = document.createElement('div')
  core.root.append(place)

  let strings = words
  let visitor = 0
  core.button.setAttribute('aria-label', words.launcher)
  const conversation = new Conversation({
    link,
    store: local,
    outbox: createOutbox(prefix, mayKeep),
    alone: alone(`${prefix}send`),
    emit: core.emit,
    language: () => strings.code,
    context: () => core.context(),
    changed: () => draw(),
    // A reply waits for what it needs, and is shown without when that does not come.
    answered: (answer, entry) =>
      Promise.race([
        beside().then((reply) => reply.answered(answer, entry), ignore),
        new Promise((resolve) => setTimeout(resolve, REPLY_MS)),
      ]),
    now: Date.now,
  })
  const host: PanelHost = {
    core,
    link,
    conversation,
    slots: {},
    tab,
    style,
    strings: () => strings,
    draw: () => draw(),
  }
  const again = () => conversation.resume()
  addEventListener('online', again)

  /** A chunk could not be loaded. The visitor is told, and it is asked for again when it is needed again. */
  let lost = false
  const load = <T,>(name: string): Promise<T> => {
    lost = false
    return core.load<T>(name).catch((error) => {
      lost = true
      core.fail('chunk_blocked')
      draw()
      throw error
    })
  }
  let replying: Promise<Reply> | undefined
  const beside = () => {
    replying ??= load<ReplyModule>('reply')
      .then((module) => module.reply(host, load, quietly))
      .catch((error) => {
        replying = undefined
        throw error
      })
    return replying
  }

  const asked = new Set<string>()
  const once = <T,>(name: string, use: (module: T) => void) => {
    if (asked.has(name)) return
    asked.add(name)
    load<T>(name).then(use, () => asked.delete(name))
  }
  let rich: RichModule | undefined
  const parse = (text: string) => {
    if (RICH.test(text))
      once<RichModule>('rich', (module) => {
        rich = module
        module.style(core.root)
        draw()
      })
    return markdown(text, rich)
  }
  const more = () => once<DetailsModule>('details', (module) => module.details(host))

  const draw = () => {
    // What the config adds, and what is beside the text of an earlier page or of another tab.
    const { auto_config, capabilities } = core.config
    const due = auto_config || capabilities?.capture_leads || capabilities?.file_upload || conversation.entries.length
    if (due && !replying && !lost) beside().catch(ignore)
    const own: Partial<Strings> = Object(core.wishes.strings)
    const words = { ...strings, ...own }
    const props = { host, parse, tab, send: quietly, more, visitor, lost, open: core.isOpen, strings: words }
    render(<Panel {...props} />, place)
  }
  link.shared.alone = alone(`${prefix}renew`)
  let channel: BroadcastChannel | undefined
  /** What may be stored may be shared. The chunk for it loads when another tab of the visitor says hello. */
  const share = () => {
    if (channel || !navigator.locks || !window.BroadcastChannel) return
    const opened = new BroadcastChannel(prefix)
    opened.onmessage = () => {
      opened.onmessage = null
      core.load<TabsModule>('tabs').then((module) => module.join(host, opened), ignore)
    }
    opened.postMessage({})
    channel = opened
  }
  const keep = () => {
    if (!mayStore()) return
    link.keep()
    share()
  }
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
  /** What went wrong is shown beside the message. */
  const quietly = (text: string) => void send(text).catch(ignore)
  core.on('session', draw)
  core.on('languageChanged', () =>
    core.load<StringsModule>(core.language()).then((module) => {
      strings = module.default
      draw()
    }, ignore),
  )
  core.on('consent', () => {
    if (mayStore()) keep()
    else conversation.forgetStored()
  })

  if (conversation.entries.length) {
    speak()
    more()
  }
  if (local.get('visitor')) core.load<ExtrasModule>('api').then((module) => module.call(core, 'restore', []), ignore)
  const { appearance } = core.config
  if (Object.keys(appearance?.colors ?? {}).some((name) => name !== 'primary'))
    core.load<ExtrasModule>('api').then((module) => module.call(core, 'dress', [appearance?.colors]), ignore)
  /** Back from the whole screen of a phone, or from beside the page. */
  let leave: Promise<(() => void) | undefined> | undefined
  return {
    open() {
      host.slots.seen?.()
      tab.set('open', 1)
      keep()
      // Nobody has written yet, so nothing is lost; the first message tries again and says what is wrong.
      link.prepare().catch((error) => core.fail(error.fault ? error.code : 'internal'))
      draw()
      // A chat that is part of the page must not take the focus from it, and does not fill a phone.
      const { layout } = core.options()
      if (layout === 'inline') return
      place.querySelector('textarea')?.focus()
      const dialog = place.querySelector('div')
      const chunk = matchMedia('(max-width:480px)').matches ? 'fullscreen' : layout
      if (dialog && chunk !== 'window')
        leave = core.load<PhoneModule>(chunk).then((module) => module.fill(host, dialog), ignore)
    },
    close() {
      leave?.then((out) => out?.())
      leave = undefined
      tab.set('open', undefined)
      draw()
      core.button.focus()
    },
    update: draw,
    destroy() {
      removeEventListener('online', again)
      channel?.close()
      conversation.destroy()
      host.slots.leave?.()
      render(null, place)
      place.remove()
    },
    sendMessage: send,
    async clearSession() {
      visitor++
      core.spoke = false
      tab.set('draft', undefined)
      local.set('visitor', undefined)
      conversation.clear()
      await link.forget()
    },
    say: (text, actions) => conversation.say(text, actions),
    act: (action) => void beside().then((reply) => reply.act(action), ignore),
  }
}

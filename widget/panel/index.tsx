/** The panel chunk: what a first chat needs on the screen. Loaded on interest, and mounted beside the launcher. */

import { Component, Fragment, h, render } from 'preact'
import type { Chunks } from '../chunk-api/chunks.ts'
import type { EdgeConnection } from '../chunk-api/connection.ts'
import type { Core, PanelHandle } from '../chunk-api/core.ts'
import { cut } from '../chunk-api/cut.ts'
import { focused, isEditing, releaseFocus } from '../chunk-api/focus.ts'
import { PREACT_KEY } from '../chunk-api/preact-key.ts'
import { type Strings, withOwnStrings } from '../chunk-api/strings.ts'
import { isCallError } from '../client/errors.ts'
import { createOutbox } from '../client/outbox.ts'
import { createStore } from '../client/storage.ts'
import { tabLock } from '../client/tab-lock.ts'
import composerCss from './composer.css'
import { Conversation } from './conversation.ts'
import logCss from './log.css'
import { Markdown } from './markdown.tsx'
import panelCss from './panel.css'
import { Panel } from './panel.tsx'
import { panelChunks } from './panel-chunks.ts'
import type { DrawText, PanelHost, ReplyHandler } from './slots.ts'

export { connect } from '../client/index.ts'

window[PREACT_KEY] = { h, Fragment, Component, render }

/** Milliseconds a reply waits for the chunk that draws what it holds beside text. Then it is shown without. */
const PREPARE_REPLY_MS = 3000
/** UTF-16 units of a message, as the edge counts them. */
const MAX_MESSAGE = 4000
const ignore = () => undefined

/** The browser would open a dropped file in place of the page, where no chunk takes it. */
const refuseFiles = (event: DragEvent) => {
  if (event.defaultPrevented || !event.dataTransfer?.types.includes('Files')) return
  event.preventDefault()
  event.dataTransfer.dropEffect = 'none'
}

/** Called by the launcher. Draws nothing until `open()`. */
export function mount(core: Core, connection: EdgeConnection, firstStrings: Strings): PanelHandle {
  const { edge, widgetId, transcript } = core.options()
  const prefix = `caty ${edge} ${widgetId} `
  /** Opening the chat is interest enough to store. Where consent is required, the first message or `consent(true)` is. */
  const mayStore = () => {
    const { consent } = core.options()
    return consent === 'denied' ? false : consent !== 'required' || core.hasSentMessage
  }
  const mayKeepTranscript = () => transcript !== 'off' && mayStore()
  const localStore = createStore(() => localStorage, prefix, mayKeepTranscript)
  const tabStore = createStore(() => sessionStorage, prefix, mayStore)
  for (const css of [panelCss, logCss, composerCss]) core.addStyles(css)
  const place = document.createElement('div')
  core.root.append(place)
  place.ondragover = refuseFiles

  let languageStrings = firstStrings
  const strings = () => withOwnStrings(languageStrings, core.rawOptions.strings)
  core.button.setAttribute('aria-label', strings().launcher)
  let visitor = 0
  const chunks = panelChunks(core, () => draw())
  const conversation = new Conversation({
    connection,
    store: localStore,
    outbox: createOutbox(prefix, mayKeepTranscript),
    exclusively: tabLock(`${prefix}send`),
    emit: core.emit,
    language: () => languageStrings.code,
    context: () => core.context(),
    onChange: () => draw(),
    prepareReply: (answer, entry) =>
      Promise.race([
        replyHandler().then((handler) => handler.prepareReply(answer, entry), ignore),
        new Promise((resolve) => setTimeout(resolve, PREPARE_REPLY_MS)),
      ]).then(() => markdown.settle(entry.text)),
    now: Date.now,
  })
  const resume = () => conversation.resume()
  addEventListener('online', resume)

  let loadingReply: Promise<ReplyHandler> | undefined
  const replyHandler = () => {
    loadingReply ??= chunks
      .load('reply')
      .then((module) => module.createReplyHandler(host, chunks.load))
      .catch((error) => {
        loadingReply = undefined
        throw error
      })
    return loadingReply
  }

  const loadRich = async () => {
    const rich = await chunks.load('rich')
    core.addStyles(rich.css)
    return rich
  }
  let findDrawer: ((text: string) => Promise<DrawText>) | undefined
  const markdown = new Markdown(
    async (text) => {
      // Both chunks at once, if the text looks like it.
      if (/[*`#|[]/.test(text)) core.load('rich').catch(ignore)
      const { createDrawer } = await chunks.load('text')
      findDrawer ??= createDrawer(loadRich, () => core.rawOptions.imageHosts)
      return findDrawer(text)
    },
    () => draw(),
  )
  const loadDetails = () => chunks.once('details', (module) => module.addDetails(host))
  const onLong = (rest?: string) => {
    host.cutText = rest ?? host.cutText
    chunks.once('long-text', (module) => module.addCounter(host))
  }

  const draw = () => {
    // The configuration, an earlier page or another tab may call for more than text.
    const { auto_config, capabilities } = core.config
    const needsReply =
      auto_config || capabilities?.capture_leads || capabilities?.file_upload || conversation.entries.length
    const chunkFailed = chunks.hasFailed()
    if (needsReply && !loadingReply && !chunkFailed) replyHandler().catch(ignore)
    const props = { host, markdown, loadDetails, onLong, visitor, chunkFailed, open: core.isOpen, strings: strings() }
    render(<Panel {...props} />, place)
  }

  connection.tabs.exclusively = tabLock(`${prefix}renew`)
  let channel: BroadcastChannel | undefined
  /** Joins the visitor's other tabs. The chunk for it loads when another tab says hello. */
  const joinTabs = () => {
    if (channel || !navigator.locks || !window.BroadcastChannel) return
    const opened = new BroadcastChannel(prefix)
    opened.onmessage = () => {
      opened.onmessage = null
      core.load('tabs').then((module) => module.join(host, opened), ignore)
    }
    opened.postMessage({})
    channel = opened
  }
  /** What may be stored may also be shared with other tabs. */
  const allowStorage = () => {
    if (!mayStore()) return
    connection.allowStorage()
    joinTabs()
  }
  /** A conversation is consent to what it needs, and `data-consent="required"` waits for no other. */
  const noteMessage = () => {
    if (core.hasSentMessage) return
    core.hasSentMessage = true
    allowStorage()
    core.configure()
  }
  const sendMessage = (text: string) => {
    noteMessage()
    return conversation.send(cut(text, MAX_MESSAGE))
  }
  const host: PanelHost = {
    core,
    connection,
    conversation,
    slots: {},
    cutText: '',
    tabStore,
    strings,
    draw,
    send: (text) => void sendMessage(text).catch(ignore),
  }

  core.on('session', draw)
  core.on('languageChanged', () =>
    core.load(core.language()).then((module) => {
      languageStrings = module.default
      draw()
    }, ignore),
  )
  core.on('consent', () => {
    if (mayStore()) allowStorage()
    else conversation.forgetStored()
  })

  if (conversation.entries.length) {
    noteMessage()
    loadDetails()
  }
  const useApi = (use: (api: Chunks['api']) => void) => core.load('api').then(use, ignore)
  if (localStore.get('visitor')) useApi(({ restoreVisitor }) => restoreVisitor(core))
  const { colors } = core.config.appearance ?? {}
  if (colors && Object.keys(colors).some((name) => name !== 'primary'))
    useApi(({ applyColours }) => applyColours(core, colors, false))
  /** Ends the full-screen or sidebar layout. */
  let leaveLayout: Promise<(() => void) | undefined> | undefined
  /** What had the focus when the chat took it. */
  let opener: Element | null = null
  return {
    open(takesFocus) {
      host.slots.onOpen?.()
      tabStore.set('open', 1)
      allowStorage()
      // The visitor has written nothing yet, so nothing is lost: the first message tries again and shows what is wrong.
      connection.prepare().catch((error) => core.fail(isCallError(error) ? error.code : 'internal'))
      draw()
      // An inline chat is a part of the page: it takes no focus and does not fill a phone's screen.
      const { layout } = core.options()
      if (layout === 'inline') return
      // The visitor may have gone on to a field of the page while the panel was loading.
      opener = takesFocus && !isEditing() ? focused() : null
      if (opener) {
        releaseFocus(core.root.host)
        place.querySelector('textarea')?.focus()
      }
      const dialog = place.querySelector('div')
      const isPhone = matchMedia('(max-width:480px)').matches
      if (dialog && (isPhone || layout === 'sidebar'))
        leaveLayout = core.load(isPhone ? 'fullscreen' : 'sidebar').then((module) => module.enter(host, dialog), ignore)
    },
    close() {
      leaveLayout?.then((leave) => leave?.())
      leaveLayout = undefined
      tabStore.set('open', undefined)
      const { activeElement } = core.root
      draw()
      // Who is somewhere else on the page stays there.
      if (!place.contains(activeElement)) return
      const target = opener?.isConnected && opener !== document.body ? opener : core.button
      if ('focus' in target && target.focus instanceof Function) target.focus()
    },
    update: draw,
    destroy() {
      removeEventListener('online', resume)
      channel?.close()
      conversation.destroy()
      host.slots.onDestroy?.()
      render(null, place)
      place.remove()
    },
    sendMessage,
    async clearSession() {
      visitor++
      core.hasSentMessage = false
      tabStore.set('draft', undefined)
      localStore.set('visitor', undefined)
      conversation.clear()
      await connection.forgetVisitor()
    },
    addReply: (text, actions) => conversation.addReply(text, actions),
    runAction: (action) => void replyHandler().then((handler) => handler.runAction(action), ignore),
  }
}

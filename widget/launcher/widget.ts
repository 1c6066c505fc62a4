/** The widget's life, from the start of the script to `destroy()`. */

import { type ChunkName, chunkLoader } from '../chunk-api/chunks.ts'
import type { EdgeConnection } from '../chunk-api/connection.ts'
import type { Core, PanelHandle } from '../chunk-api/core.ts'
import { cut } from '../chunk-api/cut.ts'
import { LANGUAGES } from '../chunk-api/strings.ts'
import { addStyles } from '../chunk-api/styles.ts'
import { membersOf } from '../chunk-api/untrusted.ts'
import { callApi, publishApi } from './api.ts'
import { createElement, paint } from './element.ts'
import { createEvents } from './events.ts'
import { exchange, firstToken } from './first-token.ts'
import { isolate } from './isolation.ts'
import { loadAhead } from './load-ahead.ts'
import { defaults, type Options, readOptions, warn } from './options.ts'

/** Put in by the build. */
declare const RELEASE: string

/** Milliseconds after which a launcher whose colour is still unknown appears in the default one. */
const PAINT_AFTER_MS = 1500
const DEFAULT_COLOUR = '#4f46e5'

/** Whether the chat would take most of the screen, upright or lying. */
const isPhone = () => matchMedia('(max-width:480px),(max-height:480px)').matches

/** Starts the widget of this script tag. `onDestroy` runs when the page ends it. */
export function createWidget(script: HTMLScriptElement, onDestroy: () => void): void {
  const { dataset } = script
  // Read once: it costs more than all other options together.
  const { origin } = new URL(script.src, location.href)
  if ('apiKey' in dataset) warn('data-api-key is ignored')
  let rawOptions = membersOf(window.CatyAI)
  const fromPage = { ...readOptions(rawOptions), ...readOptions(dataset) }
  /** What Caty's dashboard says. */
  let fromConfig: Partial<Options> | undefined
  let configured: Partial<Options> | undefined
  let unavailable: string | null = null
  let colour: string | undefined
  let panel: Promise<PanelHandle> | undefined
  let connection: Promise<EdgeConnection> | undefined
  let started: Promise<void> | undefined
  let endIsolation: (() => void) | undefined
  let destroyed = false

  const events = createEvents()
  const { emit } = events
  const element = createElement()
  const { host, root, button } = element

  const options = (): Options => ({ ...defaults(origin), ...fromConfig, ...fromPage, ...configured })
  const chunkUrl = (name: ChunkName) => `${options().edge}/chunks/${RELEASE}/${name}.js`
  const load = chunkLoader(chunkUrl)

  const open = (isAsked = false) => {
    // A chat that fills the screen would hide the page that the visitor came for.
    if (!isAsked && isPhone()) return Promise.resolve()
    // A page may say `open()` at any time. Where the visitor has done nothing just now, it was not their wish.
    const takesFocus = isAsked && navigator.userActivation?.isActive !== false
    core.isOpen = true
    return loadPanel().then(
      (handle) => {
        // A second `open()` opens nothing and emits nothing.
        if (destroyed || !core.isOpen || button.ariaExpanded === 'true') return
        button.ariaExpanded = 'true'
        handle.open(takesFocus)
        emit('open')
      },
      () => {
        core.isOpen = false
      },
    )
  }
  const close = () => {
    if (!core.isOpen) return
    core.isOpen = false
    button.ariaExpanded = 'false'
    panel?.then((handle) => handle.close())
    emit('close')
  }
  /** What the last click asked for: open or not. */
  let asked: boolean | undefined
  /**
   * `clicks` counts fast clicks. The second one of a double click means the same as the first, unless something else has
   * opened or closed the chat since, such as the back button.
   */
  const toggle = (clicks: number) => {
    if (clicks > 1 && core.isOpen === asked) return
    asked = !core.isOpen
    if (core.isOpen) close()
    else return open(true)
  }

  /** Panel and rules share one connection, so they are one visitor in one session. The panel chunk has the client's code. */
  const connect = (chunk: 'client' | 'panel' = 'client') =>
    (connection ??= Promise.all([load(chunk), start()]).then(([module]) => module.connect(core)))

  /** Loads panel and language together, on the first sign of interest. */
  const loadPanel = () =>
    (panel ??= Promise.all([load('panel'), load(core.language()), connect('panel')])
      .then(([module, strings, connected]) => {
        show()
        return module.mount(core, connected, strings.default)
      })
      .catch((error) => {
        panel = connection = undefined
        core.fail('panel_blocked')
        throw error
      }))

  const core: Core = {
    ...events,
    exchange,
    options,
    configure,
    get rawOptions() {
      return rawOptions
    },
    config: {},
    bearerToken: undefined,
    language: () =>
      [options().language, document.documentElement.lang, ...navigator.languages]
        .map((code) => LANGUAGES.find((known) => known === `${code}`.slice(0, 2)))
        .find(Boolean) ?? 'en',
    context: () =>
      options().context === 'off'
        ? {}
        : {
            // Query and fragment are left out: they carry tokens and names.
            page_url: `${location.href.split(/[?#]/, 1)}`.slice(0, 2000),
            page_title: cut(document.title, 500),
          },
    root,
    addStyles: (css) => addStyles(root, css),
    button,
    open,
    close,
    unread: 0,
    isOpen: false,
    load,
    hasSentMessage: false,
    panel: loadPanel,
    connection: connect,
    fail(reason) {
      if (unavailable === reason) return
      unavailable = reason
      warn(`unavailable: ${reason}`)
      emit('error', { code: reason })
    },
  }

  /** Puts the launcher into the page. Once painted it keeps its colour: a launcher that changes colour looks broken. */
  const show = () => {
    if (destroyed) return
    const current = options()
    const { layout, target } = current
    colour ??= current.primaryColor ?? DEFAULT_COLOUR
    // Beside the body nothing that the page does to the body moves the widget, and the widget moves nothing.
    const page = document.documentElement
    const parent = layout === 'inline' ? (target && document.querySelector(target)) || document.body || page : page
    if (!host.isConnected) parent.append(host)
    endIsolation ??= isolate(core)
    paint(element, current, colour)
    // Clumsy scripts empty the page: the widget comes back with its state.
    for (const node of [page, parent]) removal.observe(node, { childList: true })
  }
  const removal = new MutationObserver(() => host.isConnected || show())

  /** Gets the first token, once. Without it the widget appears all the same, and says why when it is used. */
  const start = () =>
    (started ??= (async () => {
      setTimeout(show, PAINT_AFTER_MS)
      await firstToken(core)
      const { appearance, behavior, persona } = core.config
      fromConfig = readOptions({
        ...appearance,
        launcher: '',
        greeting: behavior?.greeting?.message,
        language: persona?.language,
      })
      show()
      // Few dashboards set an icon, a size or an animation, so a chunk draws them.
      if (appearance?.launcher) callApi(core, (methods) => methods.styleLauncher(core))
      emit('ready', api)
      loadPageRules()
      if (options().layout === 'inline') open(true)
    })())

  /** Loads what learns from the page, where the owner wants it and the visitor's consent allows it. */
  const loadPageRules = () => {
    const { consent, context } = options()
    const { greeting, proactive } = core.config.behavior ?? {}
    if (
      context === 'full' ||
      (greeting?.show_on_load ?? greeting) ||
      (proactive?.enabled && (core.hasSentMessage || !consent || consent === 'granted'))
    )
      load('page-rules')
        .then((module) => module.start(core))
        .catch(() => 0)
  }

  function configure(change?: object) {
    const members = membersOf(change)
    rawOptions = { ...rawOptions, ...members }
    configured = { ...configured, ...readOptions(members) }
    colour = configured.primaryColor ?? colour
    if (host.isConnected) show()
    panel?.then((handle) => handle.update())
    if (change) callApi(core, (methods) => methods.configure(core, members))
    loadPageRules()
  }

  const api = publishApi(core, {
    toggle() {
      const { event } = window
      return toggle(event instanceof UIEvent && event.type === 'click' ? event.detail : 0)
    },
    getState: () => ({
      open: core.isOpen,
      unread: core.unread,
      ready: !!core.bearerToken,
      visible: host.isConnected && !host.hidden,
    }),
    getUnavailableReason: () => unavailable,
    init(change) {
      destroyed = false
      configure(change)
      start().then(show)
    },
    destroy() {
      close()
      destroyed = true
      panel?.then((handle) => handle.destroy())
      emit('destroy')
      panel = started = connection = undefined
      removal.disconnect()
      endIsolation?.()
      endIsolation = undefined
      host.remove()
      onDestroy()
    },
  })

  // A click while the panel loads does not close what is not open yet.
  button.onclick = ({ detail }) => {
    if (!core.isOpen || button.ariaExpanded === 'true') toggle(detail)
  }
  // Hover, touch or focus is interest: the panel is there when the click comes.
  button.onpointerenter = button.onfocus = () => void loadPanel().catch(() => 0)

  const { edge, widgetId, primaryColor, load: when } = options()
  if (when === 'intent' || primaryColor) show()
  const onIdle = async () => {
    if (when === 'idle') {
      await start()
      // An edge that refuses the page would refuse the visitor's messages too.
      if (core.bearerToken)
        whenIdle(() => loadAhead(host, [chunkUrl('panel'), chunkUrl(core.language())], script.nonce))
    }
    try {
      // Read late: the first access to storage blocks the main thread until the browser's process answers.
      if (sessionStorage[`caty ${edge} ${widgetId} open`]) open()
    } catch {
      // Storage is blocked, so nothing was left open either.
    }
  }
  // A page that draws no frames may never be idle: without the limit one visitor in eight saw no launcher. A browser without
  // idle callbacks reads the limit as a delay of 0 ms.
  const whenIdle = (run: () => void) => (window.requestIdleCallback ?? setTimeout)(run, { timeout: 1000 })
  if (document.readyState === 'complete') whenIdle(onIdle)
  else addEventListener('load', () => whenIdle(onIdle))
}

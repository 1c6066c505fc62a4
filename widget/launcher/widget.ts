/** The widget as the page sees it: `window.CatyWidget`, and the life between the script's start and `destroy()`. */
import type {
  ClientModule,
  Core,
  ExtrasModule,
  Link,
  Listener,
  PageModule,
  PanelHandle,
  PanelModule,
  StringsModule,
} from '../chunk-api/core.ts'
import { createElement, paint } from './element.ts'
import { createEvents } from './events.ts'
import { exchange, firstToken } from './first-token.ts'
import { defaults, languages, type Options, readOptions, warn } from './options.ts'

/** Put in by the build. */
declare const RELEASE: string
declare const VERSION: string

/** Milliseconds after which a launcher without a known colour appears in the default one. */
const PAINT_AFTER_MS = 1500
const DEFAULT_COLOUR = '#4f46e5'

export function createWidget(script: HTMLScriptElement, released: () => void): void {
  const { dataset } = script
  // Once: it costs more than all other options together.
  const { origin } = new URL(script.src, location.href)
  if ('apiKey' in dataset) warn('data-api-key is ignored')
  const wishes: Record<string, unknown> = { ...window.CatyAI }
  const fromPage = { ...readOptions(wishes), ...readOptions(dataset) }
  /** What Caty's dashboard says, where the owner's page says nothing. */
  let fromConfig: Partial<Options> | undefined
  let configured: Partial<Options> | undefined
  let reason: string | null = null
  let colour: string | undefined
  let panel: Promise<PanelHandle> | undefined
  let link: Promise<Link> | undefined
  let started: Promise<void> | undefined
  let gone = false

  const { on, off, emit } = createEvents()
  const element = createElement()
  const { host, root, button } = element

  const options = (): Options => ({
    ...defaults(origin),
    ...fromConfig,
    ...fromPage,
    ...configured,
  })

  const open = () => {
    core.isOpen = true
    return loadPanel().then(
      (handle) => {
        // A second `open()` opens nothing, and tells of nothing.
        if (gone || !core.isOpen || button.ariaExpanded === 'true') return
        button.ariaExpanded = 'true'
        handle.open()
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
  const toggle = () => (core.isOpen ? close() : open())

  const load = <T>(name: string): Promise<T> => {
    const url = `${options().edge}/chunks/${RELEASE}/${name}.js`
    // A browser may remember that a module failed; under another address it is asked for again, and anew each time.
    return import(url).catch(() => import(`${url}?${Math.random()}`))
  }

  /** One connection for panel and rules, so one visitor and one session; the panel brings the client's code along. */
  const connect = (chunk = 'client') =>
    (link ??= Promise.all([load<ClientModule>(chunk), start()]).then(([module]) => module.connect(core)))

  /** Panel and words, loaded together on the first sign of interest. */
  const loadPanel = () =>
    (panel ??= Promise.all([load<PanelModule>('panel'), load<StringsModule>(core.language()), connect('panel')])
      .then(([module, words, ready]) => {
        show()
        return module.mount(core, ready, words.default)
      })
      .catch((error) => {
        panel = link = undefined
        core.fail('panel_blocked')
        throw error
      }))

  const core: Core = {
    exchange,
    options,
    configure,
    wishes,
    config: {},
    grant: undefined,
    language: () =>
      [options().language, document.documentElement.lang, ...navigator.languages]
        .map((code) => `${code}`.slice(0, 2))
        .find((code) => languages().includes(code)) ?? 'en',
    context: () =>
      options().context === 'off'
        ? {}
        : {
            // A query and a fragment carry tokens and names.
            page_url: `${location.href.split(/[?#]/, 1)}`.slice(0, 2000),
            page_title: document.title.slice(0, 500),
          },
    root,
    button,
    open,
    close,
    on,
    off,
    emit,
    unread: 0,
    isOpen: false,
    load,
    spoke: false,
    panel: loadPanel,
    link: connect,
    fail(why) {
      if (reason === why) return
      reason = why
      warn(`unavailable: ${why}`)
      emit('error', { code: why })
    },
  }

  /** Rejects for who waits for it; a page that does not is not troubled with an unhandled rejection. */
  const extra = (name: string, values: unknown[] = []) => {
    const done = load<ExtrasModule>('api').then((module) => module.call(core, name, values))
    done.catch(() => 0)
    return done
  }

  /** Once painted, never in another colour: a launcher that changes under the eye looks broken. */
  const show = () => {
    if (gone) return
    const wished = options()
    const { target } = wished
    colour ??= wished.primaryColor ?? DEFAULT_COLOUR
    // A script in the head runs before there is a body.
    const parent = (target && document.querySelector(target)) || document.body || document.documentElement
    if (!host.isConnected) parent.append(host)
    paint(element, wished, colour)
    // Turbo and view transitions swap the body, and clumsy scripts empty it: the widget comes back with its state.
    for (const node of [document.documentElement, parent]) keeper.observe(node, { childList: true })
  }
  const keeper = new MutationObserver(() => host.isConnected || show())

  /** The first token, once; a widget that could not have it appears all the same and says why when it is used. */
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
      // An icon, a size or an animation of the dashboard's is drawn by a chunk, where there is one.
      if (appearance?.launcher) extra('launcher')
      emit('ready', api)
      watch()
      if (options().layout === 'inline') open()
    })())

  /** Loads what learns from the page, where the owner and the visitor's consent want it. */
  const watch = () => {
    const { consent, context } = options()
    const { greeting, proactive } = core.config.behavior ?? {}
    if (
      context === 'full' ||
      (greeting?.show_on_load ?? greeting) ||
      (proactive?.enabled && (core.spoke || !consent || consent === 'granted'))
    )
      load<PageModule>('page-rules')
        .then((module) => module.start(core))
        .catch(() => 0)
  }

  function configure(change?: object) {
    Object.assign(wishes, change)
    configured = { ...configured, ...readOptions(Object(change)) }
    colour = configured.primaryColor ?? colour
    if (host.isConnected) show()
    panel?.then((handle) => handle.update())
    if (change) extra('configure', [change])
    watch()
  }

  const api: Record<string, unknown> = {
    version: VERSION,
    ready: new Promise((resolve) => on('ready', resolve)),
    on,
    off,
    open,
    close,
    toggle,
    configure,
    once(event: string, listener: Listener) {
      const first = (detail: unknown) => {
        off(event, first)
        listener(detail)
      }
      on(event, first)
    },
    getState: () => ({
      open: core.isOpen,
      unread: core.unread,
      ready: !!core.grant,
      visible: host.isConnected && !host.hidden,
    }),
    getUnavailableReason: () => reason,
    getLanguage: core.language,
    getSupportedLanguages: languages,
    getPageContext: () => core.context(),
    getMetrics: () => core.page?.getMetrics() ?? null,
    init(change?: object) {
      gone = false
      configure(change)
      start().then(show)
    },
    show: () => {
      host.hidden = false
    },
    hide: () => {
      host.hidden = true
    },
    destroy() {
      close()
      gone = true
      panel?.then((handle) => handle.destroy())
      emit('destroy')
      panel = started = link = undefined
      keeper.disconnect()
      host.remove()
      released()
    },
  }
  for (const name of 'sendMessage clearSession identify setLanguage consent showBubble hideBubble trackEvent'.split(
    ' ',
  ))
    api[name] = (...values: unknown[]) => extra(name, values)

  button.onclick = toggle
  // Interest: hover or touch, and focus. The panel is there when the click comes.
  button.onpointerenter = button.onfocus = () => void loadPanel().catch(() => 0)

  // A page may go on with its queue when the script has loaded: the calls are then made at once. An unknown one is nothing.
  const push = ([method, ...values]: [string, ...unknown[]]) => Object(api)[method]?.(...values)
  const { q } = Object(window.CatyWidget)
  // The published types describe it; test/e2e/vendor-page.test.ts compares.
  window.CatyWidget = window.Caty = Object(api)
  api.q = { push }
  q?.map?.(push)

  const { edge, widgetId, primaryColor, load: when } = options()
  if (when === 'intent' || primaryColor) show()
  /** The first read of a page's storage holds the main thread up until the browser's process answers, so it is not made while the page loads. */
  const wake = async () => {
    if (when === 'idle') await start()
    try {
      if (sessionStorage[`caty ${edge} ${widgetId} open`]) open()
    } catch {
      // Storage is blocked here; then nothing was left open either.
    }
  }
  // A page that draws no frames may never be called idle; without the limit one visitor in eight saw no launcher.
  // A browser without idle callbacks reads the limit as a delay of 0 ms.
  const idle = () => (window.requestIdleCallback ?? setTimeout)(wake, { timeout: 1000 })
  if (document.readyState === 'complete') idle()
  else addEventListener('load', idle)
}

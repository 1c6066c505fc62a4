/** The widget as the page sees it: `window.CatyWidget`, and the life between the script's start and `destroy()`. */
import type { WidgetConfig } from '../../edge/contract/edge.ts'
import type { Core, PanelHandle, PanelModule, Strings } from './core.ts'
import { createElement, paint } from './element.ts'
import { createEvents } from './events.ts'
import { firstToken } from './first-token.ts'
import { DEFAULTS, type Options, readOptions, warn } from './options.ts'

/** Put in by the build: file names with their hashes, and the version. */
declare const CHUNKS: Record<string, string>
declare const VERSION: string

/** Milliseconds after which a launcher without a known colour appears in the default one. */
const PAINT_AFTER_MS = 1500
const DEFAULT_COLOUR = '#4f46e5'

export function createWidget(script: HTMLScriptElement, released: () => void): void {
  const { dataset } = script
  if ('apiKey' in dataset) warn('data-api-key is ignored and never sent. Remove it from the tag, and rotate that key.')
  const fromPage = { ...readOptions(Object(Reflect.get(window, 'CatyAI'))), ...readOptions(dataset) }
  let configured: Partial<Options> = {}
  let reason: string | null = null
  let unread = 0
  let isOpen = false
  let colour: string | undefined
  let panel: Promise<PanelHandle> | undefined
  let started: Promise<void> | undefined
  let gone = false
  let strings: Strings | undefined

  const { on, off, emit } = createEvents()
  const element = createElement()
  const { host, root, button, badge } = element

  const options = (): Options => ({
    ...DEFAULTS,
    edge: new URL(script.src, location.href).origin,
    ...fromConfig(core.config),
    ...fromPage,
    ...configured,
  })

  const core: Core = {
    options,
    config: {},
    grant: undefined,
    root,
    button,
    emit,
    setUnread(count) {
      unread = count
      badge.textContent = count > 9 ? '9+' : String(count || '')
      label()
      emit('unread', { count })
    },
    close: () => close(),
    fail(why) {
      if (reason === why) return
      reason = why
      warn(`unavailable: ${why}`)
      emit('error', { code: why })
    },
  }

  const label = () => button.setAttribute('aria-label', (strings?.launcher ?? 'Chat') + (unread ? ` (${unread})` : ''))

  /** Once painted, never in another colour: a launcher that changes under the eye looks broken. */
  const show = () => {
    if (gone) return
    const wishes = options()
    colour ??= wishes.primaryColor ?? DEFAULT_COLOUR
    const { target } = wishes
    // A script in the head runs before there is a body.
    const parent = (target && document.querySelector(target)) || document.body || document.documentElement
    if (!host.isConnected) parent.append(host)
    paint(element, wishes, colour)
    label()
  }

  /** The first token, once; a widget that could not have it appears all the same and says why when it is used. */
  const start = () =>
    (started ??= (async () => {
      const late = setTimeout(show, PAINT_AFTER_MS)
      const { answer, reason: why } = await firstToken(options())
      clearTimeout(late)
      if (answer) {
        core.config = answer.config ?? {}
        core.grant = answer
      } else core.fail(why)
      show()
      settle(api)
      emit('ready')
      if (options().layout === 'inline') open()
    })())

  const load = (name: string) => import(`${options().edge}/chunks/${CHUNKS[name] ?? CHUNKS.en}`)

  /** Panel and words, loaded together on the first sign of interest. */
  const loadPanel = () =>
    (panel ??= (async () => {
      start()
      const language = (options().language ?? (document.documentElement.lang || navigator.language)).slice(0, 2)
      const [module, words]: [PanelModule, { default: Strings }] = await Promise.all([load('panel'), load(language)])
      await started
      strings = words.default
      show()
      return module.mount(core, strings)
    })().catch((error) => {
      panel = undefined
      core.fail('panel_blocked')
      throw error
    }))

  const open = () => {
    isOpen = true
    loadPanel().then(
      (handle) => {
        if (!isOpen) return
        button.setAttribute('aria-expanded', 'true')
        handle.open()
        emit('open')
      },
      () => (isOpen = false),
    )
  }
  const close = () => {
    if (!isOpen) return
    isOpen = false
    button.setAttribute('aria-expanded', 'false')
    panel?.then((handle) => handle.close())
    emit('close')
  }
  const toggle = () => (isOpen ? close() : open())

  const configure = (change?: object) => {
    configured = { ...configured, ...readOptions(Object(change)) }
    colour = configured.primaryColor ?? colour
    if (host.isConnected) show()
    panel?.then((handle) => handle.update())
  }

  let settle: (value: unknown) => void = () => 0
  const api: Record<string, unknown> = {
    version: VERSION,
    ready: new Promise((resolve) => {
      settle = resolve
    }),
    open,
    close,
    toggle,
    configure,
    on,
    off,
    sendMessage: async (text: string) => (await loadPanel()).send(String(text)),
    clearSession: async () => (await loadPanel()).clear(),
    once(event: string, listener: (detail: unknown) => void) {
      const first = (detail: unknown) => {
        off(event, first)
        listener(detail)
      }
      on(event, first)
    },
    getState: () => ({ open: isOpen, unread, ready: !!core.grant, visible: host.isConnected && !host.hidden }),
    getUnavailableReason: () => reason,
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
      panel = started = undefined
      host.remove()
      released()
    },
  }

  button.onclick = toggle
  // Interest: hover, focus, touch. The panel is there when the click comes.
  for (const sign of ['pointerenter', 'focus', 'touchstart']) {
    button.addEventListener(sign, () => void loadPanel().catch(() => 0), { once: true, passive: true })
  }

  const queue: unknown = Reflect.get(Object(Reflect.get(window, 'CatyWidget')), 'q')
  for (const name of ['CatyWidget', 'Caty']) Reflect.set(window, name, api)
  if (Array.isArray(queue)) for (const [method, ...args] of queue) Object(api[method])(...args)

  const { load: when, edge, widgetId, primaryColor } = options()
  if (primaryColor || when === 'intent') show()
  if (when === 'idle') {
    const idle = () => (window.requestIdleCallback ?? setTimeout)(start)
    if (document.readyState === 'complete') idle()
    else addEventListener('load', idle)
  }
  try {
    if (sessionStorage[`caty ${edge} ${widgetId} open`]) open()
  } catch {
    // Storage is blocked here; then nothing was left open either.
  }
}

/** What Caty's dashboard says, where the owner's page says nothing. */
const fromConfig = ({ appearance, behavior, persona }: WidgetConfig): Partial<Options> =>
  readOptions({
    ...appearance,
    primaryColor: appearance?.colors?.primary,
    greeting: behavior?.greeting?.message,
    language: persona?.language,
  })

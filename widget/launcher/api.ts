/** `window.CatyWidget`. Calls that need more than the launcher load the api chunk. */
import type { CatyWidgetApi } from '../caty-widget.d.ts'
import type { Chunks } from '../chunk-api/chunks.ts'
import type { Core } from '../chunk-api/core.ts'
import type { EventDetails, EventName } from '../chunk-api/events.ts'
import { LANGUAGES } from '../chunk-api/strings.ts'

/** Put in by the build. */
declare const VERSION: string

type Methods = Chunks['api']['methods']

/** What only the launcher can do. */
export type Lifecycle = Pick<CatyWidgetApi, 'toggle' | 'init' | 'destroy' | 'getState' | 'getUnavailableReason'>

/** Runs a method of the api chunk. A page that does not wait for it is not troubled with an unhandled rejection. */
export function callApi<T>({ load }: Pick<Core, 'load'>, run: (methods: Methods) => Promise<T>): Promise<T> {
  const done = load('api').then((api) => api.call(run))
  done.catch(() => 0)
  return done
}

/** Publishes `window.CatyWidget` and `window.Caty`, and makes the calls that the page queued before. */
export function publishApi(core: Core, lifecycle: Lifecycle): CatyWidgetApi {
  const { on, off, open, close, configure } = core
  const { host } = core.root
  const call = <T>(run: (methods: Methods) => Promise<T>) => callApi(core, run)
  const hide = (hidden: boolean) => host.toggleAttribute('hidden', hidden)

  const api: CatyWidgetApi = {
    version: VERSION,
    ready: new Promise((resolve) => on('ready', resolve)),
    ...lifecycle,
    on,
    off,
    once<Name extends EventName>(event: Name, listener: (detail: EventDetails[Name]) => void) {
      const first = (detail: EventDetails[Name]) => {
        off(event, first)
        listener(detail)
      }
      on(event, first)
    },
    open: () => open(true),
    close,
    configure,
    show: () => void hide(false),
    hide: () => void hide(true),
    getLanguage: core.language,
    getSupportedLanguages: () => LANGUAGES,
    getPageContext: () => core.context(),
    getMetrics: () => core.pageRules?.getMetrics() ?? null,
    sendMessage: (text) => call((methods) => methods.sendMessage(core, text)),
    identify: (visitor) => call((methods) => methods.identify(core, visitor)),
    clearSession: () => call((methods) => methods.clearSession(core)),
    consent: (given) => call((methods) => methods.consent(core, given)),
    setLanguage: (language) => call((methods) => methods.setLanguage(core, language)),
    showBubble: (text, options) => call((methods) => methods.showBubble(core, text, options)),
    hideBubble: () => call((methods) => methods.hideBubble(core)),
    trackEvent: (type, data) => call((methods) => methods.trackEvent(core, type, data)),
    q: { push: (queued) => run(queued) },
  }
  /** A page may go on with its queue once the script has loaded: its calls are then made at once. */
  const run = ([method, ...values]: readonly [string, ...unknown[]]) => {
    const known: unknown = new Map(Object.entries(api)).get(method)
    if (typeof known === 'function') known(...values)
  }
  const queued: unknown = window.CatyWidget?.q
  window.CatyWidget = window.Caty = api
  if (Array.isArray(queued)) queued.forEach(run)
  return api
}

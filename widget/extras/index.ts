/**
 * The extras chunk: the calls of `window.CatyWidget` that need more than the launcher. They come together in one small
 * file, so that a page which makes none of them does not load them.
 */
import { CallError } from '../client/errors.ts'
import type { Core, PageModule, StringsModule } from '../launcher/core.ts'

type Extra = (core: Core, ...values: readonly unknown[]) => Promise<unknown>

const page = async (core: Core) => (await core.load<PageModule>('rules')).start(core)

const EXTRAS: Record<string, Extra> = {
  sendMessage: async (core, text) => (await core.panel()).sendMessage(String(text)),
  clearSession: async (core) => (await core.panel()).clearSession(),

  /** Tells Caty who the visitor is. */
  async identify(core, data) {
    const link = await core.link()
    await link.call(`/api/widget/session/${await link.session()}`, { visitor_info: Object(data) }, { method: 'PATCH' })
  },

  /** Goes on in another language; an unknown code counts as English. */
  async setLanguage(core, code) {
    core.configure({ language: String(code) })
    const [panel, words] = await Promise.all([core.panel(), core.load<StringsModule>(core.language())])
    panel.speak(words.default)
    core.emit('languageChanged', { language: words.default.code })
  },

  /** The visitor's word on storage and observation; without it, `data-consent="required"` holds both back. */
  async consent(core, given) {
    core.configure({ consent: given ? 'granted' : 'denied' })
    core.emit('consent', { given: !!given })
  },

  showBubble: async (core, text, options) => (await page(core)).showBubble(String(text), Object(options)),
  hideBubble: async (core) => core.page?.hideBubble(),
  trackEvent: async (core, type, data) => core.page?.trackEvent(String(type), data),
}

/** Rejects with `CallError`. */
export async function call(core: Core, name: string, values: readonly unknown[]): Promise<unknown> {
  try {
    return await EXTRAS[name]?.(core, ...values)
  } catch (error) {
    throw error instanceof Error && 'code' in error
      ? error
      : new CallError({ kind: 'refused', status: 0, code: 'internal' })
  }
}

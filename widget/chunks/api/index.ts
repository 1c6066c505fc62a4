/**
 * The api chunk: the calls of `window.CatyWidget` that need more than the launcher. A page that makes none of them does not
 * load it.
 */
import type { Product, Slot, SuggestedAction } from '../../../edge/contract/edge.ts'
import type { Core } from '../../chunk-api/core.ts'
import type { BubbleOptions } from '../../chunk-api/events.ts'
import { booleanOf, isString, membersOf, stringOf } from '../../chunk-api/untrusted.ts'
import { CallError } from '../../client/errors.ts'
import { mayObserve } from '../page-rules/privacy.ts'
import { report } from '../page-rules/report.ts'
import { eventData } from './event-data.ts'
import { styleLauncher } from './launcher-style.ts'
import { applyPageOptions } from './page-options.ts'
import { forgetVisitor, identify } from './visitor.ts'

export { applyColours } from './colours.ts'
export { restoreVisitor } from './visitor.ts'

/** What the page passes is untrusted, so every value is `unknown`. */
export const methods = {
  sendMessage: async (core: Core, text: unknown) => (await core.panel()).sendMessage(String(text)),

  async clearSession(core: Core): Promise<void> {
    forgetVisitor()
    await (await core.panel()).clearSession()
    core.pageRules?.forgetVisitor()
  },

  identify,

  /** Goes on in another language. An unknown code counts as English. */
  async setLanguage(core: Core, code: unknown): Promise<void> {
    core.configure({ language: String(code) })
    core.emit('languageChanged', { language: core.language() })
  },

  /** The visitor's answer on storage and observation. Until it comes, `data-consent="required"` allows neither. */
  async consent(core: Core, given: unknown): Promise<void> {
    core.configure({ consent: given ? 'granted' : 'denied' })
    core.emit('consent', { given: !!given })
  },

  configure: async (core: Core, change: Readonly<Record<string, unknown>>) => applyPageOptions(core, change),
  styleLauncher: async (core: Core) => styleLauncher(core),

  async showBubble(core: Core, text: unknown, options: unknown): Promise<void> {
    const bubble = await core.load('bubble')
    const parsed = bubbleOptions(options)
    await bubble.showBubble(core, String(text), parsed, (how) => {
      if (mayObserve(core)) report(core, how, parsed.messageId).catch(() => 0)
    })
  },
  hideBubble: async (core: Core) => (await core.load('bubble')).hideBubble(),

  /** Sends nothing unless the configuration turns proactive messages on, and consent and privacy signals allow it. */
  async trackEvent(core: Core, type: unknown, data: unknown): Promise<void> {
    if (!core.bearerToken) await new Promise((resolve) => core.on('ready', resolve))
    if (!mayObserve(core)) return
    const pageRules = (await core.load('page-rules')).start(core)
    await pageRules.trackEvent(String(type), eventData(data))
  },
}

/** Runs a method. Rejects with an error that has a `code`. */
export async function call<T>(run: (known: typeof methods) => Promise<T>): Promise<T> {
  try {
    return await run(methods)
  } catch (error) {
    throw error instanceof Error && 'code' in error
      ? error
      : new CallError({ kind: 'refused', status: 0, code: 'internal' })
  }
}

function bubbleOptions(value: unknown): BubbleOptions {
  const { messageId, suggestedActions, type, rule, dismissable } = membersOf(value)
  return {
    messageId: stringOf(messageId),
    suggestedActions: (Array.isArray(suggestedActions) ? suggestedActions : []).flatMap(suggestedAction),
    type: stringOf(type),
    rule: stringOf(rule),
    dismissable: booleanOf(dismissable) !== false,
  }
}

/** An action, or only its label. */
function suggestedAction(value: unknown): SuggestedAction[] {
  if (isString(value)) return [{ label: value }]
  const { label, action, url, value: text, payload } = membersOf(value)
  if (!isString(label)) return []
  return [
    { label, action: stringOf(action), url: stringOf(url), value: stringOf(text), payload: actionPayload(payload) },
  ]
}

function actionPayload(value: unknown): SuggestedAction['payload'] {
  const { page, url, phone, message, form_type, date, fields, slots, items } = membersOf(value)
  return {
    page: stringOf(page),
    url: stringOf(url),
    phone: stringOf(phone),
    message: stringOf(message),
    form_type: stringOf(form_type),
    date: stringOf(date),
    fields: Array.isArray(fields) ? fields.filter(isString) : undefined,
    slots: Array.isArray(slots) ? slots.filter(isSlot) : undefined,
    items: Array.isArray(items) ? items.filter(isProduct) : undefined,
  }
}

const isSlot = (value: unknown): value is Slot => isString(membersOf(value).label)
const isProduct = (value: unknown): value is Product => isString(membersOf(value).name)

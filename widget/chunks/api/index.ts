/**
 * The extras chunk: the calls of `window.CatyWidget` that need more than the launcher. They come together in one small
 * file, so that a page which makes none of them does not load them.
 */

import type { BubbleModule, BubbleOptions, Core, PageModule } from '../../chunk-api/core.ts'
import { CallError } from '../../client/errors.ts'
import { createStore, type Store } from '../../client/storage.ts'
import { eventData } from '../observe/tracker.ts'
import { mayObserve } from '../page-rules/privacy.ts'
import { report } from '../page-rules/report.ts'
import { dress } from './colours.ts'
import { applyWishes } from './configure.ts'
import { dressLauncher } from './launcher-style.ts'

type Extra = (core: Core, ...values: readonly unknown[]) => Promise<unknown>

/** What the page told of its visitor, until `clearSession()`. */
let known: Record<string, unknown> | undefined
const following = new WeakSet<Core>()

/** Where it outlives the page: the panel's own place, and like it only once the visitor wants to chat. */
function keptBy(core: Core): Store {
  const { edge, widgetId, consent } = core.options()
  const may = () => consent !== 'denied' && (core.spoke || (core.isOpen && consent !== 'required'))
  return createStore(() => localStorage, `caty ${edge} ${widgetId} `, may)
}

function follow(core: Core): void {
  if (following.has(core)) return
  following.add(core)
  core.on('session', () => void tell(core).catch(() => 0))
  core.on('open', () => known && keptBy(core).set('visitor', known))
}

const EXTRAS: Record<string, Extra> = {
  sendMessage: async (core, text) => (await core.panel()).sendMessage(String(text)),

  async clearSession(core) {
    known = undefined
    await (await core.panel()).clearSession()
    core.page?.forget()
  },

  /** Tells Caty who the visitor is: now where there is a session, and with each one that opens later. */
  async identify(core, data) {
    known = { ...known, ...Object(eventData(data)) }
    follow(core)
    if (core.isOpen || core.spoke) keptBy(core).set('visitor', known)
    // Naming somebody is no reason to open a session; before the first exchange there cannot be one.
    if (core.grant && (await core.link()).current() !== undefined) await tell(core)
  },

  /** What an earlier page told of the visitor, for the sessions of this one. */
  async restore(core) {
    known ??= Object(eventData(keptBy(core).get('visitor')))
    follow(core)
  },

  /** Goes on in another language; an unknown code counts as English. */
  async setLanguage(core, code) {
    core.configure({ language: String(code) })
    core.emit('languageChanged', { language: core.language() })
  },

  /** The visitor's word on storage and observation; without it, `data-consent="required"` holds both back. */
  async consent(core, given) {
    core.configure({ consent: given ? 'granted' : 'denied' })
    core.emit('consent', { given: !!given })
  },

  configure: async (core, change) => applyWishes(core, Object(change)),
  launcher: async (core) => dressLauncher(core),
  /** The dashboard's colours, when the panel comes. */
  dress: async (core, colours) => dress(core, Object(colours), false),

  async showBubble(core, text, options) {
    const bubble = await core.load<BubbleModule>('bubble')
    const wanted = bubbleOptions(options)
    await bubble.showBubble(core, String(text), wanted, (how) => {
      if (mayObserve(core)) report(core, how, wanted.messageId).catch(() => 0)
    })
  },
  hideBubble: async (core) => (await core.load<BubbleModule>('bubble')).hideBubble(core),

  /** Goes nowhere unless the configuration turns proactive messages on, and consent and signals allow. */
  async trackEvent(core, type, data) {
    if (!core.grant) await new Promise((resolve) => core.on('ready', resolve))
    if (!mayObserve(core)) return
    const page = (await core.load<PageModule>('page-rules')).start(core)
    await page.trackEvent(String(type), data)
  },
}

async function tell(core: Core): Promise<void> {
  const link = await core.link()
  if (known)
    await link.call(`/api/widget/session/${await link.session()}`, { visitor_info: known }, { method: 'PATCH' })
}

function bubbleOptions(value: unknown): BubbleOptions {
  const { messageId, suggestedActions, type, rule, dismissable }: Record<string, unknown> = Object(value)
  const text = (member: unknown) => (typeof member === 'string' ? member : undefined)
  const actions = (Array.isArray(suggestedActions) ? suggestedActions : []).flatMap((action) =>
    typeof action === 'string' ? [{ label: action }] : typeof action?.label === 'string' ? [action] : [],
  )
  return {
    messageId: text(messageId),
    suggestedActions: actions,
    type: text(type),
    rule: text(rule),
    dismissable: dismissable !== false,
  }
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

/** What the panel hands to the chunks that add to it, and where they may draw. */
import type { ComponentChildren } from 'preact'
import type { MessageAnswer, SuggestedAction } from '../../edge/contract/edge.ts'
import type { Store } from '../client/storage.ts'
import type { Core, Link, Strings } from '../launcher/core.ts'
import type { Conversation, Entry } from './conversation.ts'

export type Slots = {
  /** At the end of the conversation. */
  end?: () => ComponentChildren
  /** Under a message. */
  entry?: (entry: Entry) => ComponentChildren
  /** In the header. */
  head?: () => ComponentChildren
  /** Beside the composer. */
  tools?: () => ComponentChildren
}

export type PanelHost = {
  core: Core
  link: Link
  conversation: Conversation
  slots: Slots
  /** What lasts as long as the browser's tab. */
  tab: Store
  strings: () => Strings
  draw: () => void
}

/** The guide: decides what a reply or an action needs beside text, and loads it. */
export type Guide = {
  /** Before a reply is shown: may change its entry. */
  answered: (answer: MessageAnswer, entry: Entry) => void
  act: (action: SuggestedAction) => void
}
export type GuideModule = { guide: (host: PanelHost) => Guide }
export type TabsModule = { join: (host: PanelHost) => () => void }

declare global {
  /** Set by the build: there is a guide chunk. */
  const GUIDE: boolean
}

/** Kinds of actions that only the guide can carry out. */
export const GUIDED = /form|contact|schedule|book|slot|handoff|order|buy|carousel/
/** What in an answer, as JSON, calls for the guide: also a list of choices at the end, and talk of a form. */
export const SPECIAL =
  /"products":\[|\[PRODUCT:|\\n- [^"\\*[]+"| (form|फ़ॉ)|フォ|表|양식|форм|نموذج|"action":"\w*(form|contact|schedule|slot|handoff|carousel)|"intent":"(sched|book|app|programare|pri|quote|human|support_r|contact|aff|ready|purch|prod)/i

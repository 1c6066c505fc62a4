/** What the panel hands to the chunks that add to it, and where they may draw. */
import type { ComponentChildren } from 'preact'
import type { MessageAnswer, SuggestedAction } from '../../edge/contract/edge.ts'
import type { Store } from '../client/storage.ts'
import type { Core, Link, Strings } from '../launcher/core.ts'
import type { Conversation, Entry } from './conversation.ts'

export type Slots = {
  /** At the end of the conversation. */
  end?: () => ComponentChildren
  /** Above a message: the day it is of. */
  before?: (entry: Entry, last: Entry | undefined) => ComponentChildren
  /** Directly under a message: when it was, and what can be done with it. */
  after?: (entry: Entry) => ComponentChildren
  /** Over the conversation, while there is more below than the visitor looks at. */
  missed?: (toEnd: () => void) => ComponentChildren
  /** Under the text that is being typed. */
  count?: () => ComponentChildren
  /** Under a message and its details. */
  entry?: (entry: Entry) => ComponentChildren
  /** In the header. */
  head?: () => ComponentChildren
  /** When the widget leaves the page. */
  leave?: () => void
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
/** Takes the slots of its own. */
export type DetailsModule = { details: (host: PanelHost) => void }
export type SoundModule = { chime: () => void }
/** Makes the dialog fill a phone; returns the way out. */
export type PhoneModule = { fill: (host: PanelHost, dialog: HTMLElement) => () => void }
export type GuideModule = { guide: (host: PanelHost) => Guide }
/** What of a BroadcastChannel is used. */
export type Channel = { postMessage: (message: object) => void; onmessage: ((event: MessageEvent) => void) | null }
export type TabsModule = { join: (host: PanelHost, channel: Channel, early: readonly object[]) => void }

declare global {
  /** Set by the build: there is a guide chunk. */
  const GUIDE: boolean
}

/** Kinds of actions that only the guide can carry out. */
export const GUIDED = /form|contact|schedule|book|slot|handoff|order|buy|carousel/
/** What in an answer, as JSON, calls for the guide: also a list of choices at the end, and talk of a form. */
export const SPECIAL =
  /"products":\[|\[PRODUCT:|\\n- [^"\\*[]+"| (form|फ़ॉ)|フォ|表|양식|форм|نموذج|"action":"\w*(form|contact|schedule|slot|handoff|carousel)|"intent":"(sched|book|app|programare|pri|quote|human|support_r|contact|aff|ready|purch|prod)/i

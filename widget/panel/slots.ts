/** What the panel hands to the chunks that add to it, and where they may draw. */
import type { ComponentChildren } from 'preact'
import type { MessageAnswer, SuggestedAction } from '../../edge/contract/edge.ts'
import type { Core, Link, Strings } from '../chunk-api/core.ts'
import type { Store } from '../client/storage.ts'
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
  /** Under a message: what is suggested. */
  actions?: (entry: Entry) => ComponentChildren
  /** Under a message and its details. */
  entry?: (entry: Entry) => ComponentChildren
  /** In the header. */
  head?: () => ComponentChildren
  /** When the visitor opens the panel. */
  seen?: () => void
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
  /** Adds styles to the panel's, once. */
  style: (css: string) => void
  strings: () => Strings
  draw: () => void
}

/** The guide: decides what a reply or an action needs beside text, and loads it. */
export type Guide = {
  /** Before a reply is shown: may change its entry. */
  answered: (answer: MessageAnswer, entry: Entry) => void
  act: (action: SuggestedAction) => void
}
/** What a reply holds beside its text. */
export type Reply = {
  /** Before a reply is shown; resolves when it can be. */
  answered: (answer: MessageAnswer, entry: Entry) => Promise<void>
  act: (action: SuggestedAction) => void
}
export type ReplyModule = {
  reply: (host: PanelHost, load: <T>(name: string) => Promise<T>, send: (text: string) => void) => Reply
}
/** Takes the slots of its own. */
export type DetailsModule = { details: (host: PanelHost) => void }
export type SoundModule = { chime: () => void }
/** Makes the dialog fill a phone, or stand beside the page; returns the way out. */
export type PhoneModule = { fill: (host: PanelHost, dialog: HTMLElement) => () => void }
/** `view` draws suggested actions, as the replies have them. */
export type GuideModule = {
  guide: (host: PanelHost, view: (props: { actions: readonly SuggestedAction[] }) => ComponentChildren) => Guide
}
/** What of a BroadcastChannel is used. */
export type Channel = { postMessage: (message: object) => void; onmessage: ((event: MessageEvent) => void) | null }
export type TabsModule = { join: (host: PanelHost, channel: Channel) => void }

/**
 * What calls for the guide, in the kind of an action as in an answer's JSON: intents, actions, products, a list of choices
 * at the end, talk of a form. One list for all: a chunk that loads once too often costs less than a second list. In other
 * languages than English every answer calls for it, because what asks for a form there would fill a chunk of its own.
 */
export const GUIDED =
  /(?<!in)form|contact|sched|book|slot|handoff|order|buy|carousel|products":|PRODUCT:|\\n- [^"\\*[]+"|intent":"[^bis]|support_r/

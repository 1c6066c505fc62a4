/** What the panel gives to the chunks that add to it, and where they may draw. */
import type { ComponentChildren } from 'preact'
import type { MessageAnswer, SuggestedAction } from '../../edge/contract/edge.ts'
import type { EdgeConnection } from '../chunk-api/connection.ts'
import type { Core } from '../chunk-api/core.ts'
import type { Strings } from '../chunk-api/strings.ts'
import type { Store } from '../client/storage.ts'
import type { Conversation } from './conversation.ts'
import type { Entry } from './entry.ts'

/** Places of the panel. A chunk sets the function that draws there. */
export type Slots = {
  header?: () => ComponentChildren
  /** Above a message: the name of its day. */
  dayTitle?: (entry: Entry, previous: Entry | undefined) => ComponentChildren
  /** Directly below a message: its time and its buttons. */
  messageDetails?: (entry: Entry) => ComponentChildren
  /** Below the details: products, or times to choose from. */
  attachments?: (entry: Entry) => ComponentChildren
  /** Below the attachments: suggested actions. */
  actions?: (entry: Entry) => ComponentChildren
  /** Below the last message: forms and the like. */
  logEnd?: () => ComponentChildren
  /** Over the conversation, while new messages are out of sight. */
  newMessages?: (scrollToEnd: () => void) => ComponentChildren
  /** In front of the composer's field. */
  composerTools?: () => ComponentChildren
  /** Below the text that the visitor types. */
  charactersLeft?: () => ComponentChildren
  onOpen?: () => void
  onDestroy?: () => void
}

export type PanelHost = {
  core: Core
  connection: EdgeConnection
  conversation: Conversation
  slots: Slots
  /** Values that last as long as the browser's tab. */
  tabStore: Store
  /** Strings of the visitor's language, the owner's own among them. */
  strings: () => Strings
  draw: () => void
  /** The end of a text that did not fit into the composer; empty when nothing was cut. */
  cutText: string
  /** Sends a message in the visitor's name. If it fails, the conversation shows why. */
  send: (text: string) => void
}

/** Decides what a reply or an action needs beside text. The reply chunk and, for rarer things, the guide chunk are such. */
export type ReplyHandler = {
  /** Called before a reply is shown; may change its entry. The reply waits for the promise. */
  prepareReply: (answer: MessageAnswer, entry: Entry) => Promise<void> | void
  runAction: (action: SuggestedAction) => void
}

/** Draws a text. */
export type DrawText = (text: string) => ComponentChildren

/** A bare address in a text: what the visitor sees, and where it leads. */
export type Address = { text: string; href: string }

/** How the text chunk makes links, for the rich chunk, which then needs no copy of it. */
export type LinkTools = {
  /** The address that a text begins with. */
  addressAt: (text: string) => Address | undefined
  /** Resolves character references. */
  decode: (text: string) => string
  /** A link to an allowed address, or the label alone. */
  link: (
    target: string,
    label: ComponentChildren,
    more?: { title?: string | undefined; dir?: 'ltr' | undefined },
  ) => ComponentChildren
  /** The address of a picture that may be drawn. */
  pictureUrl: (target: string) => string | undefined
  /** Links the phone numbers in the strings among these children. */
  withTelephones: (children: readonly ComponentChildren[]) => ComponentChildren[]
}

/** Draws suggested actions. */
export type ActionsView = (props: { actions: readonly SuggestedAction[] }) => ComponentChildren

/**
 * Matches replies and actions that need the guide chunk: in the kind of an action, or in the JSON of an answer (its intent,
 * actions, products, a list of choices at the end, a sentence about a form). One pattern for both, because loading the chunk
 * once too often costs less than a second list. In other languages than English every answer loads the guide: the words for
 * a form in all of them would fill a chunk.
 */
export const NEEDS_GUIDE =
  /(?<!in)form|contact|sched|book|slot|handoff|order|buy|carousel|products":|PRODUCT:|\\n- [^"\\*[]+"|intent":"[^bis]|support_r/

/** What the launcher and its chunks share. A chunk gets it as an argument, so neither imports the other's code. */
import type { MessageAnswer, SuggestedAction, WidgetConfig } from '../../edge/contract/edge.ts'
import type { PageContext } from '../../edge/contract/page-context.ts'
import type { Options } from '../launcher/options.ts'
import type { Load } from './chunks.ts'
import type { BearerToken, EdgeConnection, Exchange } from './connection.ts'
import type { Emit, Off, On } from './events.ts'
import type { PageRules } from './page.ts'
import type { Language } from './strings.ts'

export type Core = {
  /** The options as they count now. */
  options: () => Options
  /** Applies a change of the page's options. Without one, applies what `config` says now. */
  configure: (change?: object) => void
  /** The page's options as it wrote them, for members that only a chunk understands. */
  rawOptions: Readonly<Record<string, unknown>>
  /** Caty's configuration; empty until the first token has come. */
  config: WidgetConfig
  bearerToken: BearerToken | undefined
  exchange: Exchange
  language: () => Language
  /** What the edge is told of the page; the page-rules chunk adds to it. */
  context: () => PageContext
  root: ShadowRoot
  /** Adds a stylesheet to the root. Adding it again, also after `destroy()`, changes nothing. */
  addStyles: (css: string) => void
  /** The launcher's button, which gets the focus back when the chat closes. */
  button: HTMLElement
  on: On
  off: Off
  emit: Emit
  /** Replies that the visitor has not seen. */
  unread: number
  /** `isAsked`: the visitor wants it now. A chat that opens by itself takes no focus, and leaves a phone's screen to the page. */
  open: (isAsked?: boolean) => Promise<void>
  close: () => void
  isOpen: boolean
  /** Keeps the reason why the widget cannot do its work, and warns of it once on the console. */
  fail: (reason: string) => void
  load: Load
  /** The visitor has sent a message, which is consent to what a conversation needs. */
  hasSentMessage: boolean
  panel: () => Promise<PanelHandle>
  connection: () => Promise<EdgeConnection>
  /** Set while the page-rules chunk runs. */
  pageRules?: PageRules | undefined
}

/** What the panel gives to the launcher and to the chunks beside it. */
export type PanelHandle = {
  /** `takesFocus`: the composer gets the focus, unless the visitor is writing somewhere else. */
  open: (takesFocus: boolean) => void
  close: () => void
  /** Draws again after options changed. */
  update: () => void
  destroy: () => void
  /** Sends a message in the visitor's name. Rejects with `CallError`. */
  sendMessage: (text: string) => Promise<MessageAnswer>
  clearSession: () => Promise<void>
  /** Adds a message of the assistant that no question asked for. */
  addReply: (text: string, actions?: SuggestedAction[]) => void
  /** Does what a click on the suggested action does. */
  runAction: (action: SuggestedAction) => void
}

/** What the launcher and its chunks share. A chunk gets it handed over when it loads, so neither imports the other's code. */
import type { SuggestedAction, TokenAnswer, WidgetConfig } from '../../edge/contract/edge.ts'
import type { PageContext } from '../../edge/contract/page-context.ts'
import type { Options } from '../launcher/options.ts'

export type EventName =
  | 'open'
  | 'close'
  | 'message'
  | 'lead'
  | 'lead_captured'
  | 'products'
  | 'scheduled'
  | 'form_submitted'
  | 'navigate'
  | 'languageChanged'
  | 'bubble_shown'
  | 'bubble_clicked'
  | 'bubble_dismissed'
  | 'consent'
  | 'destroy'
  | 'ready'
  | 'error'
  | 'unread'
  | 'session'

export type Listener = (detail: unknown) => void
export type Emit = (event: EventName, detail?: unknown) => void

/** The Bearer token of the first exchange. */
export type Grant = Pick<TokenAnswer, 'access_token' | 'expires_in'>

/** One token request. `type` without `urn:`. */
export type Exchange = (
  edge: string,
  token: string,
  type: string,
  more: Record<string, string>,
  init?: RequestInit,
) => Promise<Response>

export type Core = {
  exchange: Exchange
  /** The owner's wishes as they are now. */
  options: () => Options
  configure: (change?: object) => void
  /** The owner's wishes as he wrote them, for what only a chunk understands. */
  wishes: Readonly<Record<string, unknown>>
  config: WidgetConfig
  grant: Grant | undefined
  /** One of the 14 codes. */
  language: () => string
  /** What may be told of the page; `data-context="full"` brings a chunk that tells more. */
  context: () => PageContext
  root: ShadowRoot
  /** The launcher's button, which gets the focus back. */
  button: HTMLElement
  on: (event: string, listener: Listener) => void
  off: (event: string, listener?: Listener) => void
  emit: Emit
  /** Messages nobody has seen yet. */
  unread: number
  open: () => Promise<void>
  close: () => void
  isOpen: boolean
  /** Remembers why the widget cannot do its work, and says it once on the console. */
  fail: (reason: string) => void
  /** Loads a chunk by its name, twice if need be. */
  load: <T>(name: string) => Promise<T>
  /** The visitor has sent a message, which is consent to what a conversation needs. */
  spoke: boolean
  /** The panel, loaded when need be. */
  panel: () => Promise<PanelHandle>
  /** What the rules chunk left here when it started, until it ends. */
  page?: PageHandle | undefined
  /** The connection to the edge, one for panel and rules. */
  link: () => Promise<Link>
}

/** `fetch` as calls use it; another one can tell how far an upload is. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>
/** `key` is an idempotency key; `keepalive` lets a call outlive its page. */
export type CallOptions = { method?: string; key?: string; keepalive?: boolean; fetch?: Fetch }

/** A bound token as the tabs of one visitor share it. Times in milliseconds. */
export type Bound = { token: string; renewAt: number; scheme: string }

/** The edge as the chunks use it; made by the client chunk. */
export type Link = {
  /** A JSON call. Throws `CallError`. */
  call: <T>(path: string, body?: object, how?: CallOptions) => Promise<T>
  /** What a call must carry; made ahead for the last call of a page, which has no time to sign. */
  headers: (method: string, path: string) => Promise<Record<string, string>>
  /** The handle of the session, opened when there is none. */
  session: () => Promise<string>
  /** The session is not known any more. */
  lost: () => void
  /** Continues an earlier session. */
  resume: (session: string) => void
  current: () => string | undefined
  greeting: string | undefined
  /** From now on the key pair may be stored: the visitor wants to chat, or consent was stated. */
  keep: () => void
  prepare: () => Promise<unknown>
  /** Another person: key pair and session are gone. */
  forget: () => Promise<void>
  /** What the tabs of a visitor do together; set by the tabs chunk. */
  shared: Shared
}
/** Runs a renewal while no other tab does, and tells the others what came of it. */
export type Shared = {
  alone?: <T>(run: () => Promise<T>) => Promise<T>
  renewed?: (bound: Bound) => void
  latest?: Bound
}
export type ClientModule = { connect: (core: Core) => Link }

/** What the panel chunk gives back. */
export type PanelHandle = {
  open: () => void
  close: () => void
  /** Draws again after options changed. */
  update: () => void
  destroy: () => void
  sendMessage: (text: string) => Promise<unknown>
  clearSession: () => Promise<void>
  /** Adds a message of the assistant that nobody asked for. */
  say: (text: string, actions?: SuggestedAction[]) => void
  /** Does what a suggested action does when it is clicked. */
  act: (action: SuggestedAction) => void
}
export type PanelModule = { mount: (core: Core, link: Link, strings: Strings) => PanelHandle }

/** What the visitor has done on this page. Times in milliseconds, depth in percent. */
export type Metrics = {
  scrollDepth: number
  timeOnPage: number
  clickCount: number
  formInteractions: number
  idleTime: number
  exitIntent: boolean
  visitCount: number
  browserLanguage: string
}

/** The full description of the page, from the short one. */
export type ContextModule = { fullContext: (basic: PageContext) => PageContext }

/** What the rules chunk gives back. */
export type PageHandle = {
  /** Starts, stops or goes on as consent and configuration are now. */
  update: () => void
  /** Somebody else is at the machine now. */
  forget: () => void
  trackEvent: (type: string, data?: unknown) => Promise<void>
  getMetrics: () => Metrics | null
  destroy: () => void
}
/** `start` may be called again; there is one page. */
export type PageModule = { start: (core: Core) => PageHandle }

/** What a bubble beside the launcher can carry. `messageId` names a message that Caty sent. */
export type BubbleOptions = {
  messageId?: string | undefined
  suggestedActions?: SuggestedAction[] | undefined
  type?: string | undefined
  rule?: string | undefined
  dismissable?: boolean | undefined
}
export type BubbleModule = {
  /** Shows a bubble in the place of the one there is; `gone` is told once how it went. */
  showBubble: (core: Core, text: string, options: BubbleOptions, gone?: (how: BubbleEnd) => void) => Promise<void>
  hideBubble: (core: Core) => void
}
export type BubbleEnd = 'clicked' | 'dismissed' | 'timeout' | 'hidden'

/** Everything of `window.CatyWidget` that needs another chunk. Rejects with a typed error. */
export type ExtrasModule = { call: (core: Core, name: string, values: readonly unknown[]) => Promise<unknown> }

/** The visible words of one language. */
export type Strings = { [Name in keyof typeof import('../locales/en.ts').default]: string }
export type StringsModule = { default: Strings }

/** What forms, products, files and bubbles say in one language. */
export type MoreStrings = { [Name in keyof typeof import('../locales/more/en.ts').default]: string }
export type MoreModule = { default: MoreStrings }

export type ChallengeModule = { solve: (core: Core, siteKey: string) => Promise<string> }

/**
 * Types of `window.CatyWidget` and of the package `caty-keyless`. With `import 'caty-keyless'` or
 * `/// <reference types="caty-keyless" />` the globals are known too.
 */

/** The languages of the widget. */
export type CatyLanguage =
  | 'en'
  | 'es'
  | 'ro'
  | 'fr'
  | 'de'
  | 'pt'
  | 'it'
  | 'nl'
  | 'ru'
  | 'ja'
  | 'zh'
  | 'ko'
  | 'ar'
  | 'hi'

/** What the tag takes as `data-…`, in camel case; `configure()` and `window.CatyAI` take it too. */
export interface CatyOptions {
  position?: 'bottom-right' | 'bottom-left' | 'top-right' | 'top-left'
  /** A CSS colour. */
  primaryColor?: string
  theme?: 'light' | 'dark' | 'auto'
  greeting?: string
  widgetId?: string
  language?: CatyLanguage | (string & {})
  zIndex?: number | string
  launcher?: 'bubble' | 'none'
  layout?: 'window' | 'sidebar' | 'inline'
  /** A selector of the element that the widget goes into. */
  target?: string
  load?: 'idle' | 'intent' | 'manual'
  consent?: 'required' | 'granted' | 'denied'
  context?: 'full' | 'basic' | 'off'
  nonce?: string
  offsetX?: number | string
  offsetY?: number | string
  transcript?: 'on' | 'off'
}

/** Everything that `configure()` and `init()` take. */
export interface CatyConfiguration extends CatyOptions {
  colors?: { primary?: string; secondary?: string; background?: string; text?: string }
  persona?: { name?: string; greeting?: string }
  behavior?: { showOnLoad?: boolean; proactiveDelay?: number; collectEmail?: boolean }
  showLauncher?: boolean
  sounds?: boolean
  autoOpen?: boolean
  /** Milliseconds. */
  autoOpenDelay?: number
  visible?: boolean
  features?: {
    proactiveMessages?: boolean
    leadCapture?: boolean
    humanHandoff?: boolean
    fileUpload?: boolean
    voiceInput?: boolean
  }
  /** Sentences of yours in the place of the widget's, by their names in `widget/locales/en.ts`. */
  strings?: Record<string, string>
}

export interface CatyAction {
  label: string
  action?: string
  url?: string
  value?: string
  payload?: Record<string, unknown>
  urgent?: boolean
}

export interface CatyProduct {
  id?: string
  name: string
  description?: string
  price?: string | number
  original_price?: string | number
  currency?: string
  image_url?: string
  url?: string
  rating?: number
  in_stock?: boolean
  offer_type?: string
  category?: string
  badges?: string[]
}

/** What `sendMessage()` brings. */
export interface CatyReply {
  success: true
  response: { content: string; suggested_actions: CatyAction[] }
  metadata: { intent?: string; confidence?: number; lead_score?: number }
  products?: CatyProduct[]
  language?: string
  lead_captured?: boolean
  lead_data?: Record<string, string>
}

export interface CatyBubbleOptions {
  messageId?: string
  suggestedActions?: (CatyAction | string)[]
  type?: string
  rule?: string
  dismissable?: boolean
}

/** What the visitor has done on this page; times in milliseconds, depth in percent. */
export interface CatyMetrics {
  scrollDepth: number
  timeOnPage: number
  clickCount: number
  formInteractions: number
  idleTime: number
  exitIntent: boolean
  visitCount: number
  browserLanguage: string
}

/** What may be told of the page; empty with `data-context="off"`, whole with `full`. */
export interface CatyPageContext {
  page_url?: string
  page_title?: string
  referrer?: string
  meta?: {
    description?: string
    og_title?: string
    og_description?: string
    og_image?: string
    canonical?: string
    language?: string
  }
  structured_data?: Record<string, unknown>[]
  content?: {
    h1?: string
    h2_list?: string[]
    main_text?: string
    has_product?: boolean
    has_pricing?: boolean
  }
  engagement_score?: number
  timeOnPage?: number
  scrollDepth?: number
}

export interface CatyState {
  open: boolean
  unread: number
  /** The widget has its configuration. */
  ready: boolean
  visible: boolean
}

/** What promises of the widget reject with. `code` is stable. */
export interface CatyError extends Error {
  name: 'CatyError'
  code: string
}

/** The events, and what their listeners get. */
export interface CatyEvents {
  open: undefined
  close: undefined
  message: { role: 'user' | 'assistant'; content: string }
  lead: Record<string, unknown> | undefined
  lead_captured: Record<string, unknown> | undefined
  products: { products: CatyProduct[] }
  scheduled: { name?: string; phone?: string; date: string; time: string }
  form_submitted: { form_type: string; [field: string]: unknown }
  navigate: { page?: string }
  languageChanged: { language: CatyLanguage }
  bubble_shown: { message: string; options: CatyBubbleOptions }
  bubble_clicked: CatyBubbleOptions
  bubble_dismissed: { messageId?: string }
  consent: { given: boolean }
  ready: CatyWidgetApi
  error: { code: string }
  unread: { count: number }
  session: { visitor_id: string }
  destroy: undefined
}

/** `window.CatyWidget`, and `window.Caty`. */
export interface CatyWidgetApi {
  readonly version: string
  /** Settled when the launcher has been painted. */
  readonly ready: Promise<CatyWidgetApi>
  /** Starts the widget, also after `destroy()` or with `data-load="manual"`. */
  init(configuration?: CatyConfiguration): void
  configure(configuration: CatyConfiguration): void
  open(): Promise<void>
  close(): void
  toggle(): Promise<void> | void
  show(): void
  hide(): void
  destroy(): void
  /** Says something in the visitor's name. Does not open the chat. Rejects with `CatyError`. */
  sendMessage(text: string): Promise<CatyReply>
  identify(visitor: Record<string, string | number | boolean | null>): Promise<void>
  clearSession(): Promise<void>
  consent(given: boolean): Promise<void>
  setLanguage(language: CatyLanguage | (string & {})): Promise<void>
  getLanguage(): CatyLanguage
  getSupportedLanguages(): readonly CatyLanguage[]
  showBubble(text: string, options?: CatyBubbleOptions): Promise<void>
  hideBubble(): Promise<void>
  trackEvent(type: string, data?: unknown): Promise<void>
  /** `null` while nothing may be learned from the page. */
  getMetrics(): CatyMetrics | null
  getPageContext(): CatyPageContext
  getState(): CatyState
  /** `null`, or why the widget cannot do its work. */
  getUnavailableReason(): string | null
  on<Name extends keyof CatyEvents>(event: Name, listener: (detail: CatyEvents[Name]) => void): void
  once<Name extends keyof CatyEvents>(event: Name, listener: (detail: CatyEvents[Name]) => void): void
  /** Without a listener: all of that event. */
  off<Name extends keyof CatyEvents>(event: Name, listener?: (detail: CatyEvents[Name]) => void): void
  /** Takes calls as the queue did before the script had loaded. */
  readonly q: { push(call: [method: string, ...values: unknown[]]): void }
}

export interface CatyLoadOptions extends CatyOptions {
  /** The origin of your Worker, as `https://chat.example.com`. */
  edge: string
}

/**
 * Brings the widget into the page, once however often it is called, and resolves with `window.CatyWidget` as soon as the
 * script has run. After `destroy()` it starts the widget again. Rejects with `CatyError`, code `script_blocked`, or
 * `no_document` where there is no page.
 */
export function load(options: CatyLoadOptions): Promise<CatyWidgetApi>

export interface CatyProductDetail {
  id?: string
  name: string
  price?: string | number
  image?: string
  url?: string
  description?: string
}

declare global {
  interface Window {
    CatyWidget?: CatyWidgetApi
    Caty?: CatyWidgetApi
    CatyAI?: CatyConfiguration
  }
  interface WindowEventMap {
    'caty:productView': CustomEvent<CatyProductDetail>
    'caty:addToCart': CustomEvent<CatyProductDetail>
    'caty:requestOffer': CustomEvent<CatyProductDetail>
  }
  /** Present once the script has run. */
  var CatyWidget: CatyWidgetApi
}

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

/** Options of the script tag, there as `data-…` in kebab case. `configure()` and `window.CatyAI` take them too. */
export interface CatyOptions {
  position?: 'bottom-right' | 'bottom-left' | 'top-right' | 'top-left'
  /** Any CSS colour. */
  primaryColor?: string
  theme?: 'light' | 'dark' | 'auto'
  greeting?: string
  widgetId?: string
  language?: CatyLanguage | (string & {})
  zIndex?: number | string
  launcher?: 'bubble' | 'none'
  layout?: 'window' | 'sidebar' | 'inline'
  /** A CSS selector of the element that gets the widget. */
  target?: string
  load?: 'idle' | 'intent' | 'manual'
  consent?: 'required' | 'granted' | 'denied'
  context?: 'full' | 'basic' | 'off'
  nonce?: string
  offsetX?: number | string
  offsetY?: number | string
  transcript?: 'on' | 'off'
}

/** Everything that `configure()` and `init()` accept. */
export interface CatyConfiguration extends CatyOptions {
  colors?: { primary?: string; secondary?: string; background?: string; text?: string }
  persona?: { name?: string; greeting?: string }
  behavior?: { showOnLoad?: boolean; proactiveDelay?: number; collectEmail?: boolean }
  showLauncher?: boolean
  sounds?: boolean
  autoOpen?: boolean
  /** In milliseconds. */
  autoOpenDelay?: number
  visible?: boolean
  features?: {
    proactiveMessages?: boolean
    leadCapture?: boolean
    humanHandoff?: boolean
    fileUpload?: boolean
    voiceInput?: boolean
  }
  /** Hosts whose pictures are drawn in replies, over `https:` only. Without it a picture is a link. */
  imageHosts?: string[]
  /** Your sentences in place of the widget's, by their names in `widget/locales/en.ts`. */
  strings?: Record<string, string>
}

/** A suggested action under a reply. Without `action` a click sends the label. */
export interface CatyAction {
  label: string
  action?: string | undefined
  url?: string | undefined
  value?: string | undefined
  payload?: Record<string, unknown> | undefined
  urgent?: boolean | undefined
}

export interface CatyProduct {
  id?: string | undefined
  name: string
  description?: string | undefined
  price?: string | number | undefined
  original_price?: string | number | undefined
  currency?: string | undefined
  image_url?: string | undefined
  url?: string | undefined
  /** From 0 to 5. */
  rating?: number | undefined
  in_stock?: boolean | undefined
  offer_type?: string | undefined
  category?: string | undefined
  badges?: string[] | undefined
}

/** What `sendMessage()` resolves with. */
export interface CatyReply {
  success: true
  response: { content: string; suggested_actions: CatyAction[] }
  metadata: { intent?: string | undefined; confidence?: number | undefined; lead_score?: number | undefined }
  products?: CatyProduct[] | undefined
  language?: string | undefined
  lead_captured?: boolean | undefined
  lead_data?: Record<string, string> | undefined
}

export interface CatyBubbleOptions {
  /** The id of a proactive message of Caty's: Caty is told whether the visitor clicked or dismissed it. */
  messageId?: string | undefined
  /** Buttons; a string is a button that sends its label. */
  suggestedActions?: (CatyAction | string)[] | undefined
  type?: string | undefined
  rule?: string | undefined
  /** `false` takes the close button away. */
  dismissable?: boolean | undefined
}

/** What the visitor has done on this page. Times are in milliseconds, `scrollDepth` in percent. */
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

/** What Caty is told of the page: nothing with `data-context="off"`, everything with `full`. */
export interface CatyPageContext {
  page_url?: string | undefined
  page_title?: string | undefined
  referrer?: string | undefined
  meta?:
    | {
        description?: string | undefined
        og_title?: string | undefined
        og_description?: string | undefined
        og_image?: string | undefined
        canonical?: string | undefined
        language?: string | undefined
      }
    | undefined
  structured_data?: Record<string, unknown>[] | undefined
  content?:
    | {
        h1?: string | undefined
        h2_list?: string[] | undefined
        main_text?: string | undefined
        has_product?: boolean | undefined
        has_pricing?: boolean | undefined
      }
    | undefined
  engagement_score?: number | undefined
  timeOnPage?: number | undefined
  scrollDepth?: number | undefined
}

export interface CatyState {
  open: boolean
  /** Replies that the visitor has not seen. */
  unread: number
  /** The widget has its configuration. */
  ready: boolean
  visible: boolean
}

/** What the widget's promises reject with. `code` is stable. */
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
  scheduled: { name?: string | undefined; phone?: string | undefined; date: string; time: string }
  form_submitted: { form_type: string; [field: string]: unknown }
  navigate: { page?: string | undefined }
  languageChanged: { language: CatyLanguage }
  bubble_shown: { message: string; options: CatyBubbleOptions }
  bubble_clicked: CatyBubbleOptions
  bubble_dismissed: { messageId?: string | undefined }
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
  /** Resolves when the launcher has been painted. */
  readonly ready: Promise<CatyWidgetApi>
  /** Starts the widget, with `data-load="manual"` or after `destroy()`. */
  init(configuration?: CatyConfiguration): void
  /** Changes the options. Members that are left out stay as they are. */
  configure(configuration: CatyConfiguration): void
  /** Opens the chat. */
  open(): Promise<void>
  close(): void
  toggle(): Promise<void> | void
  /** Shows the widget again after `hide()`. */
  show(): void
  /** Hides the launcher and the chat. */
  hide(): void
  /** Removes the widget from the page. */
  destroy(): void
  /** Sends a message in the visitor's name, without opening the chat. Rejects with `CatyError`. */
  sendMessage(text: string): Promise<CatyReply>
  /** Tells Caty who the visitor is. Rejects with `CatyError`. */
  identify(visitor: Record<string, string | number | boolean | null>): Promise<void>
  /** Forgets the visitor and the conversation, for the next person who uses the browser. */
  clearSession(): Promise<void>
  /** The visitor's answer to the question whether the widget may store and observe. */
  consent(given: boolean): Promise<void>
  /** Changes the language. An unknown code counts as English. */
  setLanguage(language: CatyLanguage | (string & {})): Promise<void>
  getLanguage(): CatyLanguage
  getSupportedLanguages(): readonly CatyLanguage[]
  /** Shows a bubble beside the launcher, in place of the present one. */
  showBubble(text: string, options?: CatyBubbleOptions): Promise<void>
  hideBubble(): Promise<void>
  /** Reports an event to Caty, if proactive messages are on and the visitor may be observed. */
  trackEvent(type: string, data?: unknown): Promise<void>
  /** `null` while the visitor is not observed. */
  getMetrics(): CatyMetrics | null
  getPageContext(): CatyPageContext
  getState(): CatyState
  /** Why the widget cannot do its work, or `null`. */
  getUnavailableReason(): string | null
  on<Name extends keyof CatyEvents>(event: Name, listener: (detail: CatyEvents[Name]) => void): void
  /** Calls the listener for the next event only. */
  once<Name extends keyof CatyEvents>(event: Name, listener: (detail: CatyEvents[Name]) => void): void
  /** Omit the listener to remove all listeners of the event. */
  off<Name extends keyof CatyEvents>(event: Name, listener?: (detail: CatyEvents[Name]) => void): void
  /** Makes a call, for pages that queue their calls until the script has loaded. */
  readonly q: { push(call: readonly [method: string, ...values: unknown[]]): void }
}

export interface CatyLoadOptions extends CatyOptions {
  /** The origin of your Worker, like `https://chat.example.com`. */
  edge: string
}

/**
 * Loads the widget into the page, once however often it is called, and resolves with `window.CatyWidget` when the script has
 * run. After `destroy()` it starts the widget again. Rejects with `CatyError`: code `script_blocked`, or `no_document` where
 * there is no page.
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
  /** Defined once the script has run. */
  var CatyWidget: CatyWidgetApi
}

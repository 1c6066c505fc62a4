/** What the chunks that learn from the page give to the others. */

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

export type Scalar = string | number | boolean | null
/** Data of a tracked event: a plain value, or a flat record of plain values. */
export type EventData = Scalar | Record<string, Scalar>

/** The page-rules chunk at work. */
export type PageRules = {
  /** Starts, stops or continues, as consent and configuration are now. */
  update: () => void
  /** Forgets what is known of the visitor, because another person uses the browser now. */
  forgetVisitor: () => void
  trackEvent: (type: string, data?: EventData) => Promise<void>
  /** `null` while nothing is observed. */
  getMetrics: () => Metrics | null
  destroy: () => void
}

/** How a bubble went away. */
export type BubbleEnd = 'clicked' | 'dismissed' | 'timeout' | 'hidden'

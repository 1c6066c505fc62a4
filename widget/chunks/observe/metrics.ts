/** Measures what the visitor does on the page, by passive listeners. Sends and stores nothing. */
import { cut } from '../../chunk-api/cut.ts'
import type { Metrics } from '../../chunk-api/page.ts'
import { isPrivate } from '../page-rules/privacy.ts'

/** Reports an event. */
export type Report = (type: string, data?: string | number | boolean | Record<string, string | number>) => void

/** `scroll_depth` is reported in steps, because each percent would be a hundred events a page. */
const SCROLL_STEP = 10

export class PageMetrics {
  readonly #ending = new AbortController()
  readonly #now: () => number
  readonly #report: Report
  readonly #own: Element
  readonly #visits: number
  /** Time in which the page was visible, up to `#visibleSince`. */
  #visibleMs = 0
  #visibleSince: number | undefined
  #lastActiveAt = 0
  #depth = 0
  #clicks = 0
  #formInteractions = 0
  #hasLeft = false

  /** `own` is the widget's element: what happens in the chat is not behaviour on the page. */
  constructor(own: Element, visits: number, report: Report, now: () => number) {
    this.#own = own
    this.#visits = visits
    this.#report = report
    this.#now = now
    this.reset()
    this.#listen()
  }

  /** Starts again for another page of a single-page app. */
  reset(): void {
    this.#visibleMs = this.#depth = this.#clicks = this.#formInteractions = 0
    this.#hasLeft = false
    const now = this.#now()
    this.#lastActiveAt = now
    this.#visibleSince = document.hidden ? undefined : now
  }

  /** `timeOnPage` counts while the page is visible. */
  get current(): Metrics {
    const now = this.#now()
    return {
      scrollDepth: this.#depth,
      timeOnPage: this.#visibleMs + (this.#visibleSince === undefined ? 0 : now - this.#visibleSince),
      clickCount: this.#clicks,
      formInteractions: this.#formInteractions,
      idleTime: now - this.#lastActiveAt,
      exitIntent: this.#hasLeft,
      visitCount: this.#visits,
      browserLanguage: navigator.language,
    }
  }

  stop(): void {
    this.#ending.abort()
  }

  #listen(): void {
    const on = <Name extends keyof DocumentEventMap>(name: Name, run: (event: DocumentEventMap[Name]) => void) =>
      document.addEventListener(name, run, { passive: true, capture: true, signal: this.#ending.signal })
    const active = () => {
      this.#lastActiveAt = this.#now()
    }
    for (const name of ['pointermove', 'keydown', 'touchstart', 'wheel'] as const) on(name, active)
    on('scroll', ({ target }) => {
      active()
      if (target === document) this.#scrolled()
    })
    on('click', ({ target }) => {
      if (this.#isOnPage(target)) this.#clicked(target)
    })
    on('focusin', ({ target }) => {
      if (this.#isOnPage(target)) this.#focused(target)
    })
    const leave = ({ clientY, relatedTarget }: MouseEvent) => {
      // The pointer left through the upper edge, where the tabs and the address bar are.
      if (clientY > 0 || relatedTarget || this.#hasLeft) return
      this.#hasLeft = true
      this.#report('exit_intent', { y: Math.round(clientY) })
    }
    on('mouseout', leave)
    on('mouseleave', leave)
    on('visibilitychange', () => this.#visibilityChanged())
  }

  #isOnPage(target: EventTarget | null): target is Element {
    return target instanceof Element && target !== this.#own && !isPrivate(target)
  }

  #scrolled(): void {
    const { scrollHeight, clientHeight } = document.documentElement
    const room = scrollHeight - clientHeight
    const depth = room > 0 ? Math.min(100, Math.round((scrollY / room) * 100)) : 0
    if (depth <= this.#depth) return
    const before = Math.floor(this.#depth / SCROLL_STEP)
    this.#depth = depth
    if (Math.floor(depth / SCROLL_STEP) > before) this.#report('scroll_depth', depth)
  }

  #clicked(target: Element): void {
    this.#clicks++
    // Only the text of a control is reported, not what the visitor reads or writes.
    const control = target.closest('a,button,summary,[role=button]')
    const text = control && !isPrivate(control) ? (control.textContent ?? '').replace(/\s+/g, ' ').trim() : ''
    const { localName, id, classList } = control ?? target
    this.#report('click', {
      element: cut(localName, 60),
      id: cut(id, 100),
      className: cut(classList[0] ?? '', 100),
      text: cut(text, 50),
    })
  }

  #focused(target: Element): void {
    if (!target.matches('input,textarea,select')) return
    this.#formInteractions++
    const field = target.getAttribute('name') || target.id || target.getAttribute('type') || target.localName
    this.#report('form_interaction', { field: cut(field, 100) })
  }

  #visibilityChanged(): void {
    const now = this.#now()
    if (document.hidden && this.#visibleSince !== undefined) this.#visibleMs += now - this.#visibleSince
    this.#visibleSince = document.hidden ? undefined : now
    this.#report(document.hidden ? 'page_hidden' : 'page_visible')
  }
}

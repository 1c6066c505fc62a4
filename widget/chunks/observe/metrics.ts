/** What the visitor does on the page, measured by passive listeners. Nothing here sends or stores. */
import type { Metrics } from '../../chunk-api/core.ts'
import { isPrivate } from '../page-rules/privacy.ts'

export type Tell = (type: string, data?: string | number | boolean | Record<string, string | number>) => void

/** `scroll_depth` is told in steps; each percent would be a hundred events a page. */
const SCROLL_STEP = 10

export class PageMetrics {
  readonly #ending = new AbortController()
  readonly #now: () => number
  readonly #tell: Tell
  readonly #own: Element
  readonly #visits: number
  #seenMs = 0
  #seenSince: number | undefined
  #active = 0
  #depth = 0
  #clicks = 0
  #forms = 0
  #left = false

  /** `own` is our element: what happens in the chat is not behaviour on the page. */
  constructor(own: Element, visits: number, tell: Tell, now: () => number) {
    this.#own = own
    this.#visits = visits
    this.#tell = tell
    this.#now = now
    this.reset()
    this.#listen()
  }

  /** Another page of a single-page app. */
  reset(): void {
    this.#seenMs = this.#depth = this.#clicks = this.#forms = 0
    this.#left = false
    this.#active = this.#now()
    this.#seenSince = document.hidden ? undefined : this.#now()
  }

  /** Time counts while the page can be seen. */
  get current(): Metrics {
    const now = this.#now()
    return {
      scrollDepth: this.#depth,
      timeOnPage: this.#seenMs + (this.#seenSince === undefined ? 0 : now - this.#seenSince),
      clickCount: this.#clicks,
      formInteractions: this.#forms,
      idleTime: now - this.#active,
      exitIntent: this.#left,
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
      this.#active = this.#now()
    }
    for (const name of ['pointermove', 'keydown', 'touchstart', 'wheel'] as const) on(name, active)
    on('scroll', ({ target }) => {
      active()
      if (target === document) this.#scrolled()
    })
    on('click', ({ target }) => {
      if (target instanceof Element && this.#isPage(target)) this.#clicked(target)
    })
    on('focusin', ({ target }) => {
      if (target instanceof Element && this.#isPage(target)) this.#focused(target)
    })
    const leave = ({ clientY, relatedTarget }: MouseEvent) => {
      // Out by the upper edge, where tabs and the address are.
      if (clientY > 0 || relatedTarget || this.#left) return
      this.#left = true
      this.#tell('exit_intent', { y: Math.round(clientY) })
    }
    on('mouseout', leave)
    on('mouseleave', leave)
    on('visibilitychange', () => this.#seen())
  }

  #isPage(element: Element): boolean {
    return element !== this.#own && !isPrivate(element)
  }

  #scrolled(): void {
    const { scrollHeight, clientHeight } = document.documentElement
    const room = scrollHeight - clientHeight
    const depth = room > 0 ? Math.min(100, Math.round((scrollY / room) * 100)) : 0
    if (depth <= this.#depth) return
    const before = Math.floor(this.#depth / SCROLL_STEP)
    this.#depth = depth
    if (Math.floor(depth / SCROLL_STEP) > before) this.#tell('scroll_depth', depth)
  }

  #clicked(target: Element): void {
    this.#clicks++
    // What somebody reads or writes is not ours to tell; what is written on a button is.
    const control = target.closest('a,button,summary,[role=button]')
    const text = control && !isPrivate(control) ? (control.textContent ?? '').replace(/\s+/g, ' ').trim() : ''
    const { localName, id, classList } = control ?? target
    this.#tell('click', {
      element: localName.slice(0, 60),
      id: id.slice(0, 100),
      className: (classList[0] ?? '').slice(0, 100),
      text: text.slice(0, 50),
    })
  }

  #focused(target: Element): void {
    if (!target.matches('input,textarea,select')) return
    this.#forms++
    const field = target.getAttribute('name') || target.id || target.getAttribute('type') || target.localName
    this.#tell('form_interaction', { field: field.slice(0, 100) })
  }

  #seen(): void {
    const now = this.#now()
    if (document.hidden && this.#seenSince !== undefined) this.#seenMs += now - this.#seenSince
    this.#seenSince = document.hidden ? undefined : now
    this.#tell(document.hidden ? 'page_hidden' : 'page_visible')
  }
}

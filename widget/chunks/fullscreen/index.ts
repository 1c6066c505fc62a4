/**
 * The phone chunk: while the panel fills the screen it is a modal dialog, stays above the keyboard, closes by the back
 * button and by a swipe down over its header, and the page behind it stands still.
 */
import type { PanelHost } from '../../panel/slots.ts'

/** Pixels of a swipe that close. */
const SWIPE_PX = 100

type Undo = () => void

/** Returns the way out. */
export function fill({ core }: PanelHost, dialog: HTMLElement): Undo {
  dialog.setAttribute('aria-modal', 'true')
  const undo = [
    aboveKeyboard(dialog),
    backCloses(core.close),
    swipeCloses(dialog, core.close),
    holdsPage(dialog),
    keepsFocus(dialog),
  ]
  return () => {
    dialog.removeAttribute('aria-modal')
    for (const each of undo) each()
  }
}

/** The keyboard covers the page without resizing it; the visual viewport says what is left. */
function aboveKeyboard(dialog: HTMLElement): Undo {
  const { visualViewport } = window
  if (!visualViewport) return () => undefined
  const fit = () => {
    // Zoomed in by the fingers the viewport is small too, and the panel must not shrink under them.
    if (visualViewport.scale > 1.01) return
    dialog.style.height = `${visualViewport.height}px`
    dialog.style.marginTop = `${visualViewport.offsetTop}px`
  }
  fit()
  const events = ['resize', 'scroll'] as const
  for (const event of events) visualViewport.addEventListener(event, fit)
  return () => {
    for (const event of events) visualViewport.removeEventListener(event, fit)
    dialog.style.removeProperty('height')
    dialog.style.removeProperty('margin-top')
  }
}

/** Our own step back is on its way, which takes the browser a moment. */
let leaving = false

/** One entry of history, at the same address and with the page's own state in it, so a router sees no change. */
function backCloses(close: Undo): Undo {
  const MARK = 'catyOpen'
  const mine = () => Boolean(Object(history.state)[MARK])
  const mark = () => {
    if (!mine()) history.pushState({ ...Object(history.state), [MARK]: true }, '')
  }
  mark()
  const gone = () => {
    // Opened again before that step arrived: it must not close what is open now.
    if (leaving) mark()
    else if (!mine()) close()
  }
  addEventListener('popstate', gone)
  return () => {
    removeEventListener('popstate', gone)
    // Closed by another way: the entry goes too, unless the page has gone on from it.
    if (leaving || !mine()) return
    leaving = true
    // Once all who listen have been told.
    addEventListener('popstate', () => setTimeout(() => (leaving = false)), { once: true })
    history.back()
  }
}

function swipeCloses(dialog: HTMLElement, close: Undo): Undo {
  const header = dialog.querySelector<HTMLElement>('[part=header]')
  let from: number | undefined
  const moved = (event: TouchEvent) => Math.max((event.touches[0]?.clientY ?? 0) - (from ?? 0), 0)
  const begin = (event: TouchEvent) => {
    from = event.touches[0]?.clientY
  }
  let way = 0
  const move = (event: TouchEvent) => {
    if (from === undefined) return
    way = moved(event)
    dialog.style.transform = `translateY(${way}px)`
  }
  /** Back to its place. A touch that the system took away, for a call or a gesture of its own, means nothing. */
  const rest = () => {
    from = undefined
    dialog.style.removeProperty('transform')
    way = 0
  }
  const end = () => {
    const far = way > SWIPE_PX
    rest()
    if (far) close()
  }
  const passive = { passive: true }
  header?.addEventListener('touchstart', begin, passive)
  header?.addEventListener('touchmove', move, passive)
  header?.addEventListener('touchend', end)
  header?.addEventListener('touchcancel', rest)
  return () => {
    header?.removeEventListener('touchstart', begin)
    header?.removeEventListener('touchmove', move)
    header?.removeEventListener('touchend', end)
    header?.removeEventListener('touchcancel', rest)
  }
}

/**
 * What cannot be scrolled any further hands its scroll on to the page, which then moves unseen, or reloads by a pull. The
 * page's own elements are not ours to change, so the gesture is held back where nothing in the dialog can take it.
 */
function holdsPage(dialog: HTMLElement): Undo {
  let first: Touch | undefined
  const begin = (event: TouchEvent) => {
    first = event.touches[0]
  }
  const move = (event: TouchEvent) => {
    const [touch, second] = event.touches
    // Two fingers enlarge; a way across is a carousel's.
    if (!touch || !first || second || !event.cancelable) return
    const down = touch.clientY - first.clientY
    if (Math.abs(touch.clientX - first.clientX) > Math.abs(down)) return
    for (const node of event.composedPath()) {
      if (node === dialog) break
      if (node instanceof HTMLElement && canScroll(node, down)) return
    }
    event.preventDefault()
  }
  dialog.addEventListener('touchstart', begin, { passive: true })
  dialog.addEventListener('touchmove', move, { passive: false })
  return () => {
    dialog.removeEventListener('touchstart', begin)
    dialog.removeEventListener('touchmove', move)
  }
}

/** Has it anything left to show in the direction that a finger pulls it? */
function canScroll(node: HTMLElement, down: number): boolean {
  const { scrollTop, clientHeight, scrollHeight } = node
  const left = down > 0 ? scrollTop : scrollHeight - clientHeight - scrollTop
  return left >= 1 && /auto|scroll/.test(getComputedStyle(node).overflowY)
}

/** Behind a dialog that fills the screen there is nothing to reach: Tab goes round in it. */
function keepsFocus(dialog: HTMLElement): Undo {
  const round = (event: KeyboardEvent) => {
    if (event.key !== 'Tab') return
    const stops = [...dialog.querySelectorAll<HTMLElement>('a[href],button,textarea,input,select,[tabindex="0"]')]
    const visible = stops.filter((stop) => stop.offsetParent && !stop.matches(':disabled'))
    const [first, last] = [visible[0], visible.at(-1)]
    const leaving = event.target === (event.shiftKey ? first : last)
    if (!leaving) return
    event.preventDefault()
    ;(event.shiftKey ? last : first)?.focus()
  }
  dialog.addEventListener('keydown', round)
  return () => dialog.removeEventListener('keydown', round)
}

/**
 * The phone chunk: while the panel fills the screen it is a modal dialog, stays above the keyboard, and closes by the back
 * button and by a swipe down over its header.
 */
import type { PanelHost } from '../panel/host.ts'

/** Pixels of a swipe that close. */
const SWIPE_PX = 100

type Undo = () => void

/** Returns the way out. */
export function fill({ core }: PanelHost, dialog: HTMLElement): Undo {
  dialog.setAttribute('aria-modal', 'true')
  const undo = [aboveKeyboard(dialog), backCloses(core.close), swipeCloses(dialog, core.close), keepsFocus(dialog)]
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
    dialog.style.top = `${visualViewport.offsetTop}px`
  }
  fit()
  const events = ['resize', 'scroll'] as const
  for (const event of events) visualViewport.addEventListener(event, fit)
  return () => {
    for (const event of events) visualViewport.removeEventListener(event, fit)
    dialog.style.removeProperty('height')
    dialog.style.removeProperty('top')
  }
}

/** One entry of history, at the same address and with the page's own state in it, so a router sees no change. */
function backCloses(close: Undo): Undo {
  const MARK = 'catyOpen'
  const mine = () => Boolean(Object(history.state)[MARK])
  if (!mine()) history.pushState({ ...Object(history.state), [MARK]: true }, '')
  const gone = () => {
    if (!mine()) close()
  }
  addEventListener('popstate', gone)
  return () => {
    removeEventListener('popstate', gone)
    // Closed by another way: the entry goes too, unless the page has gone on from it.
    if (mine()) history.back()
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
  const end = () => {
    from = undefined
    dialog.style.removeProperty('transform')
    if (way > SWIPE_PX) close()
    way = 0
  }
  const passive = { passive: true }
  header?.addEventListener('touchstart', begin, passive)
  header?.addEventListener('touchmove', move, passive)
  header?.addEventListener('touchend', end)
  header?.addEventListener('touchcancel', end)
  return () => {
    header?.removeEventListener('touchstart', begin)
    header?.removeEventListener('touchmove', move)
    header?.removeEventListener('touchend', end)
    header?.removeEventListener('touchcancel', end)
  }
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

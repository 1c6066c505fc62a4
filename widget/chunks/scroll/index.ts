/**
 * The scroll chunk: scrolls the chat by hand, where a script of the page cancels wheel and touch in the capture phase. It
 * loads with the first event that was cancelled.
 */
import { canScroll } from '../fullscreen/page-scroll.ts'

/** Pixels of a line, in which some engines count the wheel's turns. */
const LINE_PX = 20

/** Where the finger was, while it is on the screen. */
let finger: Touch | undefined

/** Scrolls what the event would have scrolled. `path` is the event's path while it was dispatched. */
export function scrollByHand(event: Event, path: readonly EventTarget[]): void {
  const by = event instanceof WheelEvent ? wheelBy(event) : event instanceof TouchEvent ? fingerBy(event) : 0
  if (!by) return
  for (const node of path) {
    if (node instanceof ShadowRoot) return
    if (!(node instanceof HTMLElement && canScroll(node, -by))) continue
    node.scrollBy({ top: by, behavior: 'instant' })
    return
  }
}

/** Pixels; with Ctrl the wheel enlarges the page. */
function wheelBy({ ctrlKey, deltaY, deltaMode }: WheelEvent): number {
  if (ctrlKey) return 0
  const unit =
    deltaMode === WheelEvent.DOM_DELTA_LINE ? LINE_PX : deltaMode === WheelEvent.DOM_DELTA_PAGE ? innerHeight : 1
  return deltaY * unit
}

/** Pixels since the last event of the same finger. */
function fingerBy({ touches: [touch, second], target }: TouchEvent): number {
  const before = finger
  finger = touch
  if (!touch || second) return 0
  if (before) return before.clientY - touch.clientY
  const once = { once: true }
  for (const type of ['touchend', 'touchcancel']) target?.addEventListener(type, forget, once)
  return 0
}

const forget = () => {
  finger = undefined
}

/**
 * Keeps the page behind the dialog from scrolling. An element that is at its end passes the scroll on to the page, which then
 * moves unseen or is reloaded by a pull. The page's own elements are not changed: the gesture is cancelled where nothing in
 * the dialog can scroll.
 */

/** Returns a function that ends it. */
export function holdPage(dialog: HTMLElement): () => void {
  let start: Touch | undefined
  const onStart = ({ touches }: TouchEvent) => {
    start = touches[0]
  }
  const onMove = (event: TouchEvent) => {
    const [touch, second] = event.touches
    // Ignore pinch-zoom and horizontal drags.
    if (!touch || !start || second || !event.cancelable) return
    const down = touch.clientY - start.clientY
    if (Math.abs(touch.clientX - start.clientX) > Math.abs(down)) return
    for (const node of event.composedPath()) {
      if (node === dialog) break
      if (node instanceof HTMLElement && canScroll(node, down)) return
    }
    event.preventDefault()
  }
  const ending = new AbortController()
  const { signal } = ending
  dialog.addEventListener('touchstart', onStart, { passive: true, signal })
  dialog.addEventListener('touchmove', onMove, { passive: false, signal })
  return () => ending.abort()
}

/** Whether the element can scroll any further when a finger moves by `down` pixels. */
export function canScroll(node: HTMLElement, down: number): boolean {
  const { scrollTop, clientHeight, scrollHeight } = node
  const left = down > 0 ? scrollTop : scrollHeight - clientHeight - scrollTop
  return left >= 1 && /auto|scroll/.test(getComputedStyle(node).overflowY)
}

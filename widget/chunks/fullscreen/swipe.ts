/** A swipe down over the header closes the chat. */

const CLOSE_AFTER_PX = 100

/** Returns a function that ends it. */
export function closeOnSwipe(dialog: HTMLElement, close: () => void): () => void {
  const header = dialog.querySelector<HTMLElement>('[part=header]')
  /** Where the finger touched the screen, from its top. */
  let startY: number | undefined
  let distance = 0
  const onStart = ({ touches }: TouchEvent) => {
    startY = touches[0]?.clientY
  }
  const onMove = ({ touches }: TouchEvent) => {
    if (startY === undefined) return
    distance = Math.max((touches[0]?.clientY ?? 0) - startY, 0)
    dialog.style.transform = `translateY(${distance}px)`
  }
  /** Puts the dialog back. Also for a touch that the system took over, for a call or a gesture of its own. */
  const reset = () => {
    startY = undefined
    distance = 0
    dialog.style.removeProperty('transform')
  }
  const onEnd = () => {
    const isFar = distance > CLOSE_AFTER_PX
    reset()
    if (isFar) close()
  }
  const ending = new AbortController()
  const { signal } = ending
  header?.addEventListener('touchstart', onStart, { passive: true, signal })
  header?.addEventListener('touchmove', onMove, { passive: true, signal })
  header?.addEventListener('touchend', onEnd, { signal })
  header?.addEventListener('touchcancel', reset, { signal })
  return () => ending.abort()
}

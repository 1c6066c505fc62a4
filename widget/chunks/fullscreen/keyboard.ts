/** The screen keyboard covers the page without resizing it; the visual viewport tells how much is left. */

/** Keeps the dialog above the keyboard. Returns a function that ends it. */
export function fitAboveKeyboard(dialog: HTMLElement): () => void {
  const { visualViewport } = window
  if (!visualViewport) return () => undefined
  const fit = () => {
    // Zooming in makes the viewport small too, and must not shrink the panel.
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

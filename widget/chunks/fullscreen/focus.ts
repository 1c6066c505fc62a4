/** Keeps the keyboard's focus in the dialog: behind it nothing can be seen. */

const FOCUSABLE = 'a[href],button,textarea,input,select,[tabindex="0"]'

/** Tab goes from the last element to the first, Shift+Tab back. Returns a function that ends it. */
export function keepFocus(dialog: HTMLElement): () => void {
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Tab') return
    const visible = [...dialog.querySelectorAll<HTMLElement>(FOCUSABLE)].filter(
      (element) => element.offsetParent && !element.matches(':disabled'),
    )
    const [first, last] = [visible[0], visible.at(-1)]
    if (event.target !== (event.shiftKey ? first : last)) return
    event.preventDefault()
    ;(event.shiftKey ? last : first)?.focus()
  }
  dialog.addEventListener('keydown', onKeyDown)
  return () => dialog.removeEventListener('keydown', onKeyDown)
}

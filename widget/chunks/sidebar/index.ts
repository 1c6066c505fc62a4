/**
 * The sidebar chunk: while the chat is open beside the page, `<html>` has a class and a custom property by which the page's
 * own rules can make room. Nothing else of the page is changed: moving its content is left to the page.
 */
import type { PanelHost } from '../../panel/slots.ts'

const CLASS = 'caty-sidebar'
const WIDTH = '--caty-sidebar'

/** Returns a function that leaves the layout. */
export function enter(_: PanelHost, dialog: HTMLElement): () => void {
  const page = document.documentElement
  const before = { class: page.hasAttribute('class'), style: page.hasAttribute('style') }
  const mark = (isBeside: boolean) => {
    page.classList.toggle(CLASS, isBeside)
    if (isBeside) page.style.setProperty(WIDTH, `${dialog.offsetWidth}px`)
    else page.style.removeProperty(WIDTH)
    // Attributes that the page did not have are removed again.
    if (!before.class && !page.classList.length) page.removeAttribute('class')
    if (!before.style && !page.style.length) page.removeAttribute('style')
  }
  // `configure()` may change the layout, and a window as narrow as a phone has no room beside the chat.
  const update = () => mark(dialog.classList.contains('sidebar') && dialog.offsetWidth < innerWidth)
  update()
  const classes = new MutationObserver(update)
  classes.observe(dialog, { attributeFilter: ['class'] })
  addEventListener('resize', update)
  return () => {
    classes.disconnect()
    removeEventListener('resize', update)
    mark(false)
  }
}

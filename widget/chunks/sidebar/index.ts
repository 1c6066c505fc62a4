/**
 * The sidebar chunk: while the chat stands beside the page, `<html>` says so by one class and one custom property, for
 * the page's own rules to make room with. Nothing else of the page is ours to change, so pushing it is left to them.
 */
import type { PanelHost } from '../../panel/slots.ts'

const CLASS = 'caty-sidebar'
const WIDTH = '--caty-sidebar'

/** Returns the way out. */
export function fill(_: PanelHost, dialog: HTMLElement): () => void {
  const page = document.documentElement
  const before = { class: page.hasAttribute('class'), style: page.hasAttribute('style') }
  const mark = (beside: boolean) => {
    page.classList.toggle(CLASS, beside)
    if (beside) page.style.setProperty(WIDTH, `${dialog.offsetWidth}px`)
    else page.style.removeProperty(WIDTH)
    // An attribute that was not there goes again, too.
    if (!before.class && !page.classList.length) page.removeAttribute('class')
    if (!before.style && !page.style.length) page.removeAttribute('style')
  }
  // `configure()` may want another layout, and in a window as narrow as a phone nothing is left beside the chat.
  const follow = () => mark(dialog.classList.contains('sidebar') && dialog.offsetWidth < innerWidth)
  follow()
  const watch = new MutationObserver(follow)
  watch.observe(dialog, { attributeFilter: ['class'] })
  addEventListener('resize', follow)
  return () => {
    watch.disconnect()
    removeEventListener('resize', follow)
    mark(false)
  }
}

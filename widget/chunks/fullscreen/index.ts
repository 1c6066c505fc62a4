/**
 * The full-screen chunk: while the panel fills a phone's screen it is a modal dialog, stays above the keyboard, closes by the
 * back button and by a swipe down over its header, and the page behind it does not scroll.
 */
import type { PanelHost } from '../../panel/slots.ts'
import { closeOnBack } from './back-button.ts'
import { keepFocus } from './focus.ts'
import { fitAboveKeyboard } from './keyboard.ts'
import { holdPage } from './page-scroll.ts'
import { closeOnSwipe } from './swipe.ts'

/** Returns a function that leaves the full-screen mode. */
export function enter({ core }: PanelHost, dialog: HTMLElement): () => void {
  dialog.setAttribute('aria-modal', 'true')
  const undo = [
    fitAboveKeyboard(dialog),
    closeOnBack(core.close),
    closeOnSwipe(dialog, core.close),
    holdPage(dialog),
    keepFocus(dialog),
  ]
  return () => {
    dialog.removeAttribute('aria-modal')
    for (const each of undo) each()
  }
}

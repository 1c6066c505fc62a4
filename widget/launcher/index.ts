/**
 * The launcher: what loads with the page. It registers `window.CatyWidget`, waits until the browser is idle, asks for one
 * token, paints a button, and loads the panel when the visitor shows interest.
 */
import { createWidget } from './widget.ts'

const STARTED = Symbol.for('caty-keyless')

declare global {
  interface Window {
    [STARTED]?: boolean
  }
}

// A page may have the tag twice, for example beside a tag manager. The first one is the widget, the others do nothing.
if (!window[STARTED]) {
  // A script in a shadow root or a module has no `currentScript`, and an image of that name hides it; then the script is
  // found by its address.
  const own = document.currentScript
  const script =
    own instanceof HTMLScriptElement ? own : document.querySelector<HTMLScriptElement>('script[src*="/widget.js"]')
  if (script) {
    window[STARTED] = true
    createWidget(script, () => {
      window[STARTED] = false
    })
  }
}

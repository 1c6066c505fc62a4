/**
 * The launcher: what loads with the page. It registers the global, waits for idle, asks for one token, paints a button,
 * and loads the panel when somebody shows interest.
 */
import { createWidget } from './widget.ts'

/** Two tags, two copies, a tag manager beside a hard-coded tag: the first one is the widget, the others do nothing. */
const GUARD = Symbol.for('caty-keyless')
const page: Record<symbol, unknown> = Object(window)

if (!page[GUARD]) {
  // A script in a shadow root or module has no currentScript, and an image of that name hides it; then it is found by its
  // address.
  const own = document.currentScript
  const script =
    own instanceof HTMLScriptElement ? own : document.querySelector<HTMLScriptElement>('script[src*="/widget.js"]')
  if (script) {
    page[GUARD] = 1
    createWidget(script, () => {
      page[GUARD] = 0
    })
  }
}

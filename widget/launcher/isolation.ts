/**
 * The page hears nothing of what the visitor does in the widget. Events of a shadow root reach the page under the name of the
 * element, which no shortcut, scroll effect, paste guard or focus trap of a page knows as a field.
 *
 * Listeners of the page in the capture phase come before the element and cannot be kept out. Only focus events are caught
 * before them, at the window.
 */
import type { Core } from '../chunk-api/core.ts'
import { isFixedToPage } from '../chunk-api/fixed.ts'
import { releaseFocus } from '../chunk-api/focus.ts'

const FOCUS = ['focus', 'blur', 'focusin', 'focusout']
/** Events without an `on…` property in every engine. */
const OTHERS = ['compositionstart', 'compositionupdate', 'compositionend', 'DOMMouseScroll', 'MozMousePixelScroll']

const ignore = () => undefined

/** Keeps the widget apart from the page. Returns a function that ends it. */
export function isolate(core: Core): () => void {
  const { load, root } = core
  const { host } = root
  const ending = new AbortController()
  const { signal } = ending
  let hasTopLayer = false
  /** Keeps the widget usable while the page shows a modal dialog. */
  const useTopLayer = (modal?: EventTarget) => {
    if (hasTopLayer) return
    hasTopLayer = true
    load('top-layer').then((module) => module.follow(core, modal), ignore)
  }
  const stop = (event: Event) => {
    event.stopPropagation()
    if (event.type === 'mousedown') releaseFocus(host)
    if (!event.defaultPrevented || !/wheel|touchmove/.test(event.type)) return
    // A listener of the page has cancelled the scrolling.
    const path = event.composedPath()
    load('scroll').then((module) => module.scrollByHand(event, path), ignore)
  }
  /** Ends a focus event of the widget and repeats it inside, for the widget's own listeners. */
  const onFocus = (event: Event) => {
    const path = event.composedPath()
    const [target] = path
    const modal = path.find((node) => node instanceof Element && node.matches('dialog:modal'))
    if (path.includes(host)) {
      event.stopImmediatePropagation()
      // Not for a slotted element, such as the challenge: it is in the page's tree, so the repeated event would come here again.
      if (target instanceof Node && root.contains(target))
        target.dispatchEvent(new FocusEvent(event.type, { bubbles: event.bubbles }))
    } else if (modal) useTopLayer(modal)
  }
  const types = [...OTHERS, ...FOCUS]
  // The browser's own list of what can happen to an element, so nothing is forgotten.
  for (const name in host) if (name.startsWith('on')) types.push(name.slice(2))
  // Passive, so that the browser scrolls without waiting for the page.
  for (const type of types) host.addEventListener(type, stop, { passive: true, signal })
  for (const type of FOCUS) addEventListener(type, onFocus, { capture: true, signal })
  if (document.querySelector('dialog:modal') || isFixedToPage()) useTopLayer()
  return () => ending.abort()
}

/** `<caty-widget>`: the widget's only element in the page, with an open shadow root and the launcher's button in it. */
import { addStyles } from '../chunk-api/styles.ts'
import type { Options } from './options.ts'
import css from './styles.css'

export type LauncherElement = { host: HTMLElement; root: ShadowRoot; button: HTMLButtonElement }

/** Builds the element without inserting it. Uses no HTML strings, which Trusted Types would refuse. */
export function createElement(): LauncherElement {
  const host = document.createElement('caty-widget')
  const root = host.attachShadow({ mode: 'open' })
  addStyles(root, css)
  const button = document.createElement('button')
  // `part` accepts a string (CSS Shadow Parts), although its type is a list.
  Object.assign(button, {
    className: 'launcher',
    part: 'launcher',
    ariaLabel: 'Chat',
    ariaHasPopup: 'dialog',
    ariaExpanded: 'false',
  })
  return { host, root, button }
}

/** Places and colours the launcher. */
export function paint({ host, root, button }: LauncherElement, options: Options, colour: string): void {
  host.style.setProperty('--primary', colour)
  host.style.setProperty('--z-index', options.zIndex)
  // `bottom-right` becomes `bottom:20px;right:20px`. The position is one of four words and the offsets are whole numbers.
  const [x, y] = [options.offsetX, options.offsetY].map((offset) => `:${Number.parseFloat(offset)}px`)
  button.style.cssText = options.position.replace('-', `${y};`) + x
  if (options.launcher === 'none' || options.layout === 'inline') button.remove()
  // Inserted once only: a button that moves between press and release loses the click and the focus.
  else if (!button.parentNode) root.prepend(button)
}

/** `<caty-widget>`: our one element in the page, with an open shadow root and the launcher's button in it. */
import type { Options } from './options.ts'
import { LAUNCHER_CSS } from './styles.ts'

export type LauncherElement = { host: HTMLElement; root: ShadowRoot; button: HTMLButtonElement }

/** Builds the element without putting it anywhere. No HTML strings: Trusted Types would refuse them. */
export function createElement(): LauncherElement {
  const host = document.createElement('caty-widget')
  const root = host.attachShadow({ mode: 'open' })
  // A constructed sheet needs no `style-src`, so the strictest policy of a page does not touch it.
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(LAUNCHER_CSS)
  root.adoptedStyleSheets = [sheet]
  const button = document.createElement('button')
  // `part` takes a string (CSS Shadow Parts), though its type is a list.
  Object.assign(button, {
    className: 'l',
    part: 'launcher',
    ariaLabel: 'Chat',
    ariaHasPopup: 'dialog',
    ariaExpanded: 'false',
  })
  return { host, root, button }
}

/** Places and colours the launcher. */
export function paint({ host, root, button }: LauncherElement, options: Options, colour: string): void {
  host.style.setProperty('--p', colour)
  host.style.setProperty('--z', options.zIndex)
  // `bottom-right` becomes `bottom:20px;right:20px`: one of four words, and whole numbers.
  const [x, y] = [options.offsetX, options.offsetY].map((offset) => `:${Number.parseFloat(offset)}px`)
  button.style.cssText = options.position.replace('-', `${y};`) + x
  if (options.launcher === 'none' || options.layout === 'inline') button.remove()
  // Only once: a button that is put in again between press and release loses the click, and the focus.
  else if (!button.parentNode) root.prepend(button)
}

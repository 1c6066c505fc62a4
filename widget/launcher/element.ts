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
  for (const [name, value] of Object.entries({
    class: 'l',
    part: 'launcher',
    'aria-label': 'Chat',
    'aria-haspopup': 'dialog',
    'aria-expanded': 'false',
  }))
    button.setAttribute(name, value)
  return { host, root, button }
}

/** Places and colours the launcher. */
export function paint({ host, root, button }: LauncherElement, options: Options, colour: string): void {
  const [vertical = '', horizontal = ''] = options.position.split('-')
  const { style } = button
  host.style.setProperty('--z', options.zIndex)
  host.style.setProperty('--p', colour)
  style.inset = 'auto'
  style.setProperty(vertical, `${Number.parseInt(options.offsetY, 10)}px`)
  style.setProperty(horizontal, `${Number.parseInt(options.offsetX, 10)}px`)
  if (options.launcher === 'none' || options.layout === 'inline') button.remove()
  // Only once: a button that is put in again between press and release loses the click, and the focus.
  else if (!button.parentNode) root.prepend(button)
}

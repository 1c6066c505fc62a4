/** `<caty-widget>`: our one element in the page, with an open shadow root and the launcher's button in it. */
import type { Options } from './options.ts'
import { LAUNCHER_CSS } from './styles.ts'

export type LauncherElement = {
  host: HTMLElement
  root: ShadowRoot
  button: HTMLButtonElement
  badge: HTMLElement
}

/** Builds the element without putting it anywhere. No HTML strings: Trusted Types would refuse them. */
export function createElement(): LauncherElement {
  const host = document.createElement('caty-widget')
  const root = host.attachShadow({ mode: 'open' })
  // A constructed sheet needs no `style-src`, so the strictest policy of a page does not touch it.
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(LAUNCHER_CSS)
  root.adoptedStyleSheets = [sheet]
  const button = document.createElement('button')
  button.className = 'l'
  button.setAttribute('part', 'launcher')
  button.setAttribute('aria-haspopup', 'dialog')
  button.setAttribute('aria-expanded', 'false')
  const badge = document.createElement('span')
  badge.className = 'b'
  button.append(badge)
  return { host, root, button, badge }
}

/** Places and colours the launcher. `onColour` is white or near black, whichever reads better on the owner's colour. */
export function paint({ host, root, button }: LauncherElement, options: Options, colour: string): void {
  const [vertical = '', horizontal = ''] = options.position.split('-')
  const { style } = host
  style.setProperty('--z', options.zIndex)
  style.setProperty('--p', colour)
  button.style.inset = 'auto'
  button.style.setProperty(vertical, `${Number.parseInt(options.offsetY, 10)}px`)
  button.style.setProperty(horizontal, `${Number.parseInt(options.offsetX, 10)}px`)
  if (options.launcher === 'none' || options.layout === 'inline') button.remove()
  // Only once: a button that is put in again between press and release loses the click, and the focus.
  else if (!button.parentNode) root.prepend(button)
  style.setProperty('--on', readableOn(getComputedStyle(button).backgroundColor))
}

/**
 * White, or near black where white would be under 4.5 to 1 (WCAG 2.2, 1.4.3). The curve of sRGB is taken as a power of
 * 2.2, which is off by less than 0.01 around the line and saves 40 bytes.
 */
function readableOn(colour: string): string {
  const [r = 0, g = 0, b = 0] = (colour.match(/[\d.]+/g) ?? []).map((part) => (Number(part) / 255) ** 2.2)
  return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.18 ? '#101418' : '#fff'
}

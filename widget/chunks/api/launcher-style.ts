/** The launcher as the dashboard wants it: an icon of the owner's, a size, an animation. Few do, so it is no part of the launcher. */
import type { Core } from '../../chunk-api/core.ts'
import { safeUrl } from '../../panel/url.ts'

/** Padding around a glyph of 28 by 24 pixels, and the border: 48 and 72 pixels wide; medium is what the launcher has. */
const SIZES: Readonly<Record<string, string>> = { small: '.l{padding:10px 8px}', large: '.l{padding:22px 20px}' }
const ANIMATIONS: Readonly<Record<string, string>> = {
  pulse:
    '@keyframes lp{50%{box-shadow:0 0 0 10px #0000,0 4px 16px #0004}0%{box-shadow:0 0 0 0 var(--a)}}.l{animation:lp 2s 3}',
  bounce: '@keyframes lb{50%{translate:0 -8px}}.l{animation:lb .6s 4}',
}
const ICON = `.l.ic:before{display:none}.l img{display:block;width:28px;height:24px;object-fit:contain}
@media(prefers-reduced-motion:reduce){.l{animation:none}}`

export function dressLauncher({ root, button, config }: Core): void {
  const { icon_url = '', size = '', animation = '' } = config.appearance?.launcher ?? {}
  const sheet = new CSSStyleSheet()
  sheet.replaceSync([own(SIZES, size), own(ANIMATIONS, animation), ICON].join('\n'))
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet]
  const address = icon_url && safeUrl(icon_url)
  if (!address?.startsWith('http') || button.querySelector('img')) return
  const icon = document.createElement('img')
  icon.alt = ''
  icon.setAttribute('part', 'launcher-icon')
  icon.onload = () => {
    button.classList.add('ic')
    button.prepend(icon)
  }
  // Missing, or forbidden by the page's policy: our own glyph stays.
  icon.src = address
}

const own = (texts: Readonly<Record<string, string>>, name: string): string =>
  Object.hasOwn(texts, name) ? (texts[name] ?? '') : ''

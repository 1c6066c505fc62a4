/** The launcher as the dashboard styles it: the owner's icon, a size, an animation. Few dashboards do. */
import type { Core } from '../../chunk-api/core.ts'
import { safeUrl } from '../../panel/url.ts'
import css from './launcher.css'

/** Names of the dashboard that are also classes in launcher.css. */
const SIZES = ['small', 'large']
const ANIMATIONS = ['pulse', 'bounce']

export function styleLauncher({ addStyles, button, config }: Core): void {
  const { icon_url = '', size = '', animation = '' } = config.appearance?.launcher ?? {}
  addStyles(css)
  if (SIZES.includes(size)) button.classList.add(size)
  if (ANIMATIONS.includes(animation)) button.classList.add(animation)
  const address = icon_url && safeUrl(icon_url)
  if (!address?.startsWith('http') || button.querySelector('img')) return
  const icon = document.createElement('img')
  icon.alt = ''
  icon.setAttribute('part', 'launcher-icon')
  icon.onload = () => {
    button.classList.add('has-icon')
    button.prepend(icon)
  }
  // If the icon is missing, or the page's policy forbids it, our own stays.
  icon.src = address
}

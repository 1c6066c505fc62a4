/** A link to an allowed address. */
import { h } from 'preact'
import type { LinkTools } from '../../panel/slots.ts'
import { linkProps, safeUrl } from '../../panel/url.ts'

/** The label alone where the address may not become a link. */
export const link: LinkTools['link'] = (target, label, more) => {
  const href = safeUrl(target)
  return href ? (
    <a {...linkProps(href)} {...more}>
      {label}
    </a>
  ) : (
    label
  )
}

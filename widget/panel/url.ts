/** Which addresses may become a link. Everything else stays text: a reply must not bring a `javascript:` address. */
import type { SuggestedAction } from '../../edge/contract/edge.ts'
import type { Core } from '../chunk-api/core.ts'

const ALLOWED = /^(https?|mailto|tel):$/

/** The absolute address, safe for `href`, or `undefined`. Relative addresses belong to the page. */
export function safeUrl(text: string): string | undefined {
  try {
    const url = new URL(text, document.baseURI)
    return ALLOWED.test(url.protocol) ? url.href : undefined
  } catch {
    return undefined
  }
}

/** Attributes of a link. Other sites open in a new tab and learn nothing of this one. */
export function linkProps(href: string): { href: string; target?: string; rel?: string } {
  return href.startsWith('http') && new URL(href).origin !== location.origin
    ? { href, target: '_blank', rel: 'noopener noreferrer' }
    : { href }
}

/** Where the action leads, or `undefined` if it does something else. */
export function addressOf({ action, url, payload }: SuggestedAction, { config }: Core): string | undefined {
  const { phone, contact_url } = config.business ?? {}
  const target =
    action === 'link' || action === 'navigate'
      ? (url ?? payload?.url)
      : action === 'call'
        ? telephoneUrl(payload?.phone ?? phone)
        : action === 'contact_form'
          ? (payload?.url ?? contact_url ?? '/contact')
          : undefined
  return target && safeUrl(target)
}

const telephoneUrl = (phone: string | undefined): string | undefined => phone && `tel:${phone.replace(/[^\d+]/g, '')}`

/** Texts of a product card: prices and numbers by `Intl` in the visitor's language, and what the page's events say. */
import type { Product } from '../../../edge/contract/edge.ts'
import { safeUrl } from '../../panel/url.ts'

/** The price as a number, also if it was sent as text like “12.50”; `undefined` for any other text. */
export const amountOf = (price: Product['price']): number | undefined => {
  const amount = typeof price === 'string' ? (/^\s*\d+([.]\d+)?\s*$/.test(price) ? Number(price) : undefined) : price
  return Number.isFinite(amount) ? amount : undefined
}

/** The price in the form of its currency. An unknown currency stands behind the number; a price that is text stays text. */
export function priceText(price: Product['price'], currency: string | undefined, language: string): string {
  const amount = amountOf(price)
  if (amount === undefined) return String(price ?? '')
  const code = currency?.toUpperCase() ?? ''
  // Three letters alone do not make a code: “Lei” is none.
  if (Intl.supportedValuesOf('currency').includes(code))
    return new Intl.NumberFormat(language, { style: 'currency', currency: code }).format(amount)
  const digits = Number.isInteger(amount) ? 0 : 2
  const number = new Intl.NumberFormat(language, { minimumFractionDigits: digits, maximumFractionDigits: 2 })
  return `${number.format(amount)} ${currency ?? ''}`.trim()
}

/** Both prices are numbers, and the present one is lower. */
export function isReduced({ price, original_price }: Product): boolean {
  const [now, before] = [amountOf(price), amountOf(original_price)]
  return now !== undefined && before !== undefined && now < before
}

/** Visitors request an offer for a service and cannot buy it (observed client, section 6.5). */
export const isService = ({ offer_type, category }: Product): boolean =>
  /service|package/i.test(offer_type ?? '') || /ofert|offer|servic/i.test(category ?? '')

/** From 0 to 5, with at most one decimal. */
export function ratingText(rating: number, language: string): string {
  const limited = Math.min(5, Math.max(0, rating))
  return new Intl.NumberFormat(language, { maximumFractionDigits: 1 }).format(limited)
}

/** An address for `<img>`, or `undefined`. No `data:` addresses: they can hold markup. */
export function imageUrl(text: string | undefined): string | undefined {
  try {
    const { protocol, href } = new URL(text ?? '', document.baseURI)
    return text && /^https?:$/.test(protocol) ? href : undefined
  } catch {
    return undefined
  }
}

/** The detail of `caty:productView` and its like. The page may navigate to the addresses, so they must be safe. */
export const detailOf = ({ id, name, price, image_url, url, description }: Product): object => ({
  id,
  name,
  price,
  image: ifSafe(image_url, imageUrl),
  url: ifSafe(url, safeUrl),
  description,
})

/** The address as it was written, if `read` accepts it. */
const ifSafe = (text: string | undefined, read: (text: string) => string | undefined): string | undefined =>
  text && read(text) ? text : undefined

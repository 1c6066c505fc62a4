/** What stands on a card: prices, badges and numbers from the data, by `Intl`, in the visitor's language. */
import type { Product } from '../../../edge/contract/edge.ts'
import { safeUrl } from '../../panel/url.ts'

/** A price that is a number, also one that was sent as text; anything else is shown as it came. */
export const amountOf = (price: Product['price']): number | undefined => {
  const amount = typeof price === 'string' ? (/^\s*\d+([.]\d+)?\s*$/.test(price) ? Number(price) : undefined) : price
  return Number.isFinite(amount) ? amount : undefined
}

/** With a currency that `Intl` knows in its form, with another word behind the number. */
export function priceText(price: Product['price'], currency: string | undefined, language: string): string {
  const amount = amountOf(price)
  if (amount === undefined) return String(price ?? '')
  const code = currency?.toUpperCase() ?? ''
  // “Lei” has three letters too, and is no code.
  if (Intl.supportedValuesOf('currency').includes(code))
    return new Intl.NumberFormat(language, { style: 'currency', currency: code }).format(amount)
  const digits = Number.isInteger(amount) ? 0 : 2
  const number = new Intl.NumberFormat(language, { minimumFractionDigits: digits, maximumFractionDigits: 2 })
  return `${number.format(amount)} ${currency ?? ''}`.trim()
}

/** Lower than before, and both are numbers. */
export function isReduced({ price, original_price }: Product): boolean {
  const [now, before] = [amountOf(price), amountOf(original_price)]
  return now !== undefined && before !== undefined && now < before
}

/** A service is not put into a bag: an offer is asked for (observed client, section 6.5). */
export const isService = ({ offer_type, category }: Product): boolean =>
  /service|package/i.test(offer_type ?? '') || /ofert|offer|servic/i.test(category ?? '')

/** From 0 to 5, with one digit behind the point at most. */
export function ratingText(rating: number, language: string): string {
  const within = Math.min(5, Math.max(0, rating))
  return new Intl.NumberFormat(language, { maximumFractionDigits: 1 }).format(within)
}

/** Only what a browser may load as a picture: no `data:`, which may hold markup. */
export function imageUrl(text: string | undefined): string | undefined {
  try {
    const { protocol, href } = new URL(text ?? '', document.baseURI)
    return text && /^https?:$/.test(protocol) ? href : undefined
  } catch {
    return undefined
  }
}

/** What the page hears in `caty:productView` and its like. It may go to the address, so it gets none that runs. */
export const detailOf = ({ id, name, price, image_url, url, description }: Product): object => ({
  id,
  name,
  price,
  image: safe(image_url, imageUrl),
  url: safe(url, safeUrl),
  description,
})

/** As it was written, where it may stand in a page. */
const safe = (text: string | undefined, read: (text: string) => string | undefined): string | undefined =>
  text && read(text) ? text : undefined

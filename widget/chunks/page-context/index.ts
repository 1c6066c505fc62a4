/**
 * The full description of a page (observed client, section 1.2): `data-context="full"` sends it with each message. Only
 * what the edge's schema names is collected, each part cut to its length.
 */
import type { PageContext } from '../../../edge/contract/page-context.ts'

type StructuredData = NonNullable<PageContext['structured_data']>[number]
type Json = Record<string, unknown>

const KINDS = /^(Product|Article|Organization|LocalBusiness|Service|FAQPage|WebPage|BreadcrumbList)$/
/** What is no part of a page's text, and what may be private in it. */
const LEFT_OUT =
  'script,style,noscript,template,nav,header,footer,aside,form,input,textarea,select,[aria-hidden=true],[hidden],caty-widget,[data-caty-ignore]'
const PRICE = /(?:[$€£¥₹]\s?\d|\d\s?(?:[$€£¥₹]|EUR|USD|RON|lei|zł|Kč|kr)(?![a-z]))/i

/** `basic` is what is told in any case. */
export function fullContext(basic: PageContext): PageContext {
  const structured = structuredData()
  const main = textOf(document.querySelector('main') ?? document.querySelector('article, [role=main]'))
  return {
    ...basic,
    referrer: document.referrer.split(/[?#]/, 1)[0]?.slice(0, 2000),
    meta: {
      description: meta('name=description'),
      og_title: meta('property="og:title"'),
      og_description: meta('property="og:description"'),
      og_image: meta('property="og:image"'),
      canonical: document
        .querySelector<HTMLLinkElement>('link[rel=canonical]')
        ?.href.split(/[?#]/, 1)[0]
        ?.slice(0, 500),
      language: document.documentElement.lang.slice(0, 35) || undefined,
    },
    structured_data: structured,
    content: {
      h1: headings('h1')[0]?.slice(0, 200),
      h2_list: headings('h2')
        .slice(0, 5)
        .map((text) => text.slice(0, 150)),
      main_text: main.slice(0, 2000),
      has_product: structured.some((item) => item['@type'] === 'Product'),
      has_pricing: structured.some((item) => item.price !== undefined) || PRICE.test(main),
    },
  }
}

const meta = (match: string): string | undefined =>
  document.querySelector(`meta[${match}]`)?.getAttribute('content')?.slice(0, 500) || undefined

const headings = (name: string): string[] =>
  [...document.querySelectorAll(name)].filter((node) => !node.closest('[data-caty-ignore]')).map(textOf)

/** The words of an element as a reader sees them, without what is left out. Reads a copy, so the page stays as it is. */
function textOf(element: Element | null): string {
  if (!element || element.closest('[data-caty-ignore]')) return ''
  const copy = element.cloneNode(true)
  if (!(copy instanceof Element)) return ''
  for (const node of copy.querySelectorAll(LEFT_OUT)) node.remove()
  return (copy.textContent ?? '').replace(/\s+/g, ' ').trim()
}

/** JSON-LD of the kinds that help an answer; also from a `@graph`, and of elements with more than one type. */
function structuredData(): StructuredData[] {
  return [...document.querySelectorAll('script[type="application/ld+json"]')]
    .filter((script) => !script.closest('[data-caty-ignore]'))
    .flatMap(({ textContent }) => itemsOf(parse(textContent ?? '')))
    .slice(0, 20)
}

function itemsOf(value: unknown): StructuredData[] {
  if (Array.isArray(value)) return value.flatMap(itemsOf)
  const item: Json = Object(value)
  if (item['@graph']) return itemsOf(item['@graph'])
  const kind = [item['@type']].flat().find((type) => KINDS.test(String(type)))
  if (kind === undefined) return []
  const offer: Json = Object([item.offers].flat()[0])
  const rating: Json = Object(item.aggregateRating)
  return [
    {
      '@type': String(kind),
      name: words(item.name, 200),
      description: words(item.description, 500),
      price: amount(offer.price ?? offer.lowPrice),
      priceCurrency: words(offer.priceCurrency, 10),
      rating: amount(rating.ratingValue),
      reviewCount: amount(rating.reviewCount),
    },
  ]
}

const words = (value: unknown, max: number) => (typeof value === 'string' ? value.slice(0, max) : undefined)
const amount = (value: unknown) => (typeof value === 'number' ? value : words(value, 60))

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

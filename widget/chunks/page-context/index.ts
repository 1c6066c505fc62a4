/**
 * The page-context chunk: the full description of a page (observed client, section 1.2), which `data-context="full"` sends
 * with each message. Only members of the edge's schema are collected, each cut to its length.
 */

import type { PageContext } from '../../../edge/contract/page-context.ts'
import { cut } from '../../chunk-api/cut.ts'
import { membersOf } from '../../chunk-api/untrusted.ts'

type StructuredData = NonNullable<PageContext['structured_data']>[number]

/** Types of JSON-LD that help to answer a question. */
const TYPES = /^(Product|Article|Organization|LocalBusiness|Service|FAQPage|WebPage|BreadcrumbList)$/
/** Elements that are no part of a page's text, or may be private. */
const LEFT_OUT =
  'script,style,noscript,template,nav,header,footer,aside,form,input,textarea,select,[aria-hidden=true],[hidden],caty-widget,[data-caty-ignore]'
const PRICE = /(?:[$€£¥₹]\s?\d|\d\s?(?:[$€£¥₹]|EUR|USD|RON|lei|zł|Kč|kr)(?![a-z]))/i

/** Adds to `basic`, which is sent in any case. */
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
      language: cut(document.documentElement.lang, 35) || undefined,
    },
    structured_data: structured,
    content: {
      h1: textUpTo(headings('h1')[0], 200),
      h2_list: headings('h2')
        .slice(0, 5)
        .map((text) => cut(text, 150)),
      main_text: cut(main, 2000),
      has_product: structured.some((item) => item['@type'] === 'Product'),
      has_pricing: structured.some((item) => item.price !== undefined) || PRICE.test(main),
    },
  }
}

const meta = (selector: string): string | undefined =>
  cut(document.querySelector(`meta[${selector}]`)?.getAttribute('content') ?? '', 500) || undefined

/** Texts of all elements of that name. */
const headings = (name: string): string[] =>
  [...document.querySelectorAll(name)].filter((node) => !node.closest('[data-caty-ignore]')).map(textOf)

/** The text of an element as a reader sees it. Works on a copy, so that the page stays as it is. */
function textOf(element: Element | null): string {
  if (!element || element.closest('[data-caty-ignore]')) return ''
  const copy = element.cloneNode(true)
  if (!(copy instanceof Element)) return ''
  for (const node of copy.querySelectorAll(LEFT_OUT)) node.remove()
  return (copy.textContent ?? '').replace(/\s+/g, ' ').trim()
}

/** The page's JSON-LD, also from a `@graph` and of items with several types. */
function structuredData(): StructuredData[] {
  return [...document.querySelectorAll('script[type="application/ld+json"]')]
    .filter((script) => !script.closest('[data-caty-ignore]'))
    .flatMap(({ textContent }) => itemsOf(parseJson(textContent ?? '')))
    .slice(0, 20)
}

function itemsOf(value: unknown): StructuredData[] {
  if (Array.isArray(value)) return value.flatMap(itemsOf)
  const item = membersOf(value)
  if (item['@graph']) return itemsOf(item['@graph'])
  const type = [item['@type']].flat().find((name) => TYPES.test(String(name)))
  if (type === undefined) return []
  const offer = membersOf([item.offers].flat()[0])
  const rating = membersOf(item.aggregateRating)
  return [
    {
      '@type': String(type),
      name: textUpTo(item.name, 200),
      description: textUpTo(item.description, 500),
      price: amount(offer.price ?? offer.lowPrice),
      priceCurrency: textUpTo(offer.priceCurrency, 10),
      rating: amount(rating.ratingValue),
      reviewCount: amount(rating.reviewCount),
    },
  ]
}

const textUpTo = (value: unknown, max: number) => (typeof value === 'string' ? cut(value, max) : undefined)
const amount = (value: unknown) => (typeof value === 'number' ? value : textUpTo(value, 60))

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

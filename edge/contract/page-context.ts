/**
 * What the widget may send about the page. Every member is optional and bounded. Unknown members are dropped, because the
 * text of a page can be private.
 */
import * as v from 'valibot'
import { optionalText, text } from './bounded.ts'

const amount = v.optional(v.union([text(60), v.number()]))

const StructuredData = v.object({
  '@type': optionalText(40),
  name: optionalText(200),
  description: optionalText(500),
  price: amount,
  priceCurrency: optionalText(10),
  rating: amount,
  reviewCount: amount,
})

export const PageContext = v.object({
  page_url: optionalText(2048),
  page_title: optionalText(500),
  referrer: optionalText(2048),
  meta: v.optional(
    v.object({
      description: optionalText(500),
      og_title: optionalText(500),
      og_description: optionalText(500),
      og_image: optionalText(500),
      canonical: optionalText(500),
      language: optionalText(35),
    }),
  ),
  structured_data: v.optional(v.pipe(v.array(StructuredData), v.maxLength(20))),
  content: v.optional(
    v.object({
      h1: optionalText(200),
      h2_list: v.optional(v.pipe(v.array(text(150)), v.maxLength(5))),
      main_text: optionalText(2000),
      has_product: v.optional(v.boolean()),
      has_pricing: v.optional(v.boolean()),
    }),
  ),
  engagement_score: v.optional(v.number()),
  timeOnPage: v.optional(v.number()),
  scrollDepth: v.optional(v.number()),
})
export type PageContext = v.InferOutput<typeof PageContext>

/**
 * What the widget may tell of the page (observed client, section 1.2), every member optional and bounded: a page's text
 * is the most private thing that passes here, so nothing passes that is not named.
 */
import * as v from 'valibot'

const text = (max: number) => v.optional(v.pipe(v.string(), v.maxLength(max)))
const amount = v.optional(v.union([v.pipe(v.string(), v.maxLength(60)), v.number()]))

const StructuredData = v.object({
  '@type': text(40),
  name: text(200),
  description: text(500),
  price: amount,
  priceCurrency: text(10),
  rating: amount,
  reviewCount: amount,
})

export const PageContext = v.object({
  page_url: text(2048),
  page_title: text(500),
  referrer: text(2048),
  meta: v.optional(
    v.object({
      description: text(500),
      og_title: text(500),
      og_description: text(500),
      og_image: text(500),
      canonical: text(500),
      language: text(35),
    }),
  ),
  structured_data: v.optional(v.pipe(v.array(StructuredData), v.maxLength(20))),
  content: v.optional(
    v.object({
      h1: text(200),
      h2_list: v.optional(v.pipe(v.array(v.pipe(v.string(), v.maxLength(150))), v.maxLength(5))),
      main_text: text(2000),
      has_product: v.optional(v.boolean()),
      has_pricing: v.optional(v.boolean()),
    }),
  ),
  engagement_score: v.optional(v.number()),
  timeOnPage: v.optional(v.number()),
  scrollDepth: v.optional(v.number()),
})
export type PageContext = v.InferOutput<typeof PageContext>

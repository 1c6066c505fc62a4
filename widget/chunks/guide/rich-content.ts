/**
 * What a reply holds beside text: product tags leave the text, carousels and slot pickers leave the actions, and a list of
 * choices at the end of the text becomes buttons.
 */
import type { Product, SuggestedAction } from '../../../edge/contract/edge.ts'
import { booleanOf, isString, membersOf, stringOf } from '../../chunk-api/untrusted.ts'
import type { Entry } from '../../panel/entry.ts'

/** Flat JSON only, as it was observed. */
const PRODUCT_TAG = /\[PRODUCT:\s*(\{[^{}]*\})\s*\]/g
/** A choice is short and plain, and neither a sentence nor a fact like “Monday: 9 to 5”. Lists of facts stay lists. */
const CHOICE = /^- +([^*_`[\]:]{1,69}[^*_`[\]:.;,\s])\s*$/
const MAX_CHOICES = 6

/** Changes the entry in place. Calling it again changes nothing. */
export function extractRichContent(entry: Entry): void {
  const products: Product[] = []
  const text = entry.text.replace(PRODUCT_TAG, (_, json: string) => {
    const product = readProduct(json)
    if (product) products.push(product)
    return ''
  })
  const { rest, choices } = extractChoices(text)
  entry.text = rest.trim()
  let actions = [...(entry.actions ?? []), ...choices.map((label): SuggestedAction => ({ label }))]
  for (const { action, payload } of actions) {
    if (action === 'product_carousel') products.push(...(payload?.items ?? []))
    if (action === 'slot_picker' && payload?.slots?.length) entry.picker = { day: payload.date, slots: payload.slots }
  }
  actions = actions.filter(({ action }) => action !== 'product_carousel' && action !== 'slot_picker')
  // Where the visitor chooses a time, there are no other buttons.
  if (actions.length || entry.actions) entry.actions = entry.picker ? [] : actions
  if (products.length) entry.products = [...(entry.products ?? []), ...products]
}

/** The list at the end of the text as choices, if it is short and each item is a choice. */
function extractChoices(text: string): { rest: string; choices: string[] } {
  const lines = text.trimEnd().split('\n')
  const start = lines.findLastIndex((line, at) => !isInList(line, lines[at - 1])) + 1
  const rest = lines.slice(0, start).join('\n')
  const items = lines.slice(start).filter((line) => line.trim())
  const choices = items.flatMap((line) => CHOICE.exec(line)?.[1] ?? [])
  const areChoices = rest.trim() && choices.length === items.length && choices.length <= MAX_CHOICES
  return areChoices ? { rest, choices } : { rest: text, choices: [] }
}

const ITEM = /^ {0,3}[-*+•] /

/** A list goes on over empty lines, indented lines, and a line directly after an item. */
const isInList = (line: string, previous = ''): boolean =>
  !line.trim() || /^\s/.test(line) || ITEM.test(line) || ITEM.test(previous)

/** `undefined` if the JSON is no product. */
function readProduct(json: string): Product | undefined {
  const members = membersOf(parseJson(json))
  const text = (name: string) => stringOf(members[name])
  const amount = (name: string) => (typeof members[name] === 'number' ? members[name] : text(name))
  const name = text('name')
  if (!name) return undefined
  const { id, rating } = members
  return {
    id: id === undefined ? undefined : String(id),
    name,
    description: text('description'),
    price: amount('price'),
    original_price: amount('originalPrice'),
    currency: text('currency'),
    image_url: text('image'),
    url: text('url'),
    rating: typeof rating === 'number' ? rating : undefined,
    in_stock: booleanOf(members.inStock),
    offer_type: text('offerType'),
    category: text('category'),
    badges: ['marketing_label', 'badge_promo', 'badge_delivery'].map(text).filter(isString).filter(Boolean),
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

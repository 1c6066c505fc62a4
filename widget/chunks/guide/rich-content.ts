/**
 * Takes a reply apart: product tags leave the text, carousels and slot pickers leave the actions, and a list of choices
 * at the end of the text becomes something to click.
 */
import type { Product, SuggestedAction } from '../../../edge/contract/edge.ts'
import type { Entry } from '../../panel/conversation.ts'

/** Flat JSON only, as it was observed. */
const PRODUCT = /\[PRODUCT:\s*(\{[^{}]*\})\s*\]/g
/** A choice: short, plain, no end of a sentence and no “Monday: 9 to 5”. Lists of facts stay lists. */
const CHOICE = /^- +([^*_`[\]:]{1,69}[^*_`[\]:.;,\s])\s*$/
const MOST_CHOICES = 6

/** Changes the entry in place; doing it twice changes nothing. */
export function takeApart(entry: Entry): void {
  const found: Product[] = []
  const text = entry.text.replace(PRODUCT, (_, json: string) => {
    const product = readProduct(json)
    if (product) found.push(product)
    return ''
  })
  const { rest, choices } = cutChoices(text)
  entry.text = rest.trim()
  let actions = [...(entry.actions ?? []), ...choices.map((label): SuggestedAction => ({ label }))]
  for (const { action, payload } of actions) {
    if (action === 'product_carousel') found.push(...(payload?.items ?? []))
    if (action === 'slot_picker' && payload?.slots?.length) entry.picker = { day: payload.date, slots: payload.slots }
  }
  actions = actions.filter(({ action }) => action !== 'product_carousel' && action !== 'slot_picker')
  // Where a time is to be chosen, nothing else is.
  if (actions.length || entry.actions) entry.actions = entry.picker ? [] : actions
  if (found.length) entry.products = [...(entry.products ?? []), ...found]
}

function cutChoices(text: string): { rest: string; choices: string[] } {
  const lines = text.trimEnd().split('\n')
  const choices: string[] = []
  for (let line = lines.at(-1); line?.startsWith('- '); line = lines.at(-1)) {
    const choice = CHOICE.exec(line)?.[1]
    // Half a list would be worse than none.
    if (!choice) return { rest: text, choices: [] }
    choices.unshift(choice)
    lines.pop()
  }
  const rest = lines.join('\n')
  return rest.trim() && choices.length <= MOST_CHOICES ? { rest, choices } : { rest: text, choices: [] }
}

/** `undefined` for what is no product; the tag is left out of the text all the same. */
function readProduct(json: string): Product | undefined {
  let raw: Record<string, unknown>
  try {
    raw = Object(JSON.parse(json))
  } catch {
    return undefined
  }
  const text = (name: string) => (typeof raw[name] === 'string' ? raw[name] : undefined)
  const amount = (name: string) => (typeof raw[name] === 'number' ? raw[name] : text(name))
  const name = text('name')
  if (!name) return undefined
  const { id, rating, inStock } = raw
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
    in_stock: typeof inStock === 'boolean' ? inStock : undefined,
    offer_type: text('offerType'),
    category: text('category'),
    badges: ['marketing_label', 'badge_promo', 'badge_delivery'].flatMap((badge) => text(badge) ?? []),
  }
}

/**
 * Caty's answers, in every documented or observed form, read into the one shape of `edge.ts`. Unknown members are
 * dropped.
 */
import * as v from 'valibot'
import { filledText, text } from './bounded.ts'
import { WidgetConfig } from './config.ts'
import type { MessageAnswer } from './edge.ts'
import { type Product, type SuggestedAction, SuggestedAction as SuggestedActionSchema } from './reply.ts'
import { listOf, maybe, maybeAmount, maybeFlag, maybeList, maybeNumber, maybeText } from './tolerant.ts'

const REPLY_CHARS = 32_000

/** True for a body that reports an error, whatever its status: `success: false`, or an error that `success: true` does not contradict. */
export const reportsError = ({ success, error, type }: Readonly<Record<string, unknown>>): boolean =>
  success === false ||
  (success !== true && (type === 'error' || !['', false, null, undefined].some((none) => none === error)))

/** The body of an answer, which may be wrapped in `data`. */
export const Envelope = v.pipe(
  v.looseObject({ success: maybeFlag, data: maybe(v.looseObject({})) }),
  v.check((body) => !reportsError(body), 'the answer reports an error'),
  v.transform((body): Record<string, unknown> => body.data ?? body),
)

const RawProduct = v.pipe(
  v.object({
    id: maybeAmount,
    sku: maybeAmount,
    _id: maybeAmount,
    name: filledText(300),
    description: maybeText(2000),
    price: maybeAmount,
    sale_price: maybeAmount,
    originalPrice: maybeAmount,
    original_price: maybeAmount,
    currency: maybeText(10),
    image_url: maybeText(),
    image: maybeText(),
    product_url: maybeText(),
    url: maybeText(),
    rating: maybeNumber,
    in_stock: maybeFlag,
    inStock: maybeFlag,
    offer_type: maybeText(60),
    offerType: maybeText(60),
    category: maybeText(200),
    marketing_label: maybeText(60),
    badge_promo: maybeText(60),
    badge_delivery: maybeText(60),
    badges: maybeList(text(60), 5),
  }),
  v.transform((raw): Product => {
    const id = raw.sku ?? raw._id ?? raw.id
    const onSale = raw.sale_price !== undefined
    const badges =
      raw.badges ?? [raw.marketing_label, raw.badge_promo, raw.badge_delivery].filter((badge) => badge !== undefined)
    return {
      id: id === undefined ? undefined : String(id),
      name: raw.name,
      description: raw.description,
      price: raw.sale_price ?? raw.price,
      original_price: onSale ? raw.price : (raw.original_price ?? raw.originalPrice),
      currency: raw.currency,
      image_url: raw.image_url ?? raw.image,
      url: raw.product_url ?? raw.url,
      rating: raw.rating,
      in_stock: raw.in_stock ?? raw.inStock,
      offer_type: raw.offer_type ?? raw.offerType,
      category: raw.category,
      badges,
    }
  }),
)

const readProducts = (value: unknown): Product[] => {
  const read = v.safeParse(listOf(RawProduct, 30), value)
  return read.success ? read.output : []
}

/** A suggested action. A plain string becomes an action with that label. */
export const RawAction = v.pipe(
  v.union([
    v.pipe(
      v.string(),
      v.transform((label) => ({ label })),
    ),
    v.looseObject({}),
  ]),
  SuggestedActionSchema,
  v.transform((action): SuggestedAction => {
    const { payload, ...plain } = action
    if (!payload) return plain
    const { items, ...rest } = payload
    return { ...plain, payload: items === undefined ? rest : { ...rest, items: readProducts(items) } }
  }),
)

const RawReply = v.object({
  content: maybeText(REPLY_CHARS),
  message: maybeText(REPLY_CHARS),
  response: maybe(
    v.union([
      text(REPLY_CHARS),
      v.object({
        content: maybeText(REPLY_CHARS),
        suggested_actions: maybeList(RawAction, 12),
        products: maybe(v.unknown()),
      }),
    ]),
  ),
  suggested_actions: maybeList(RawAction, 12),
  metadata: maybe(v.object({ intent: maybeText(100), confidence: maybeNumber, lead_score: maybeNumber })),
  intent: maybeText(100),
  analysis: maybe(v.object({ intent: maybeText(100) })),
  products: v.optional(v.unknown()),
  language: maybeText(35),
  lead_captured: maybeFlag,
  lead_data: maybe(v.record(v.string(), v.union([v.string(), v.number(), v.boolean()]))),
})

/** A chat reply in any of its forms; `undefined` when it has no text. */
export function readReply(json: unknown): MessageAnswer | undefined {
  const read = v.safeParse(v.pipe(Envelope, RawReply), json)
  if (!read.success) return undefined
  const raw = read.output
  const nested = typeof raw.response === 'object' ? raw.response : undefined
  const content = nested?.content ?? raw.content ?? (typeof raw.response === 'string' ? raw.response : raw.message)
  if (content === undefined) return undefined
  const products = readProducts(raw.products ?? nested?.products)
  return {
    success: true,
    response: { content, suggested_actions: nested?.suggested_actions ?? raw.suggested_actions ?? [] },
    metadata: { ...raw.metadata, intent: raw.metadata?.intent ?? raw.intent ?? raw.analysis?.intent },
    products: products.length > 0 ? products : undefined,
    language: raw.language,
    lead_captured: raw.lead_captured,
    lead_data:
      raw.lead_data && Object.fromEntries(Object.entries(raw.lead_data).map(([name, value]) => [name, String(value)])),
  }
}

const greeting = v.union([
  v.object({ content: text(4000), timestamp: maybeText(60) }),
  v.pipe(
    v.string(),
    v.maxLength(4000),
    v.transform((content) => ({ content, timestamp: undefined })),
  ),
])
const RawSession = v.pipe(Envelope, v.object({ session_id: filledText(200), greeting: maybe(greeting) }))
export type CatySession = v.InferOutput<typeof RawSession>

/** The session that Caty opened or continued; `undefined` when the answer names none. */
export function readSession(json: unknown): CatySession | undefined {
  const read = v.safeParse(RawSession, json)
  return read.success ? read.output : undefined
}

/** Flat names that Caty also uses, and the canonical path of each. */
const FLAT: readonly [from: string, to: readonly [string, ...string[]]][] = [
  ['widgetId', ['widget_id']],
  ['persona_name', ['persona', 'name']],
  ['persona_avatar', ['persona', 'avatar_url']],
  ['theme', ['appearance', 'theme']],
  ['position', ['appearance', 'position']],
  ['primary_color', ['appearance', 'colors', 'primary']],
  ['greeting_message', ['behavior', 'greeting', 'message']],
  ['phone', ['business', 'phone']],
  ['contact_url', ['business', 'contact_url']],
  ['industry_schema_json', ['business', 'industry_schema_json']],
  ['availability', ['handoff', 'availability']],
  ['offline_message', ['handoff', 'offline_message']],
]
const NESTED: typeof FLAT = [
  ['primary_color', ['appearance', 'colors', 'primary']],
  ['primaryColor', ['appearance', 'colors', 'primary']],
]

const Tree = v.record(v.string(), v.unknown())
type Tree = v.InferOutput<typeof Tree>
const asTree = (value: unknown): Tree => {
  const read = v.safeParse(Tree, value)
  return read.success ? { ...read.output } : {}
}

/** Caty's configuration as one tree; `undefined` when the answer is not an object. */
export function readConfig(json: unknown): WidgetConfig | undefined {
  const body = v.safeParse(Envelope, json)
  if (!body.success) return undefined
  const root = asTree(body.output.config ?? body.output)
  const appearance = asTree(root.appearance)
  for (const [from, path] of NESTED) place(root, path, appearance[from])
  for (const [from, path] of FLAT) place(root, path, root[from])
  const read = v.safeParse(WidgetConfig, root)
  if (!read.success) return undefined
  // If the assistant supports one language only, the widget uses it.
  const { languages_supported: [only, ...more] = [] } = read.output.persona ?? {}
  return only !== undefined && more.length === 0
    ? { ...read.output, persona: { ...read.output.persona, language: only } }
    : read.output
}

/** Sets a value at the path, unless the path has one. */
function place(tree: Tree, [head, ...rest]: readonly [string, ...string[]], value: unknown): void {
  if (value === undefined) return
  const [next, ...further] = rest
  if (next === undefined) {
    tree[head] ??= value
    return
  }
  const branch = asTree(tree[head])
  place(branch, [next, ...further], value)
  tree[head] = branch
}

/** The members of an error that are looked at. */
export const membersOf = (json: unknown): { code?: unknown; error?: unknown; message?: unknown } =>
  typeof json === 'object' && json !== null ? json : {}

/** True if this error is about a session and not about a route. */
export function speaksOfSession(json: unknown): boolean {
  const { code, error, message } = membersOf(json)
  return (
    code === 'SESSION_NOT_FOUND' || [error, message].some((text) => typeof text === 'string' && /session/i.test(text))
  )
}

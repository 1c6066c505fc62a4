/** The parts of a reply besides its text: suggested actions and products. */
import * as v from 'valibot'
import { filledText, text } from './bounded.ts'
import { maybe, maybeAmount, maybeFlag, maybeList, maybeNumber, maybeText } from './tolerant.ts'

export const Product = v.object({
  id: maybeText(200),
  name: filledText(300),
  description: maybeText(2000),
  price: maybeAmount,
  original_price: maybeAmount,
  currency: maybeText(10),
  image_url: maybeText(),
  url: maybeText(),
  rating: maybeNumber,
  in_stock: maybeFlag,
  offer_type: maybeText(60),
  category: maybeText(200),
  badges: maybeList(text(60), 5),
})
export type Product = v.InferOutput<typeof Product>

export const Slot = v.object({ label: text(60), start: maybeText(60) })
export type Slot = v.InferOutput<typeof Slot>

export const ActionPayload = v.object({
  message: maybeText(4000),
  url: maybeText(),
  page: maybeText(200),
  phone: maybeText(60),
  form_type: maybeText(60),
  fields: maybeList(v.string(), 20),
  date: maybeText(40),
  slots: maybeList(Slot),
  items: maybe(v.array(v.unknown())),
})
export type ActionPayload = Omit<v.InferOutput<typeof ActionPayload>, 'items'> & { items?: Product[] | undefined }

/**
 * A button under a reply. `action` is `link`, `message`, `handoff`, `dismiss` (documented) or an observed kind. Without it
 * the label is sent as a message.
 */
export const SuggestedAction = v.object({
  label: filledText(200),
  action: maybeText(60),
  url: maybeText(),
  value: maybeText(4000),
  payload: maybe(ActionPayload),
  urgent: maybeFlag,
})
export type SuggestedAction = Omit<v.InferOutput<typeof SuggestedAction>, 'payload'> & {
  payload?: ActionPayload | undefined
}

/** Which form opens by itself after a reply: the owner's rules first, then what the intent or the text asks for. */
import type { AutoForm, MessageAnswer, WidgetConfig } from '../../../edge/contract/edge.ts'
import type { FormKind } from './chunk-props.ts'

const OF_INTENT: readonly [RegExp, FormKind][] = [
  [/^((schedule|booking|appointment)(_request)?|programare)$/, 'schedule'],
  [/^(price_inquiry|pricing_inquiry|quote_request|pricing_question)$/, 'quote'],
  [/^(human|support|contact)_request$/, 'contact'],
  [/^(affirmative_interest|ready_to_buy|purchase_intent|product_inquiry)$/, 'lead'],
]
const OF_TYPE: readonly [RegExp, FormKind][] = [
  [/book|schedul|appoint|programar/, 'schedule'],
  [/quote|price|offer/, 'quote'],
  [/newsletter|subscri/, 'newsletter'],
  [/feedback|review|rating/, 'feedback'],
  [/contact|support/, 'contact'],
]

/** “Please fill in the form”, in the widget's languages: a verb and the form, in either order, in one sentence. */
const VERB = 'fill|complet|rellen|rempli|füll|compil|preench|invul|vul |заполн|記入|入力|填|작성|기입|املأ|تعبئة|भर'
const FORM = '\\bform|modul|анкет|форм|フォーム|表|양식|نموذج|फ़ॉर्म|फॉर्म'
const FILL_IN = new RegExp(`(${VERB}).{0,60}(${FORM})|(${FORM}).{0,60}(${VERB})`, 'i')

export const kindOfType = (type: string | undefined): FormKind =>
  OF_TYPE.find(([pattern]) => pattern.test(type ?? ''))?.[1] ?? 'lead'

export type Moment = {
  answer: MessageAnswer
  config: WidgetConfig
  /** How many messages the visitor has sent. */
  messages: number
  /** May a form of this kind still open by itself? Each may once. */
  fresh: (kind: FormKind) => boolean
}

/** The form for this moment, or `undefined`. */
export function formFor({ answer, config, messages, fresh }: Moment): FormKind | undefined {
  const configured = config.auto_config?.forms ?? []
  const owners = configured
    .filter((form) => form.active !== false && ruleFits(form, answer.metadata.intent, messages))
    .sort((a, b) => (a.priority ?? 1) - (b.priority ?? 1))
    .map((form) => kindOfType(form.form_type))
  // A form that the owner has rules for, or has switched off, opens by his rules only.
  const theirs = configured.map((form) => kindOfType(form.form_type))
  const ours = [
    OF_INTENT.find(([pattern]) => pattern.test(answer.metadata.intent ?? ''))?.[1],
    FILL_IN.test(answer.response.content) && 'lead',
    config.capabilities?.capture_leads && configured.length === 0 && 'lead',
  ] as const
  return [...owners, ...ours.filter((kind) => kind && !theirs.includes(kind))].find(
    // Whoever has just left an address in the conversation is not asked for it again.
    (kind): kind is FormKind => !!kind && fresh(kind) && !(kind === 'lead' && answer.lead_captured),
  )
}

/** A number of messages is a threshold: a reply that was missed must not cost the form. */
const ruleFits = ({ display_rules }: AutoForm, intent: string | undefined, messages: number): boolean =>
  Boolean(intent && display_rules?.show_on_intent?.includes(intent)) ||
  messages >= (display_rules?.show_after_messages ?? Number.POSITIVE_INFINITY)

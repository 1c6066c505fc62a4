/** Which form opens by itself after a reply: by the owner's rules first, then by the reply's intent or text. */
import type { AutoForm, MessageAnswer, WidgetConfig } from '../../../edge/contract/edge.ts'
import type { FormKind } from './chunk-props.ts'

const KIND_BY_INTENT: readonly [RegExp, FormKind][] = [
  [/^((schedule|booking|appointment)(_request)?|programare)$/, 'schedule'],
  [/^(price_inquiry|pricing_inquiry|quote_request|pricing_question)$/, 'quote'],
  [/^(human|support|contact)_request$/, 'contact'],
  [/^(affirmative_interest|ready_to_buy|purchase_intent|product_inquiry)$/, 'lead'],
]
const KIND_BY_TYPE: readonly [RegExp, FormKind][] = [
  [/book|schedul|appoint|programar/, 'schedule'],
  [/quote|price|offer/, 'quote'],
  [/newsletter|subscri/, 'newsletter'],
  [/feedback|review|rating/, 'feedback'],
  [/contact|support/, 'contact'],
]

/** “Please fill in the form” in the widget's languages: a verb and the form, in either order, in one sentence. */
const VERB = 'fill|complet|rellen|rempli|füll|compil|preench|invul|vul |заполн|記入|入力|填|작성|기입|املأ|تعبئة|भर'
const FORM = '\\bform|modul|анкет|форм|フォーム|表|양식|نموذج|फ़ॉर्म|फॉर्म'
const FILL_IN_FORM = new RegExp(`(${VERB}).{0,60}(${FORM})|(${FORM}).{0,60}(${VERB})`, 'i')

/** The kind of form for a `form_type` of Caty's. */
export const formKindOf = (type: string | undefined): FormKind =>
  KIND_BY_TYPE.find(([pattern]) => pattern.test(type ?? ''))?.[1] ?? 'lead'

export type FormOccasion = {
  answer: MessageAnswer
  config: WidgetConfig
  /** How many messages the visitor has sent. */
  messages: number
  /** Whether a form of this kind has not opened by itself yet. */
  isNew: (kind: FormKind) => boolean
}

/** The form to open now, or `undefined`. */
export function formFor({ answer, config, messages, isNew }: FormOccasion): FormKind | undefined {
  const configured = config.auto_config?.forms ?? []
  const byRules = configured
    .filter((form) => form.active !== false && ruleMatches(form, answer.metadata.intent, messages))
    .sort((a, b) => (a.priority ?? 1) - (b.priority ?? 1))
    .map((form) => formKindOf(form.form_type))
  // A form that the owner has rules for, or has switched off, opens by these rules only.
  const configuredKinds = configured.map((form) => formKindOf(form.form_type))
  const byReply = [
    KIND_BY_INTENT.find(([pattern]) => pattern.test(answer.metadata.intent ?? ''))?.[1],
    FILL_IN_FORM.test(answer.response.content) && 'lead',
    config.capabilities?.capture_leads && configured.length === 0 && 'lead',
  ] as const
  return [...byRules, ...byReply.filter((kind) => kind && !configuredKinds.includes(kind))].find(
    // A visitor who has just left an address in the conversation is not asked for it again.
    (kind): kind is FormKind => !!kind && isNew(kind) && !(kind === 'lead' && answer.lead_captured),
  )
}

/** A number of messages is a minimum: a visitor who went past it still gets the form. */
const ruleMatches = ({ display_rules }: AutoForm, intent: string | undefined, messages: number): boolean =>
  Boolean(intent && display_rules?.show_on_intent?.includes(intent)) ||
  messages >= (display_rules?.show_after_messages ?? Number.POSITIVE_INFINITY)

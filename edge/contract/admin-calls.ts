/** What a dashboard may send to the Admin API. Caty's answers are in `admin-answers.ts`. */
import * as v from 'valibot'
import { email, optionalText, phone } from './bounded.ts'

const text = (max: number) => v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(max))

/** An id of Caty. It becomes part of a path, so it has no character with a meaning there. */
export const RecordId = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{1,128}$/, 'an id'))
const moment = v.pipe(
  v.string(),
  v.regex(/^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})?)?$/, 'a date as YYYY-MM-DD'),
)
/** A number in a query: validated, and passed on as text. */
const number = (pattern: RegExp, said: string) => v.pipe(v.string(), v.regex(pattern, said))
const website = v.pipe(
  v.string(),
  v.maxLength(2048),
  v.check((url) => /^https?:\/\//.test(url) && URL.canParse(url), 'must be a web address with https://'),
)

export const NoQuery = v.strictObject({})

/** `POST /api/admin/widgets` */
export const AddWidgetRequest = v.object({
  name: text(200),
  business: v.object({ name: text(200), website: v.optional(website) }),
})
/** `PUT /api/admin/widgets/:id` */
export const ChangeWidgetRequest = v.object({
  name: v.optional(text(200)),
  business: v.optional(v.object({ name: v.optional(text(200)), website: v.optional(website) })),
})

/** `GET /api/admin/conversations` */
export const ConversationsQuery = v.strictObject({
  widget_id: v.optional(RecordId),
  status: v.optional(v.picklist(['active', 'ended'])),
  date_from: v.optional(moment),
  date_to: v.optional(moment),
  page: v.optional(number(/^[1-9]\d{0,4}$/, 'a page number from 1')),
  limit: v.optional(number(/^([1-9]\d?|100)$/, 'a number from 1 to 100')),
})

export const LEAD_STATES = ['new', 'contacted', 'qualified', 'converted'] as const

/** `GET /api/admin/leads` */
export const LeadsQuery = v.strictObject({
  widget_id: v.optional(RecordId),
  status: v.optional(v.picklist(LEAD_STATES)),
  score_min: v.optional(number(/^(\d{1,2}|100)(\.\d{1,3})?$/, 'a number from 0 to 100')),
  date_from: v.optional(moment),
  date_to: v.optional(moment),
})
/** `PUT /api/admin/leads/:id` */
export const ChangeLeadRequest = v.object({
  status: v.optional(v.picklist(LEAD_STATES)),
  notes: optionalText(4000),
  tags: v.optional(v.pipe(v.array(text(50)), v.maxLength(20))),
})

/** `PUT /api/admin/notifications/settings` */
export const NotificationsRequest = v.object({
  email: v.optional(v.object({ enabled: v.boolean(), addresses: v.optional(v.pipe(v.array(email), v.maxLength(20))) })),
  push: v.optional(v.object({ enabled: v.boolean() })),
  whatsapp: v.optional(v.object({ enabled: v.boolean(), phone: v.optional(v.union([v.literal(''), phone])) })),
})

/** The fields of `POST /api/admin/knowledge/upload` beside the file. */
export const KnowledgeFields = v.object({ widget_id: RecordId, category: v.optional(text(100)) })

/** What the browser may send in the calls other than chatting. Caty's answers to them are in `caty-answers.ts`. */
import * as v from 'valibot'
import { email, filledText, optionalText, phone, text } from './bounded.ts'
import { PageContext } from './page-context.ts'

const handle = filledText(1024)
const scalar = v.union([text(2000), v.number(), v.boolean(), v.null()])

/** A flat record of at most `max` members, with names of at most 60 characters. */
const record = (max: number) =>
  v.pipe(
    v.record(text(60), scalar),
    v.check((value) => Object.keys(value).length <= max, `holds more than ${max} members`),
  )
const day = v.pipe(v.string(), v.regex(/^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/, 'a date as YYYY-MM-DD'))

/** `PATCH /api/widget/session/:id`: what the page knows of the visitor. */
export const IdentifyRequest = v.object({ visitor_info: record(30) })

const Metrics = v.object({
  scrollDepth: v.optional(v.number()),
  timeOnPage: v.optional(v.number()),
  clickCount: v.optional(v.number()),
  formInteractions: v.optional(v.number()),
  idleTime: v.optional(v.number()),
  exitIntent: v.optional(v.boolean()),
  visitCount: v.optional(v.number()),
  browserLanguage: optionalText(35),
})

/** `POST /api/widget/track` */
export const TrackRequest = v.object({
  session_id: v.optional(handle),
  events: v.pipe(
    v.array(
      v.object({ type: filledText(60), data: v.optional(v.union([scalar, record(20)])), timestamp: optionalText(40) }),
    ),
    v.maxLength(100),
  ),
  page: v.optional(v.object({ url: optionalText(2048), title: optionalText(500), referrer: optionalText(2048) })),
  metrics: v.optional(Metrics),
})

/** `POST /api/widget/view` */
export const ViewRequest = v.object({
  event_type: v.picklist(['view', 'widget_open']),
  page_url: optionalText(2048),
  referrer: optionalText(2048),
  timestamp: optionalText(40),
})

/** `POST /api/widget/proactive` and what became of its message. */
export const ProactiveRequest = v.object({
  session_id: handle,
  trigger_type: filledText(100),
  language: optionalText(35),
  context: v.optional(PageContext),
})
export const EngagedRequest = v.object({ session_id: handle, message_id: filledText(200), action: optionalText(40) })
export const DismissedRequest = v.object({ session_id: handle, message_id: filledText(200) })

const RequestedProduct = v.object({
  id: optionalText(200),
  name: optionalText(300),
  price: v.optional(v.union([text(40), v.number()])),
  image: optionalText(2048),
  url: optionalText(2048),
  description: optionalText(2000),
})

/** `POST /api/widget/lead` */
export const LeadRequest = v.object({
  session_id: handle,
  name: optionalText(200),
  email: v.optional(email),
  phone: v.optional(phone),
  company: optionalText(200),
  custom_fields: v.optional(record(20)),
  lead_type: v.optional(v.picklist(['lead', 'offer_request'])),
  requested_product: v.optional(RequestedProduct),
})

/** `POST /api/widget/form`: contact, quote request, newsletter and feedback, one flat shape. */
export const FormRequest = v.object({
  session_id: handle,
  form_type: v.pipe(v.string(), v.regex(/^[a-z][a-z_]{0,39}$/, 'a form type')),
  name: optionalText(200),
  email: v.optional(email),
  phone: v.optional(phone),
  message: optionalText(4000),
  description: optionalText(4000),
  rating: v.optional(v.picklist([1, 2, 3, 4, 5])),
  comment: optionalText(4000),
  custom_fields: v.optional(record(20)),
})

/** `POST /api/widget/schedule` and the slots of a day. */
export const ScheduleRequest = v.object({
  session_id: handle,
  name: filledText(200),
  phone: v.optional(phone),
  email: v.optional(email),
  date: day,
  time: filledText(60),
})
export const SlotsQuery = v.strictObject({ date: day })

/** `POST /api/widget/handoff/request` */
export const HandoffRequest = v.object({ session_id: handle, reason: optionalText(200) })

/**
 * Caty's answers to the Admin API, read tolerantly into one shape. They are documented in words only, so a list may stand
 * at the top, under `data`, or be `data` itself, and an id may be called `id`.
 */
import * as v from 'valibot'
import { text } from './bounded.ts'
import { listOf, maybe, maybeAmount, maybeFlag, maybeList, maybeNumber, maybeText } from './tolerant.ts'

const id = v.pipe(v.union([v.string(), v.number()]), v.transform(String), v.minLength(1), v.maxLength(200))
const maybeId = maybe(id)
/** Rows of a list that are read; no page of a dashboard shows more. */
const ROWS = 1000

const Business = maybe(v.object({ name: maybeText(200), website: maybeText() }))
const RawWidget = v.object({
  widget_id: maybeId,
  id: maybeId,
  name: maybeText(200),
  status: maybeText(40),
  plan: maybeText(60),
  created_at: maybeText(60),
  business: Business,
})
export const Widget = v.pipe(
  RawWidget,
  v.transform(({ id, widget_id = id, ...more }) => ({ widget_id, ...more })),
  v.check((widget) => widget.widget_id !== undefined, 'no id'),
)

const ConversationMessage = v.object({
  role: maybeText(40),
  sender: maybeText(40),
  content: text(32_000),
  timestamp: maybeText(60),
})
export const Conversation = v.pipe(
  v.object({
    session_id: maybeId,
    id: maybeId,
    widget_id: maybeId,
    status: maybeText(40),
    visitor: maybe(v.object({ name: maybeText(200), email: maybeText(254) })),
    messages: maybeList(ConversationMessage, ROWS),
    message_count: maybeNumber,
    lead_score: maybeNumber,
    intent: maybeText(100),
    started_at: maybeText(60),
    ended_at: maybeText(60),
  }),
  v.transform(({ id, session_id = id, ...more }) => ({ session_id, ...more })),
  v.check((conversation) => conversation.session_id !== undefined, 'no id'),
)

export const Lead = v.pipe(
  v.object({
    lead_id: maybeId,
    id: maybeId,
    widget_id: maybeId,
    session_id: maybeId,
    name: maybeText(200),
    email: maybeText(254),
    phone: maybeText(60),
    company: maybeText(200),
    score: maybeNumber,
    intent: maybeText(100),
    status: maybeText(40),
    notes: maybeText(4000),
    tags: maybeList(text(50), 20),
    created_at: maybeText(60),
  }),
  v.transform(({ id, lead_id = id, ...more }) => ({ lead_id, ...more })),
  v.check((lead) => lead.lead_id !== undefined, 'no id'),
)

export const Document = v.pipe(
  v.object({
    id: maybeId,
    knowledge_id: maybeId,
    document_id: maybeId,
    name: maybeText(300),
    filename: maybeText(300),
    title: maybeText(300),
    widget_id: maybeId,
    category: maybeText(100),
    status: maybeText(40),
    type: maybeText(100),
    size: maybeNumber,
    created_at: maybeText(60),
  }),
  v.transform(({ knowledge_id, document_id, id = knowledge_id ?? document_id, filename, title, name, ...more }) => ({
    id,
    name: name ?? filename ?? title,
    ...more,
  })),
  v.check((document) => document.id !== undefined, 'no id'),
)

const Total = maybe(v.object({ total: maybeNumber, change: maybeAmount }))
/** An intent by its name alone, or with its count. */
const Intent = v.union([
  v.pipe(
    v.string(),
    v.maxLength(100),
    v.transform((intent) => ({ intent, count: undefined })),
  ),
  v.object({ intent: text(100), count: maybeNumber }),
])

const pagination = maybe(
  v.object({ page: maybeNumber, limit: maybeNumber, total: maybeNumber, total_pages: maybeNumber }),
)

export const Widgets = v.object({ widgets: listOf(Widget, ROWS), pagination })
export const OneWidget = v.object({ widget: Widget })
/** The result of a change. The change was made even if Caty does not return the record. */
export const ChangedWidget = v.object({ widget: maybe(Widget), message: maybeText(1000) })
export const Conversations = v.object({ conversations: listOf(Conversation, ROWS), pagination })
export const OneConversation = v.object({ conversation: Conversation })
export const Leads = v.object({ leads: listOf(Lead, ROWS), pagination })
export const ChangedLead = v.object({ lead: maybe(Lead), message: maybeText(1000) })
export const Documents = v.object({ documents: listOf(Document, ROWS), pagination })
/** Caty may still be reading the document and return only a message. */
export const UploadedDocument = v.object({ document: maybe(Document), message: maybeText(1000) })
export const Done = v.object({ message: maybeText(1000) })
export const Analytics = v.object({
  analytics: v.object({
    period: maybe(v.union([text(100), v.object({ from: maybeText(60), to: maybeText(60) })])),
    conversations: Total,
    leads: Total,
    conversion_rate: maybeAmount,
    avg_response_time: maybeAmount,
    top_intents: maybeList(Intent, 50),
  }),
})
export const Notifications = v.object({
  settings: v.object({
    email: maybe(v.object({ enabled: maybeFlag, addresses: maybeList(text(254), 20) })),
    push: maybe(v.object({ enabled: maybeFlag })),
    whatsapp: maybe(v.object({ enabled: maybeFlag, phone: maybeText(60) })),
  }),
})

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * The answer as the schema reads it; `undefined` if it does not fit. `member` is our name for the list or the record,
 * `other` are further names that Caty may use.
 */
export function readAdminAnswer<Answer>(
  schema: v.GenericSchema<unknown, Answer>,
  json: unknown,
  member: string,
  other: readonly string[] = [],
): Answer | undefined {
  if (!isRecord(json) || json.success === false) return undefined
  const inner = json.data ?? json
  const found = isRecord(inner) ? [member, ...other].find((name) => name in inner) : undefined
  const payload = isRecord(inner) && found !== undefined ? inner[found] : inner
  const pages = [isRecord(inner) && inner.pagination, json.pagination, isRecord(inner) && 'total' in inner && inner]
  const beside = { pagination: pages.find(isRecord), message: isRecord(inner) ? inner.message : undefined }
  const read = v.safeParse(schema, { ...beside, [member]: payload })
  return read.success ? read.output : undefined
}

/** The parts of the edge's answers that this dashboard shows. */
import * as v from 'valibot'

const text = v.optional(v.string(), '')
const number = v.optional(v.number(), 0)

export const Config = v.object({ edge: v.string(), supabaseUrl: v.string(), supabaseAnonKey: v.string() })
export type Config = v.InferOutput<typeof Config>

export const Widgets = v.object({ widgets: v.array(v.object({ widget_id: v.string(), name: text })) })
export type Widget = v.InferOutput<typeof Widgets>['widgets'][number]

export const LEAD_STATES = ['new', 'contacted', 'qualified', 'converted'] as const
export const Lead = v.object({
  lead_id: v.string(),
  name: text,
  email: text,
  phone: text,
  company: text,
  score: number,
  intent: text,
  status: text,
  notes: text,
  tags: v.optional(v.array(v.string()), []),
  created_at: text,
})
export type Lead = v.InferOutput<typeof Lead>
export const Leads = v.object({ leads: v.array(Lead) })
export const ChangedLead = v.object({ lead: v.optional(Lead) })

const Visitor = v.optional(v.object({ name: text, email: text }), { name: '', email: '' })
export const Conversation = v.object({
  session_id: v.string(),
  status: text,
  visitor: Visitor,
  messages: v.optional(v.array(v.object({ role: text, content: v.string(), timestamp: text })), []),
  lead_score: number,
  intent: text,
  started_at: text,
})
export type Conversation = v.InferOutput<typeof Conversation>
const Pagination = v.optional(v.object({ page: number, total: number, total_pages: number }))
export const Conversations = v.object({ conversations: v.array(Conversation), pagination: Pagination })
export const OneConversation = v.object({ conversation: Conversation })

export const Document = v.object({
  id: v.string(),
  name: v.optional(v.string(), 'Document'),
  category: text,
  type: text,
  size: number,
  status: text,
})
export type Document = v.InferOutput<typeof Document>
export const Documents = v.object({ documents: v.array(Document) })
export const Taught = v.object({ document: v.optional(Document) })

const Amount = v.optional(v.union([v.string(), v.number()]))
const Total = v.optional(v.object({ total: number, change: Amount }), { total: 0 })
export const Analytics = v.object({
  analytics: v.object({
    conversations: Total,
    leads: Total,
    conversion_rate: Amount,
    avg_response_time: Amount,
    top_intents: v.optional(v.array(v.object({ intent: v.string(), count: number })), []),
  }),
})
export type Analytics = v.InferOutput<typeof Analytics>['analytics']

export const Settings = v.object({
  settings: v.object({
    email: v.optional(
      v.object({ enabled: v.optional(v.boolean(), false), addresses: v.optional(v.array(v.string()), []) }),
      {},
    ),
    push: v.optional(v.object({ enabled: v.optional(v.boolean(), false) }), {}),
    whatsapp: v.optional(v.object({ enabled: v.optional(v.boolean(), false), phone: text }), {}),
  }),
})
export type Settings = v.InferOutput<typeof Settings>['settings']

export const Done = v.object({})
export const Problem = v.object({ detail: text, field: v.optional(v.string()) })

/**
 * The data of the sandbox's tenant: widgets, conversations and leads from the widget, the assistant's documents, and
 * notification settings. It lasts as long as the process.
 */
import { randomUUID } from 'node:crypto'
import { shop } from './catalogue.ts'
import type { Tell } from './webhooks.ts'
import { widgetConfig } from './widget-config.ts'

export type Said = { role: 'visitor' | 'assistant'; content: string; timestamp: string }
export type Conversation = {
  session_id: string
  widget_id: string
  visitor: { name?: string; email?: string }
  messages: Said[]
  lead_score: number
  intent: string
  started_at: string
  last_at: string
}
export type Lead = {
  lead_id: string
  widget_id: string
  session_id: string
  name: string
  email: string
  phone: string
  company: string
  score: number
  intent: string
  status: string
  notes: string
  tags: string[]
  created_at: string
}
export type Widget = {
  widget_id: string
  name: string
  status: string
  plan: string
  created_at: string
  business: { name: string; website?: string }
}
export type Document = {
  id: string
  widget_id: string
  name: string
  category: string
  type: string
  size: number
  status: string
  created_at: string
}
export type Notifications = {
  email: { enabled: boolean; addresses: string[] }
  push: { enabled: boolean }
  whatsapp: { enabled: boolean; phone: string }
}
export type Contact = Partial<Pick<Lead, 'name' | 'email' | 'phone' | 'company'>>

/** A session ends after half an hour without a message. */
const SESSION_MS = 30 * 60_000
const now = () => new Date().toISOString()
const newId = (kind: string) => `${kind}_${randomUUID().replaceAll('-', '').slice(0, 12)}`

export class Tenant {
  widgets = new Map<string, Widget>()
  conversations = new Map<string, Conversation>()
  leads = new Map<string, Lead>()
  documents = new Map<string, Document>()
  notifications: Notifications = noNotifications()

  readonly #tell: Tell

  /** `tell` receives every event that Caty has a webhook for. */
  constructor(tell: Tell) {
    this.#tell = tell
    this.reset()
  }

  /** A visitor opened a new session. */
  started(session: string, visitor: string, page: { url: string; referrer: string }, userAgent: string): void {
    const { url: page_url, referrer } = page
    this.#tell('conversation.started', {
      session_id: session,
      visitor_id: visitor,
      page_url,
      referrer,
      user_agent: userAgent,
    })
  }

  /** A visitor asks for a person. */
  handedOff(session: string, reason: string): void {
    const { visitor, messages } = this.#conversation(session, now())
    this.#tell('handoff.requested', {
      session_id: session,
      reason,
      visitor: { email: visitor.email ?? null },
      last_message: messages.findLast(({ role }) => role === 'visitor')?.content ?? '',
      conversation_url: conversationUrl(session),
    })
  }

  reset(): void {
    this.widgets.clear()
    this.conversations.clear()
    this.leads.clear()
    this.documents.clear()
    this.notifications = noNotifications()
    const { widget_id } = widgetConfig
    const demo = { widget_id, name: `${shop.name} website`, status: 'active', plan: 'pro', created_at: now() }
    this.widgets.set(widget_id, { ...demo, business: { name: shop.name } })
  }

  /** A session becomes a conversation with its first message. */
  said(
    session: string,
    role: Said['role'],
    content: string,
    about: { intent?: string; leadScore?: number } = {},
  ): void {
    const at = now()
    const conversation = this.#conversation(session, at)
    conversation.messages.push({ role, content, timestamp: at })
    conversation.last_at = at
    if (about.intent !== undefined) conversation.intent = about.intent
    conversation.lead_score = Math.max(conversation.lead_score, about.leadScore ?? 0)
    if (role === 'visitor') this.#tell('message.received', { session_id: session, message: content, timestamp: at })
  }

  /** A visitor left a name: a new lead, or more details for the lead of this session. */
  captured(session: string, contact: Contact): Lead {
    const at = now()
    const conversation = this.#conversation(session, at)
    const { name, email } = contact
    Object.assign(conversation.visitor, { ...(name && { name }), ...(email && { email }) })
    const known = [...this.leads.values()].find((lead) => lead.session_id === session)
    const lead: Lead = known ?? {
      lead_id: newId('lead'),
      widget_id: conversation.widget_id,
      session_id: session,
      name: '',
      email: '',
      phone: '',
      company: '',
      score: 0,
      intent: '',
      status: 'new',
      notes: '',
      tags: [],
      created_at: at,
    }
    const given = Object.entries(contact).filter(([, value]) => value !== undefined && value !== '')
    Object.assign(lead, Object.fromEntries(given))
    conversation.lead_score = Math.max(conversation.lead_score, 60)
    lead.score = conversation.lead_score
    lead.intent = conversation.intent
    this.leads.set(lead.lead_id, lead)
    const { lead_id, name: known_as, email: mail, phone, company, score, intent } = lead
    this.#tell(known ? 'lead.updated' : 'lead.captured', {
      ...{ lead_id, name: known_as, email: mail, phone, company, score, intent, session_id: session },
      conversation_url: conversationUrl(session),
    })
    return lead
  }

  add(name: string, business: Widget['business']): Widget {
    const widget = { widget_id: newId('wgt'), name, status: 'active', plan: 'free', created_at: now(), business }
    this.widgets.set(widget.widget_id, widget)
    return widget
  }

  teach(document: Pick<Document, 'widget_id' | 'name' | 'category' | 'type' | 'size'>): Document {
    const taught = { id: newId('doc'), ...document, status: 'ready', created_at: now() }
    this.documents.set(taught.id, taught)
    return taught
  }

  #conversation(session: string, at: string): Conversation {
    const known = this.conversations.get(session)
    if (known) return known
    const conversation: Conversation = {
      session_id: session,
      widget_id: widgetConfig.widget_id,
      visitor: {},
      messages: [],
      lead_score: 0,
      intent: 'browsing',
      started_at: at,
      last_at: at,
    }
    this.conversations.set(session, conversation)
    return conversation
  }
}

const conversationUrl = (session: string): string => `https://app.catyai.io/conversations/${session}`

/** When a conversation ended, or `null` while it continues. */
export function endedAt({ last_at }: Conversation, at = Date.now()): string | null {
  const end = Date.parse(last_at) + SESSION_MS
  return end <= at ? new Date(end).toISOString() : null
}

const noNotifications = (): Notifications => ({
  email: { enabled: false, addresses: [] },
  push: { enabled: false },
  whatsapp: { enabled: false, phone: '' },
})

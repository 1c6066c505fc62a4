/** Caty's Admin API: the documented calls on the data of the sandbox's tenant. */
import { type Conversation, endedAt, type Lead, type Tenant, type Widget } from './tenant.ts'
import { type ApiAnswer, type ApiCall, failed } from './widget-api.ts'

type Json = Record<string, unknown>

const ok = (body: object): ApiAnswer => ({ status: 200, body: { success: true, ...body } })
const nothing = failed(404, 'Not found', 'NOT_FOUND')
const text = (value: unknown): string => (typeof value === 'string' ? value : '')
const record = (value: unknown): Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.fromEntries(Object.entries(value)) : {}
const texts = (value: unknown): string[] => (Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [])
const LEAD_STATES = ['new', 'contacted', 'qualified', 'converted']

export class AdminApi {
  readonly #tenant: Tenant

  constructor(tenant: Tenant) {
    this.#tenant = tenant
  }

  handle({ method, path, query, body }: ApiCall): ApiAnswer {
    const [, , , resource = '', id = '', ...more] = path.split('/')
    if (more.length > 0) return failed(404, 'Route not found', 'NOT_FOUND')
    const json = path.endsWith('/upload') ? {} : parse(body)
    if (!json) return failed(400, 'Invalid JSON body', 'VALIDATION_ERROR')
    switch (`${method} ${resource}${id === '' ? '' : '/:id'}`) {
      case 'GET widgets':
        return ok({ widgets: [...this.#tenant.widgets.values()] })
      case 'POST widgets':
        return this.#addWidget(json)
      case 'GET widgets/:id':
      case 'PUT widgets/:id':
        return this.#widget(id, json)
      case 'DELETE widgets/:id':
        return this.#tenant.widgets.delete(id) ? ok({}) : nothing
      case 'GET conversations':
        return ok(this.#conversations(query))
      case 'GET conversations/:id': {
        const conversation = this.#tenant.conversations.get(id)
        return conversation ? ok({ conversation: shown(conversation) }) : nothing
      }
      case 'GET leads':
        return ok({ leads: this.#leads(query) })
      case 'PUT leads/:id':
        return this.#changeLead(id, json)
      case 'GET knowledge':
        return ok({ documents: [...this.#tenant.documents.values()] })
      case 'POST knowledge/:id':
        return id === 'upload' ? this.#teach(body) : nothing
      case 'DELETE knowledge/:id':
        return this.#tenant.documents.delete(id) ? ok({}) : nothing
      case 'GET analytics':
        return ok(this.#analytics())
      case 'GET notifications/:id':
        return id === 'settings' ? ok({ settings: this.#tenant.notifications }) : nothing
      case 'PUT notifications/:id':
        return id === 'settings' ? this.#notify(json) : nothing
      default:
        return failed(404, 'Route not found', 'NOT_FOUND')
    }
  }

  #addWidget(json: Json): ApiAnswer {
    const business = record(json.business)
    if (!text(json.name) || !text(business.name)) return failed(400, 'name and business.name', 'VALIDATION_ERROR')
    const website = text(business.website)
    const widget = this.#tenant.add(text(json.name), { name: text(business.name), ...(website && { website }) })
    return { ...ok({ widget }), status: 201 }
  }

  #widget(id: string, change: Json): ApiAnswer {
    const widget = this.#tenant.widgets.get(id)
    if (!widget) return nothing
    if (text(change.name)) widget.name = text(change.name)
    const { name, website } = record(change.business)
    const business: Widget['business'] = widget.business
    if (text(name)) business.name = text(name)
    if (text(website)) business.website = text(website)
    return ok({ widget })
  }

  #conversations(query: URLSearchParams): object {
    const status = query.get('status')
    const found = [...this.#tenant.conversations.values()]
      .map(shown)
      .filter((one) => belongs(one.widget_id, one.started_at, query))
      .filter((one) => status === null || (status === 'ended') === (one.ended_at !== null))
      .reverse()
    const page = Number(query.get('page') ?? 1)
    const limit = Number(query.get('limit') ?? 20)
    const pagination = { page, limit, total: found.length, total_pages: Math.max(1, Math.ceil(found.length / limit)) }
    return { conversations: found.slice((page - 1) * limit, page * limit), pagination }
  }

  #leads(query: URLSearchParams): Lead[] {
    const status = query.get('status')
    return [...this.#tenant.leads.values()]
      .filter((lead) => belongs(lead.widget_id, lead.created_at, query))
      .filter((lead) => status === null || lead.status === status)
      .filter((lead) => lead.score >= Number(query.get('score_min') ?? 0))
      .reverse()
  }

  #changeLead(id: string, { status, notes, tags }: Json): ApiAnswer {
    const lead = this.#tenant.leads.get(id)
    if (!lead) return nothing
    if (status !== undefined && !LEAD_STATES.includes(text(status)))
      return failed(400, 'status is unknown', 'VALIDATION_ERROR')
    if (status !== undefined) lead.status = text(status)
    if (notes !== undefined) lead.notes = text(notes)
    if (tags !== undefined) lead.tags = texts(tags)
    return ok({ lead })
  }

  #teach(form: string): ApiAnswer {
    const field = (name: string) => new RegExp(`name="${name}"\r\n\r\n([^\r]*)\r\n`).exec(form)?.[1] ?? ''
    const file = /name="file"; filename="([^"]+)"\r\nContent-Type: ([^\r]+)\r\n\r\n/.exec(form)
    const widget_id = field('widget_id')
    if (!file?.[1] || !file[2] || !this.#tenant.widgets.has(widget_id))
      return failed(400, 'file and widget_id are required', 'VALIDATION_ERROR')
    const start = file.index + file[0].length
    const boundary = form.slice(0, form.indexOf('\r\n'))
    const size = form.indexOf(`\r\n${boundary}`, start) - start
    const name = Buffer.from(file[1], 'latin1').toString('utf8')
    const category = Buffer.from(field('category'), 'latin1').toString('utf8') || 'general'
    const document = this.#tenant.teach({ widget_id, name, category, type: file[2], size })
    return { ...ok({ document }), status: 201 }
  }

  /** Figures of the last thirty days. Changes are against zero, because the sandbox has no earlier data. */
  #analytics(): object {
    const conversations = [...this.#tenant.conversations.values()]
    const leads = this.#tenant.leads.size
    const intents = new Map<string, number>()
    for (const { intent } of conversations) intents.set(intent, (intents.get(intent) ?? 0) + 1)
    const rate = conversations.length === 0 ? 0 : leads / conversations.length
    return {
      period: 'last_30_days',
      conversations: { total: conversations.length, change: 0 },
      leads: { total: leads, change: 0 },
      conversion_rate: Math.round(rate * 1000) / 1000,
      avg_response_time: averageWait(conversations),
      top_intents: [...intents]
        .map(([intent, count]) => ({ intent, count }))
        .sort((a, b) => b.count - a.count)
        .slice(0, 5),
    }
  }

  #notify(json: Json): ApiAnswer {
    const { notifications } = this.#tenant
    const [email, push, whatsapp] = [record(json.email), record(json.push), record(json.whatsapp)]
    if (email.enabled !== undefined) notifications.email.enabled = email.enabled === true
    if (email.addresses !== undefined) notifications.email.addresses = texts(email.addresses)
    if (push.enabled !== undefined) notifications.push.enabled = push.enabled === true
    if (whatsapp.enabled !== undefined) notifications.whatsapp.enabled = whatsapp.enabled === true
    if (whatsapp.phone !== undefined) notifications.whatsapp.phone = text(whatsapp.phone)
    return ok({ settings: notifications })
  }
}

const shown = ({ last_at, ...conversation }: Conversation) => {
  const ended_at = endedAt({ ...conversation, last_at })
  return { ...conversation, status: ended_at === null ? 'active' : 'ended', ended_at }
}

/** A date as an end includes the whole day. */
function belongs(widget: string, at: string, query: URLSearchParams): boolean {
  const [from, to, of] = [query.get('date_from'), query.get('date_to'), query.get('widget_id')]
  if (of !== null && of !== widget) return false
  return (from === null || at.slice(0, from.length) >= from) && (to === null || at.slice(0, to.length) <= to)
}

/** Seconds between a visitor's message and the reply. */
function averageWait(conversations: Conversation[]): number {
  const waits = conversations.flatMap(({ messages }) =>
    messages.flatMap((said, at) => {
      const before = messages[at - 1]
      if (said.role !== 'assistant' || before?.role !== 'visitor') return []
      return [(Date.parse(said.timestamp) - Date.parse(before.timestamp)) / 1000]
    }),
  )
  const sum = waits.reduce((total, wait) => total + wait, 0)
  return waits.length === 0 ? 0 : Math.round((sum / waits.length) * 100) / 100
}

function parse(body: string): Json | undefined {
  try {
    return body === '' ? {} : record(JSON.parse(body))
  } catch {
    return undefined
  }
}

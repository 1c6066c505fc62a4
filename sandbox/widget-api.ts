/** Caty's Widget API in both dialects: paths, envelopes and codes as documented and as observed. */
import { randomUUID } from 'node:crypto'
import { answer, greeting, type Reply } from './assistant.ts'
import type { StandInState } from './control.ts'
import type { JsonAnswer } from './http.ts'
import type { Tenant } from './tenant.ts'
import { widgetConfig } from './widget-config.ts'

export type ApiCall = { method: string; path: string; query: URLSearchParams; body: string; userAgent: string }
export type ApiAnswer = JsonAnswer

type Json = Record<string, unknown>
type Handler = (body: Json, call: ApiCall) => ApiAnswer

const ok = (body: object): ApiAnswer => ({ status: 200, body: { success: true, ...body } })
export const failed = (status: number, error: string, code: string): ApiAnswer => ({
  status,
  body: { success: false, error, code },
})
const text = (value: unknown): string => (typeof value === 'string' ? value : '')

/** The conversations of a tenant, kept while the process runs. */
export class WidgetApi {
  readonly #state: StandInState
  readonly #tenant: Tenant
  readonly #sessions = new Set<string>()
  readonly #sessionOfVisitor = new Map<string, string>()

  constructor(state: StandInState, tenant: Tenant) {
    this.#state = state
    this.#tenant = tenant
  }

  reset(): void {
    this.#sessions.clear()
    this.#sessionOfVisitor.clear()
  }

  handle(call: ApiCall): ApiAnswer {
    const handler = this.#handler(call)
    if (!handler) return failed(404, 'Route not found', 'NOT_FOUND')
    if (call.method === 'GET') return handler({}, call)
    if (call.path === '/api/widget/upload') return handler({}, call)
    const body = parse(call.body)
    return body ? handler(body, call) : failed(400, 'Invalid JSON body', 'VALIDATION_ERROR')
  }

  #handler({ method, path }: ApiCall): Handler | undefined {
    const { dialect } = this.#state.controls
    const inSession =
      (run: Handler): Handler =>
      (body, call) =>
        this.#sessions.has(text(body.session_id))
          ? run(body, call)
          : failed(404, 'Session not found', 'SESSION_NOT_FOUND')
    const routes: Record<string, Handler | undefined> = {
      'GET /api/widget/config': () => ok({ config: { ...widgetConfig, ...this.#state.controls.config } }),
      'POST /api/widget/session': (body, call) => this.#openSession(body, call),
      'POST /api/widget/message': dialect === 'observed' ? undefined : inSession((body) => this.#message(body, nested)),
      'POST /api/widget/chat/message':
        dialect === 'documented' ? undefined : inSession((body) => this.#message(body, flat)),
      'POST /api/widget/track': () => ok({ engagement_score: 40, proactive: { should_trigger: false, message: null } }),
      'POST /api/widget/view': () => ok({}),
      'POST /api/widget/proactive': inSession(() =>
        ok({
          message: {
            message_id: `msg_${randomUUID().slice(0, 8)}`,
            content: 'Can I help you choose?',
            suggested_actions: [{ label: 'Show me your mugs', action: 'message' }],
          },
        }),
      ),
      'POST /api/widget/proactive/engaged': () => ok({}),
      'POST /api/widget/proactive/dismissed': () => ok({}),
      'POST /api/widget/lead': (body) =>
        text(body.email) || text(body.phone)
          ? ok({ lead_id: this.#capture(body), message: 'Thank you, we will be in touch.' })
          : failed(400, 'An e-mail or a phone number is needed', 'VALIDATION_ERROR'),
      'POST /api/widget/form': (body) => {
        if (!text(body.form_type)) return failed(400, 'form_type is required', 'VALIDATION_ERROR')
        if (text(body.email) || text(body.phone)) this.#capture(body)
        return ok({})
      },
      'POST /api/widget/schedule': (body) =>
        text(body.date) && text(body.time) ? ok({}) : failed(400, 'date and time are required', 'VALIDATION_ERROR'),
      'GET /api/widget/schedule/slots': (_body, { query }) => slots(query.get('date') ?? ''),
      'POST /api/widget/upload': (_body, call) => upload(call.body, this.#sessions),
      'POST /api/widget/handoff/request': (body) => {
        this.#tenant.handedOff(text(body.session_id), text(body.reason))
        return ok({ message: 'A person will join within a few minutes.' })
      },
    }
    if (method === 'PATCH' && /^\/api\/widget\/session\/[\w-]+$/.test(path)) {
      return () =>
        this.#sessions.has(path.split('/').at(-1) ?? '')
          ? ok({})
          : failed(404, 'Session not found', 'SESSION_NOT_FOUND')
    }
    return routes[`${method} ${path}`]
  }

  #message(body: Json, shape: (reply: Reply) => object): ApiAnswer {
    const said = text(body.message).trim()
    if (said === '') return failed(400, 'message is required', 'VALIDATION_ERROR')
    const session = text(body.session_id)
    const reply = answer(said)
    this.#tenant.said(session, 'visitor', said, reply)
    this.#tenant.said(session, 'assistant', reply.content)
    if (!reply.lead) return ok(shape(reply))
    this.#tenant.captured(session, reply.lead)
    return ok({ ...shape(reply), lead_captured: true, lead_data: reply.lead })
  }

  /** The id of the lead. */
  #capture(body: Json): string {
    const [name, email, phone, company] = [body.name, body.email, body.phone, body.company].map(text)
    const contact = {
      ...(name && { name }),
      ...(email && { email }),
      ...(phone && { phone }),
      ...(company && { company }),
    }
    return this.#tenant.captured(text(body.session_id), contact).lead_id
  }

  #openSession(body: Json, { userAgent }: ApiCall): ApiAnswer {
    const visitor = text(body.visitor_id) || `vis_${randomUUID().slice(0, 12)}`
    const known = this.#sessionOfVisitor.get(visitor)
    const session = known ?? `sess_${randomUUID().replaceAll('-', '').slice(0, 20)}`
    this.#sessions.add(session)
    this.#sessionOfVisitor.set(visitor, session)
    if (known === undefined) this.#tenant.started(session, visitor, pageOf(body), userAgent)
    return ok({
      session_id: session,
      visitor_id: visitor,
      greeting: { content: greeting, timestamp: new Date().toISOString() },
    })
  }
}

/** The documented dialect has `page`, the observed one `context`. */
function pageOf(body: Json): { url: string; referrer: string } {
  const page = Object(body.page ?? body.context)
  return { url: text(page.url ?? page.page_url), referrer: text(page.referrer) }
}

function parse(body: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(body === '' ? '{}' : body)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value))
      : undefined
  } catch {
    return undefined
  }
}

const nested = (reply: Reply): object => ({
  response: { content: reply.content, suggested_actions: reply.actions },
  metadata: { intent: reply.intent, confidence: reply.confidence, lead_score: reply.leadScore },
  products: reply.products,
})

const flat = (reply: Reply): object => ({
  content: reply.content,
  language: 'en',
  suggested_actions: reply.actions,
  products: reply.products,
  intent: reply.intent,
})

/** Reads just enough of multipart to see that a file of an open session arrived. */
function upload(form: string, sessions: ReadonlySet<string>): ApiAnswer {
  const session = /name="session_id"\r\n\r\n([^\r]+)/.exec(form)?.[1] ?? ''
  const name = /filename="([^"]+)"/.exec(form)?.[1]
  if (!sessions.has(session)) return failed(404, 'Session not found', 'SESSION_NOT_FOUND')
  return name === undefined
    ? failed(400, 'file is required', 'VALIDATION_ERROR')
    : ok({ response: `Thank you, I have received ${name}.`, message: 'stored' })
}

/** Half-hour slots in the afternoon; none on a Sunday. */
function slots(date: string): ApiAnswer {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(date)) return failed(400, 'date must be YYYY-MM-DD', 'VALIDATION_ERROR')
  const closed = new Date(`${date}T12:00:00Z`).getUTCDay() === 0
  const labels = closed ? [] : ['10:00', '11:00', '14:00', '14:30', '15:00', '16:30']
  return ok({ calendar_connected: true, slots: labels.map((label) => ({ label, start: `${date}T${label}:00` })) })
}

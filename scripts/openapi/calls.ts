/** Every call of the edge, one row each: its name, its request and answer, and the statuses that it may refuse with. */
import type { SchemaName } from './schemas.ts'

export type Group = 'public' | 'token' | 'widget' | 'admin' | 'webhooks'
export type Call = {
  id: string
  method: string
  path: string
  summary: string
  answer: SchemaName
  group: Group
  scope?: 'config' | 'track' | 'chat' | 'lead'
  body?: SchemaName | undefined
  media?: string
  query?: 'ConversationsQuery' | 'LeadsQuery' | 'SlotsQuery'
  idempotent?: true
  /** Caty's answer, which comes in an envelope. */
  forwarded?: true
  /** Statuses besides those of the group and of every body. */
  refusals?: string
  status?: string
}

/** Statuses and when they occur. */
export const REFUSALS: Readonly<Record<string, string>> = {
  '400': 'A parameter or a member does not fit; `field` names it.',
  '401': 'The token and its proof, the session or the signature do not count.',
  '403': 'The origin, or the scope or role of the caller, is not allowed.',
  '404': 'There is nothing with this id, or it is another’s.',
  '405': 'Another method than those described here.',
  '408': 'The body did not come in time.',
  '409': 'The first call with this key is still running.',
  '413': 'The body is too large.',
  '415': 'Another content type is needed, or another kind of file.',
  '422': 'The key was used with another body.',
  '429': 'A limit was reached; see Retry-After.',
  '502': 'Caty gave no usable answer.',
  '503': 'Not set up, in maintenance, or out of reach for a moment: the detail says which.',
  '504': 'Caty did not answer in time.',
}
export const REFUSALS_OF_A_BODY = '408 413 415'

export const GROUPS: Readonly<Record<Group, { tag: string; says: string; refusals: string }>> = {
  public: { tag: 'Edge', says: 'For everybody.', refusals: '405 503' },
  token: {
    tag: 'Token',
    says: 'Short-lived tokens for pages of allowed origins (RFC 8693).',
    refusals: '400 401 403 429',
  },
  widget: {
    tag: 'Widget',
    says: 'What a visitor’s browser asks, with a token.',
    refusals: '400 401 403 429 502 503 504',
  },
  admin: {
    tag: 'Admin',
    says: 'What a dashboard asks, with a Supabase session.',
    refusals: '400 401 403 429 502 503 504',
  },
  webhooks: { tag: 'Webhooks', says: 'What Caty posts.', refusals: '400 401 413 503' },
}

const FORM = 'multipart/form-data'

type Row = [
  id: string,
  at: string,
  summary: string,
  answer: SchemaName,
  body?: SchemaName | undefined,
  more?: Partial<Call>,
]

const calls = (group: Group, base: string, shared: Partial<Call>, rows: readonly Row[]): Call[] =>
  rows.map(([id, at, summary, answer, body, more]) => {
    const [method = '', path = ''] = at.split(' ')
    return { id, method, path: base + path, summary, answer, group, body, ...shared, ...more }
  })

/** Calls within a session, which may have ended. */
const inSession = (scope: 'track' | 'chat' | 'lead', rows: readonly Row[]): Call[] =>
  calls('widget', '/api/widget', { scope, refusals: '404', forwarded: true }, rows)

export const CALLS: readonly Call[] = [
  ...calls('public', '', {}, [
    ['getMetadata', 'GET /.well-known/oauth-authorization-server', 'Metadata (RFC 8414)', 'Metadata'],
    ['getHealth', 'GET /health', 'Is the edge set up, and did Caty answer lately?', 'Health'],
  ]),
  ...calls('token', '', { media: 'application/x-www-form-urlencoded' }, [
    ['exchangeToken', 'POST /token', 'Token exchange (RFC 8693)', 'TokenAnswer', 'TokenRequest'],
  ]),
  ...calls('widget', '/api/widget', { scope: 'chat' }, [
    ['getConfig', 'GET /config', 'The configuration, cached', 'ConfigAnswer', undefined, { scope: 'config' }],
    ['openSession', 'POST /session', 'Opens a session, or finds the running one', 'SessionAnswer', 'SessionRequest'],
    [
      'sendMessage',
      'POST /message',
      'One message, one reply',
      'MessageAnswer',
      'MessageRequest',
      { idempotent: true, refusals: '404 409 422' },
    ],
  ]),
  ...inSession('chat', [
    ['identifyVisitor', 'PATCH /session/{id}', 'Tells Caty who the visitor is', 'Acknowledged', 'IdentifyRequest'],
    ['uploadFile', 'POST /upload', 'A file, when UPLOADS is on', 'Uploaded', 'UploadRequest', { media: FORM }],
    ['requestHandoff', 'POST /handoff/request', 'Asks for a person', 'Acknowledged', 'HandoffRequest'],
  ]),
  ...inSession('track', [
    ['trackEvents', 'POST /track', 'A batch of events', 'Tracked', 'TrackRequest'],
    ['trackView', 'POST /view', 'A page view', 'Acknowledged', 'ViewRequest'],
    ['askProactive', 'POST /proactive', 'Asks for a proactive message', 'Proactive', 'ProactiveRequest'],
    ['proactiveEngaged', 'POST /proactive/engaged', 'The message was clicked', 'Acknowledged', 'EngagedRequest'],
    ['proactiveDismissed', 'POST /proactive/dismissed', 'The message was closed', 'Acknowledged', 'DismissedRequest'],
  ]),
  ...inSession('lead', [
    ['sendLead', 'POST /lead', 'A lead', 'LeadTaken', 'LeadRequest'],
    ['sendForm', 'POST /form', 'A form', 'Acknowledged', 'FormRequest'],
    ['bookAppointment', 'POST /schedule', 'An appointment', 'Acknowledged', 'ScheduleRequest'],
    ['listSlots', 'GET /schedule/slots', 'The free times of a day', 'Slots', undefined, { query: 'SlotsQuery' }],
  ]),
  ...calls('admin', '/api/admin', { forwarded: true }, [
    ['listWidgets', 'GET /widgets', 'All widgets', 'Widgets'],
    ['addWidget', 'POST /widgets', 'Adds a widget', 'ChangedWidget', 'AddWidgetRequest'],
    ['getWidget', 'GET /widgets/{id}', 'One widget', 'OneWidget'],
    ['changeWidget', 'PUT /widgets/{id}', 'Changes a widget', 'ChangedWidget', 'ChangeWidgetRequest'],
    ['removeWidget', 'DELETE /widgets/{id}', 'Removes a widget', 'Done'],
    [
      'listConversations',
      'GET /conversations',
      'Conversations, page by page',
      'Conversations',
      undefined,
      { query: 'ConversationsQuery' },
    ],
    ['getConversation', 'GET /conversations/{id}', 'One conversation with everything said in it', 'OneConversation'],
    ['listLeads', 'GET /leads', 'Leads', 'Leads', undefined, { query: 'LeadsQuery' }],
    ['changeLead', 'PUT /leads/{id}', 'State, notes and tags of a lead', 'ChangedLead', 'ChangeLeadRequest'],
    ['listKnowledge', 'GET /knowledge', 'What the assistant was taught', 'Documents'],
    [
      'addKnowledge',
      'POST /knowledge/upload',
      'Teaches a document: PDF, DOCX, TXT or MD up to 10 MB',
      'UploadedDocument',
      'KnowledgeUpload',
      { media: FORM },
    ],
    ['removeKnowledge', 'DELETE /knowledge/{id}', 'Removes a document', 'Done'],
    ['getAnalytics', 'GET /analytics', 'Figures', 'Analytics'],
    ['getNotifications', 'GET /notifications/settings', 'Whom Caty notifies', 'Notifications'],
    [
      'changeNotifications',
      'PUT /notifications/settings',
      'Changes whom Caty notifies',
      'Notifications',
      'NotificationsRequest',
    ],
  ]),
  ...calls('webhooks', '/webhooks', { status: '202' }, [
    [
      'receiveEvent',
      'POST /caty',
      'An event of Caty, kept and delivered to WEBHOOK_TARGET_URL',
      'EventTaken',
      'WebhookEvent',
    ],
  ]),
]

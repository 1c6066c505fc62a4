/** The Admin API: what a dashboard may ask with a user's session. */
import type * as v from 'valibot'
import * as Answer from '../../edge/contract/admin-answers.ts'
import * as Request from '../../edge/contract/admin-calls.ts'

type Json = Record<string, unknown>
type Tools = { schemaOf: (schema: v.GenericSchema) => Json; problem: (description: string) => Json }

export const SUPABASE = {
  type: 'http',
  scheme: 'bearer',
  bearerFormat: 'JWT',
  description: 'The access token of a Supabase session.',
}

/** The paths of `/api/admin`. */
export function adminPaths({ schemaOf, problem }: Tools): Json {
  const refusals = {
    '400': problem('A parameter or a member does not fit; `field` names it.'),
    '401': problem('The session does not count: refresh it, or sign in again.'),
    '403': problem('The origin is not in ADMIN_ORIGINS, the role is missing, or Caty refuses this account.'),
    '429': problem('A limit was reached; see Retry-After.'),
    '502': problem('Caty gave no usable answer.'),
    '503': problem('The Admin API is off, or sessions cannot be checked just now.'),
    '504': problem('Caty did not answer in time.'),
  }
  const withBody = {
    '408': problem('The body did not come in time.'),
    '413': problem('The body is too large.'),
    '415': problem('Another content type is needed, or another kind of file.'),
  }
  const byId = { '404': problem('There is nothing with this id.') }
  const answered = (schema: v.GenericSchema): Json => ({
    description: 'Done.',
    content: {
      'application/json': {
        schema: {
          allOf: [
            { type: 'object', required: ['success'], properties: { success: { const: true } } },
            schemaOf(schema),
          ],
        },
      },
    },
  })
  const id = {
    name: 'id',
    in: 'path',
    required: true,
    schema: schemaOf(Request.RecordId),
  }
  const call = (summary: string, answer: v.GenericSchema, more: Json = {}, refused: Json = {}): Json => ({
    summary,
    security: [{ supabase: [] }],
    ...more,
    responses: { '200': answered(answer), ...refusals, ...refused },
  })
  const body = (schema: v.GenericSchema): Json => ({
    requestBody: { required: true, content: { 'application/json': { schema: schemaOf(schema) } } },
  })
  const query = (schema: { entries: Record<string, v.GenericSchema> }): Json => ({
    parameters: Object.entries(schema.entries).map(([name, entry]) => ({ name, in: 'query', schema: schemaOf(entry) })),
  })
  const one = { parameters: [id] }

  return {
    '/api/admin/widgets': {
      get: call('All widgets', Answer.Widgets),
      post: call('Adds a widget', Answer.ChangedWidget, body(Request.AddWidgetRequest), withBody),
    },
    '/api/admin/widgets/{id}': {
      get: call('One widget', Answer.OneWidget, one, byId),
      put: call(
        'Changes a widget',
        Answer.ChangedWidget,
        { ...one, ...body(Request.ChangeWidgetRequest) },
        { ...withBody, ...byId },
      ),
      delete: call('Removes a widget', Answer.Done, one, byId),
    },
    '/api/admin/conversations': {
      get: call('Conversations, page by page', Answer.Conversations, query(Request.ConversationsQuery)),
    },
    '/api/admin/conversations/{id}': {
      get: call('One conversation with everything said in it', Answer.OneConversation, one, byId),
    },
    '/api/admin/leads': { get: call('Leads', Answer.Leads, query(Request.LeadsQuery)) },
    '/api/admin/leads/{id}': {
      put: call(
        'State, notes and tags of a lead',
        Answer.ChangedLead,
        { ...one, ...body(Request.ChangeLeadRequest) },
        { ...withBody, ...byId },
      ),
    },
    '/api/admin/knowledge': { get: call('What the assistant was taught', Answer.Documents) },
    '/api/admin/knowledge/upload': {
      post: call(
        'Teaches a document: PDF, DOCX, TXT or MD up to 10 MB',
        Answer.Taught,
        { requestBody: FORM },
        withBody,
      ),
    },
    '/api/admin/knowledge/{id}': { delete: call('Removes a document', Answer.Done, one, byId) },
    '/api/admin/analytics': { get: call('Figures', Answer.Analytics) },
    '/api/admin/notifications/settings': {
      get: call('Whom Caty notifies', Answer.Notifications),
      put: call('Changes whom Caty notifies', Answer.Notifications, body(Request.NotificationsRequest), withBody),
    },
  }
}

const FORM = {
  required: true,
  content: {
    'multipart/form-data': {
      schema: {
        type: 'object',
        required: ['file', 'widget_id'],
        properties: {
          file: { type: 'string', contentMediaType: 'application/octet-stream' },
          widget_id: { type: 'string' },
          category: { type: 'string', maxLength: 100 },
        },
      },
    },
  },
}

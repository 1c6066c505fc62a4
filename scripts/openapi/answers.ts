/** What the edge answers, as JSON Schema: these shapes are built by the Worker, so no schema of its own reads them. */

const string = { type: 'string' }
const object = (required: string[], properties: Record<string, unknown>) => ({ type: 'object', required, properties })
const done = { const: true }
const action = object(['label'], {
  label: string,
  action: string,
  url: string,
  value: string,
  payload: { type: 'object' },
  urgent: { type: 'boolean' },
})

export const METADATA = object(['issuer', 'token_endpoint', 'grant_types_supported'], {
  issuer: string,
  token_endpoint: string,
  response_types_supported: { type: 'array', items: string },
  grant_types_supported: { type: 'array', items: string },
  token_endpoint_auth_methods_supported: { type: 'array', items: string },
  scopes_supported: { type: 'array', items: string },
  dpop_signing_alg_values_supported: { type: 'array', items: string },
  service_documentation: string,
})

export const HEALTH = object(['status', 'version', 'upstream'], {
  status: { enum: ['ok', 'degraded', 'maintenance'] },
  version: string,
  upstream: { enum: ['ok', 'failing', 'key_refused'] },
})

export const TOKEN_FORM = object(['grant_type', 'subject_token', 'subject_token_type'], {
  grant_type: { const: 'urn:ietf:params:oauth:grant-type:token-exchange' },
  subject_token: { type: 'string', description: 'a widget id, or an earlier access token' },
  subject_token_type: { enum: ['urn:caty:token-type:widget-id', 'urn:ietf:params:oauth:token-type:access_token'] },
  scope: { type: 'string', description: 'of config, track, chat, lead; the last two need a DPoP proof' },
  audience: string,
  client_id: string,
  include: { const: 'config' },
  turnstile_response: string,
})

export const TOKEN_ANSWER = object(['access_token', 'issued_token_type', 'token_type', 'expires_in', 'scope'], {
  access_token: string,
  issued_token_type: { const: 'urn:ietf:params:oauth:token-type:access_token' },
  token_type: { enum: ['Bearer', 'DPoP'] },
  expires_in: { type: 'integer', description: 'seconds' },
  scope: string,
  config: { $ref: '#/components/schemas/Config' },
  config_error: string,
})

export const TOKEN_ERROR = object(['error'], {
  error: string,
  error_description: string,
  challenge: object(['site_key'], { site_key: string }),
})

export const CONFIG_ANSWER = object(['success', 'config'], {
  success: done,
  config: { $ref: '#/components/schemas/Config' },
})

export const SESSION_ANSWER = object(['success', 'session_id', 'visitor_id'], {
  success: done,
  session_id: { type: 'string', description: 'a sealed handle' },
  visitor_id: string,
  greeting: object(['content'], { content: string, timestamp: string }),
})

export const MESSAGE_ANSWER = object(['success', 'response', 'metadata'], {
  success: done,
  response: object(['content', 'suggested_actions'], {
    content: string,
    suggested_actions: { type: 'array', items: action },
  }),
  metadata: object([], { intent: string, confidence: { type: 'number' }, lead_score: { type: 'number' } }),
  products: { type: 'array', items: object(['name'], { name: string }) },
  language: string,
  lead_captured: { type: 'boolean' },
  lead_data: { type: 'object', additionalProperties: string },
})

export const PROBLEM = object(['type', 'title', 'status', 'detail', 'instance', 'success', 'error', 'code'], {
  type: { type: 'string', format: 'uri' },
  title: string,
  status: { type: 'integer' },
  detail: string,
  instance: string,
  success: { const: false },
  error: string,
  code: string,
  field: string,
  'violated-policies': { type: 'array', items: string },
})

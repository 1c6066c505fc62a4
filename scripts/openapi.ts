/**
 * `npm run openapi`: writes docs/openapi.json from the schemas that the Worker itself checks requests with, so the
 * description cannot promise what the edge would refuse. `--check` only compares, for CI.
 */
import { readFile, writeFile } from 'node:fs/promises'
import { argv, exit } from 'node:process'
import { fileURLToPath } from 'node:url'
import { toJsonSchema } from '@valibot/to-json-schema'
import * as v from 'valibot'
import * as Answer from '../edge/contract/caty-answers.ts'
import { WidgetConfig } from '../edge/contract/config.ts'
import { MessageRequest, SessionRequest } from '../edge/contract/edge.ts'
import * as Request from '../edge/contract/visitor-calls.ts'
import { EVENTS } from '../edge/contract/webhook.ts'
import { adminPaths, SUPABASE } from './openapi/admin.ts'
import {
  CONFIG_ANSWER,
  HEALTH,
  MESSAGE_ANSWER,
  METADATA,
  PROBLEM,
  SESSION_ANSWER,
  TOKEN_ANSWER,
  TOKEN_ERROR,
  TOKEN_FORM,
} from './openapi/answers.ts'
import { CATY_SIGNATURE, webhookPath } from './openapi/webhook.ts'

type Json = Record<string, unknown>

const PATH = fileURLToPath(new URL('../docs/openapi.json', import.meta.url))

/** Transformations cannot be written as JSON Schema; what goes in is what is described. */
function schemaOf(schema: v.GenericSchema): Json {
  const { $schema: _drop, ...json } = toJsonSchema(schema, { errorMode: 'ignore', typeMode: 'input' })
  return { ...json }
}

const json = (schema: Json) => ({ 'application/json': { schema } })
const success = (schema: Json): Json => ({
  allOf: [{ type: 'object', required: ['success'], properties: { success: { const: true } } }, schema],
})
const problem = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
})
const REFUSALS = {
  '400': problem('A member does not fit; `field` names it.'),
  '401': problem('The token or its proof does not count.'),
  '403': problem('The origin, or the scope of the token, is not allowed.'),
  '408': problem('The body did not come in time.'),
  '413': problem('The body is too large.'),
  '415': problem('Another content type is needed.'),
  '429': problem('A limit was reached; see Retry-After.'),
  '502': problem('Caty gave no usable answer.'),
  '503': problem('Not set up, in maintenance, or Caty is left alone for a moment.'),
  '504': problem('Caty did not answer in time.'),
}

type Described = {
  summary: string
  scope: string
  body?: v.GenericSchema
  answer: Json
  parameters?: Json[]
  more?: Json
}

const call = ({ summary, scope, body, answer, parameters, more }: Described): Json => ({
  summary,
  security: [{ dpop: [scope] }, ...(scope === 'config' || scope === 'track' ? [{ bearer: [scope] }] : [])],
  ...(parameters && { parameters }),
  ...(body && { requestBody: { required: true, content: json(schemaOf(body)) } }),
  responses: { '200': { description: 'Done.', content: json(answer) }, ...REFUSALS, ...more },
})

const NO_SESSION = { '404': problem('There is no such session of this visitor.') }
const forwarded = (summary: string, scope: string, body: v.GenericSchema, answer: v.GenericSchema): Json => ({
  post: call({ summary, scope, body, answer: success(schemaOf(answer)), more: NO_SESSION }),
})

/** The whole description. */
export async function describe(): Promise<Json> {
  const { version } = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8'))
  return {
    openapi: '3.1.0',
    info: {
      title: 'Caty Keyless edge',
      version,
      summary: 'What a page may ask of a tenant’s Worker.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: 'https://chat.example.com', description: 'your Worker' }],
    paths: {
      '/.well-known/oauth-authorization-server': {
        get: {
          summary: 'Metadata (RFC 8414)',
          security: [],
          responses: { '200': { description: 'The metadata.', content: json(METADATA) } },
        },
      },
      '/health': {
        get: {
          summary: 'Is the edge set up, and did Caty answer lately?',
          security: [],
          responses: { '200': { description: 'The state.', content: json(HEALTH) }, '503': REFUSALS['503'] },
        },
      },
      '/token': {
        post: {
          summary: 'Token exchange (RFC 8693)',
          security: [],
          requestBody: { required: true, content: { 'application/x-www-form-urlencoded': { schema: TOKEN_FORM } } },
          responses: {
            '200': { description: 'A token.', content: json(TOKEN_ANSWER) },
            '400': { description: 'RFC 6749 section 5.2.', content: json(TOKEN_ERROR) },
            '401': { description: 'A client that is not public, or another widget.', content: json(TOKEN_ERROR) },
            '403': { description: 'The origin is not allowed.', content: json(TOKEN_ERROR) },
            '429': { description: 'Too many tokens for one address.', content: json(TOKEN_ERROR) },
          },
        },
      },
      '/api/widget/config': {
        get: call({ summary: 'The configuration, cached', scope: 'config', answer: CONFIG_ANSWER }),
      },
      '/api/widget/session': {
        post: call({
          summary: 'Opens a session, or finds the running one',
          scope: 'chat',
          body: SessionRequest,
          answer: SESSION_ANSWER,
        }),
      },
      '/api/widget/session/{id}': {
        patch: call({
          summary: 'Tells Caty who the visitor is',
          scope: 'chat',
          parameters: [
            { name: 'id', in: 'path', required: true, schema: { type: 'string' }, description: 'the session handle' },
          ],
          body: Request.IdentifyRequest,
          answer: success(schemaOf(Answer.Acknowledged)),
          more: NO_SESSION,
        }),
      },
      '/api/widget/message': {
        post: call({
          summary: 'One message, one reply',
          scope: 'chat',
          parameters: [
            {
              name: 'Idempotency-Key',
              in: 'header',
              schema: { type: 'string' },
              description: 'a quoted string; the same key brings the same answer for ten minutes',
            },
          ],
          body: MessageRequest,
          answer: MESSAGE_ANSWER,
          more: {
            ...NO_SESSION,
            '409': problem('The first call with this key is still running.'),
            '422': problem('The key was used with another body.'),
          },
        }),
      },
      '/api/widget/track': forwarded('A batch of events', 'track', Request.TrackRequest, Answer.Tracked),
      '/api/widget/view': forwarded('A page view', 'track', Request.ViewRequest, Answer.Acknowledged),
      '/api/widget/proactive': forwarded(
        'Asks for a proactive message',
        'track',
        Request.ProactiveRequest,
        Answer.Proactive,
      ),
      '/api/widget/proactive/engaged': forwarded(
        'It was clicked',
        'track',
        Request.EngagedRequest,
        Answer.Acknowledged,
      ),
      '/api/widget/proactive/dismissed': forwarded(
        'It was closed',
        'track',
        Request.DismissedRequest,
        Answer.Acknowledged,
      ),
      '/api/widget/lead': forwarded('A lead', 'lead', Request.LeadRequest, Answer.LeadTaken),
      '/api/widget/form': forwarded('A form', 'lead', Request.FormRequest, Answer.Acknowledged),
      '/api/widget/schedule': forwarded('An appointment', 'lead', Request.ScheduleRequest, Answer.Acknowledged),
      '/api/widget/schedule/slots': {
        get: call({
          summary: 'The free times of a day',
          scope: 'lead',
          parameters: [
            {
              name: 'date',
              in: 'query',
              required: true,
              schema: { type: 'string', pattern: '^\\d{4}-\\d{2}-\\d{2}$' },
            },
          ],
          answer: success(schemaOf(Answer.Slots)),
        }),
      },
      '/api/widget/upload': {
        post: {
          ...call({
            summary: 'A file, when UPLOADS is on',
            scope: 'chat',
            answer: success(schemaOf(Answer.Uploaded)),
            more: NO_SESSION,
          }),
          requestBody: {
            required: true,
            content: {
              'multipart/form-data': {
                schema: {
                  type: 'object',
                  required: ['session_id', 'file'],
                  properties: {
                    session_id: { type: 'string' },
                    message: { type: 'string' },
                    file: { type: 'string', contentMediaType: 'application/octet-stream' },
                  },
                },
              },
            },
          },
        },
      },
      '/api/widget/handoff/request': forwarded(
        'Asks for a person',
        'chat',
        Request.HandoffRequest,
        Answer.Acknowledged,
      ),
      ...adminPaths({ schemaOf, problem }),
      '/webhooks/caty': webhookPath(schemaOf(v.variant('event', EVENTS)), problem),
    },
    components: {
      schemas: { Problem: PROBLEM, Config: schemaOf(WidgetConfig) },
      securitySchemes: {
        dpop: {
          type: 'http',
          scheme: 'dpop',
          description: 'A token bound to a key, and a proof of that key in the header DPoP (RFC 9449).',
        },
        catySignature: CATY_SIGNATURE,
        supabase: SUPABASE,
        bearer: { type: 'http', scheme: 'bearer', description: 'A token without a key: config and track only.' },
      },
    },
  }
}

async function main(): Promise<void> {
  const text = `${JSON.stringify(await describe(), null, 2)}\n`
  if (!argv.includes('--check')) return writeFile(PATH, text)
  if ((await readFile(PATH, 'utf8').catch(() => '')) === text) return
  console.error('docs/openapi.json is not what the schemas say: run npm run openapi.')
  exit(1)
}

if (argv[1] === fileURLToPath(import.meta.url)) await main()

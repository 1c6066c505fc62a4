/**
 * Every schema of the description by name: those that the Worker reads requests with, and those of the answers that
 * it builds. valibot turns them into JSON Schema, and a schema inside another becomes a reference.
 */
import { type ConversionConfig, toJsonSchema, toJsonSchemaDefs } from '@valibot/to-json-schema'
import * as v from 'valibot'
import * as AdminAnswer from '../../edge/contract/admin-answers.ts'
import * as AdminRequest from '../../edge/contract/admin-calls.ts'
import * as Answer from '../../edge/contract/caty-answers.ts'
import { WidgetConfig } from '../../edge/contract/config.ts'
import { MessageRequest, SessionRequest } from '../../edge/contract/edge.ts'
import { PageContext } from '../../edge/contract/page-context.ts'
import { ActionPayload, Product, Slot, SuggestedAction } from '../../edge/contract/reply.ts'
import * as Request from '../../edge/contract/visitor-calls.ts'
import { EVENTS } from '../../edge/contract/webhook.ts'

const text = v.string()
const texts = v.array(text)
const maybe = v.optional(text)
const said = (description: string) => v.pipe(v.string(), v.description(description))
const file = v.pipe(v.string(), v.metadata({ contentMediaType: 'application/octet-stream' }))
const success = v.literal(true)

const {
  KnowledgeFields,
  NoQuery: _none,
  LEAD_STATES: _states,
  ConversationsQuery,
  LeadsQuery,
  ...adminRequests
} = AdminRequest
const { SlotsQuery, ...requests } = Request
const QUERIES = { ConversationsQuery, LeadsQuery, SlotsQuery }
const { readAdminAnswer: _read, ...adminAnswers } = AdminAnswer
const { readAnswer: _readToo, SlotList: _list, ...answers } = Answer

/** Answers that the Worker builds. No code reads them, so they are described here. */
const BUILT = {
  Metadata: v.object({
    issuer: text,
    token_endpoint: text,
    response_types_supported: texts,
    grant_types_supported: texts,
    token_endpoint_auth_methods_supported: texts,
    scopes_supported: texts,
    dpop_signing_alg_values_supported: texts,
  }),
  Health: v.object({
    status: v.picklist(['ok', 'degraded', 'maintenance']),
    version: text,
    upstream: v.picklist(['ok', 'failing', 'key_refused']),
  }),
  TokenRequest: v.object({
    grant_type: v.literal('urn:ietf:params:oauth:grant-type:token-exchange'),
    subject_token: said('a widget id, or an earlier access token'),
    subject_token_type: v.picklist(['urn:caty:token-type:widget-id', 'urn:ietf:params:oauth:token-type:access_token']),
    scope: v.optional(said('of config, track, chat, lead; the last two need a DPoP proof')),
    audience: maybe,
    client_id: maybe,
    include: v.optional(v.literal('config')),
    turnstile_response: maybe,
  }),
  TokenAnswer: v.object({
    access_token: text,
    issued_token_type: v.literal('urn:ietf:params:oauth:token-type:access_token'),
    token_type: v.picklist(['Bearer', 'DPoP']),
    expires_in: v.pipe(v.number(), v.integer(), v.description('seconds')),
    scope: text,
    config: v.optional(WidgetConfig),
    config_error: maybe,
  }),
  TokenError: v.object({
    error: text,
    error_description: maybe,
    challenge: v.optional(v.object({ site_key: text })),
  }),
  ConfigAnswer: v.object({ success, config: WidgetConfig }),
  SessionAnswer: v.object({
    success,
    session_id: said('a sealed handle'),
    visitor_id: text,
    greeting: v.optional(v.object({ content: text, timestamp: maybe })),
  }),
  MessageAnswer: v.object({
    success,
    response: v.object({ content: text, suggested_actions: v.array(SuggestedAction) }),
    metadata: v.object({ intent: maybe, confidence: v.optional(v.number()), lead_score: v.optional(v.number()) }),
    products: v.optional(v.array(Product)),
    language: maybe,
    lead_captured: v.optional(v.boolean()),
    lead_data: v.optional(v.record(text, text)),
  }),
  UploadRequest: v.object({ session_id: text, message: maybe, file }),
  KnowledgeUpload: v.object({ ...KnowledgeFields.entries, file }),
  EventTaken: v.object({ success, id: text, duplicate: v.boolean() }),
  Success: v.object({ success }),
  Problem: v.object({
    type: v.pipe(text, v.metadata({ format: 'uri' })),
    title: text,
    status: v.pipe(v.number(), v.integer()),
    detail: text,
    instance: text,
    success: v.literal(false),
    error: text,
    code: text,
    field: maybe,
    'violated-policies': v.optional(texts),
  }),
}

const NAMED = {
  Config: WidgetConfig,
  PageContext,
  ActionPayload,
  Product,
  Slot,
  SuggestedAction,
  SessionRequest,
  MessageRequest,
  WebhookEvent: v.variant('event', EVENTS),
  ...requests,
  ...answers,
  ...adminRequests,
  ...adminAnswers,
  ...BUILT,
}

export type SchemaName = keyof typeof NAMED

/** Alternative names in Caty's answers that the edge replaces by one name; they are not part of an answer. */
const OTHER_NAMES: Readonly<Record<string, readonly string[]>> = {
  Widget: ['id'],
  Conversation: ['id'],
  Lead: ['id'],
  Document: ['knowledge_id', 'document_id', 'filename', 'title'],
}

export const reference = (name: SchemaName) => ({ $ref: `#/components/schemas/${name}` })

/** JSON Schema cannot express transformations, so the description has the input type. */
const AS: ConversionConfig = { target: 'draft-2020-12', errorMode: 'ignore', typeMode: 'input' }

/** `components.schemas`. */
export function schemas() {
  const defined = toJsonSchemaDefs(NAMED, {
    ...AS,
    overrideRef: ({ referenceId }) => `#/components/schemas/${referenceId}`,
  })
  for (const [name, { properties = {} }] of Object.entries(defined))
    for (const other of OTHER_NAMES[name] ?? []) delete properties[other]
  return defined
}

/** The parameters of a query, one by one. */
export const queryOf = (name: keyof typeof QUERIES) =>
  Object.entries<v.GenericSchema>(QUERIES[name].entries).map(([member, schema]) => {
    const { $schema: _dialect, ...described } = toJsonSchema(schema, AS)
    return { name: member, in: 'query', required: schema.type !== 'optional', schema: described }
  })

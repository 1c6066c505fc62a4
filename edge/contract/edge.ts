/**
 * What the browser sends to the edge and gets back, in one shape for both dialects of Caty. The widget imports types of
 * this folder and nothing else of the edge.
 */
import * as v from 'valibot'
import { filledText, optionalText, text } from './bounded.ts'
import type { WidgetConfig } from './config.ts'
import { PageContext } from './page-context.ts'
import type { Product, SuggestedAction } from './reply.ts'

export type { AutoButton, AutoForm, ProactiveRule, WidgetConfig } from './config.ts'
export type { ActionPayload, Product, Slot, SuggestedAction } from './reply.ts'

/** Characters of a visitor's message, in UTF-16 units, as `maxlength` counts. */
export const MESSAGE_MAX_CHARS = 4000

export const PageSchema = v.object({
  url: optionalText(2048),
  title: optionalText(500),
  referrer: optionalText(2048),
})

export const SessionRequest = v.object({
  page: v.optional(PageSchema),
  device: v.optional(
    v.object({
      screen_width: v.optional(v.pipe(v.number(), v.integer())),
      screen_height: v.optional(v.pipe(v.number(), v.integer())),
      timezone: optionalText(60),
    }),
  ),
  language: optionalText(35),
})
export type SessionRequest = v.InferOutput<typeof SessionRequest>

export const MessageRequest = v.object({
  session_id: text(1024),
  message: filledText(MESSAGE_MAX_CHARS),
  language: optionalText(35),
  context: v.optional(PageContext),
})
export type MessageRequest = v.InferOutput<typeof MessageRequest>

/** Scopes a token can carry. `chat` and `lead` are served to key-bound tokens only. */
export type Scope = 'config' | 'track' | 'chat' | 'lead'

/** `GET /api/widget/config`, and the `config` member of a token answer (that one without the envelope). */
export type ConfigAnswer = { success: true; config: WidgetConfig }

/** `POST /api/widget/session`. `session_id` is a sealed handle that only works for this visitor. */
export type SessionAnswer = {
  success: true
  session_id: string
  visitor_id: string
  greeting?: { content: string; timestamp?: string | undefined } | undefined
}

/** `POST /api/widget/message`. */
export type MessageAnswer = {
  success: true
  response: { content: string; suggested_actions: SuggestedAction[] }
  metadata: { intent?: string | undefined; confidence?: number | undefined; lead_score?: number | undefined }
  products?: Product[] | undefined
  language?: string | undefined
  lead_captured?: boolean | undefined
  lead_data?: Record<string, string> | undefined
}

/** `POST /token`, success (RFC 8693 section 2.2.1). `expires_in` is in seconds. */
export type TokenAnswer = {
  access_token: string
  issued_token_type: 'urn:ietf:params:oauth:token-type:access_token'
  token_type: 'Bearer' | 'DPoP'
  expires_in: number
  scope: string
  config?: WidgetConfig
  config_error?: string
}

/** `POST /token`, refusal (RFC 6749 section 5.2). */
export type TokenError = { error: string; error_description?: string }

/** Every refusal on `/api/*` (RFC 9457, with Caty's own members beside it). */
export type Problem = {
  type: string
  title: string
  status: number
  detail: string
  instance: string
  success: false
  error: string
  code: string
  /** Names the member of the body that did not fit. */
  field?: string
  /** With type quota-exceeded: the limits that were reached. */
  'violated-policies'?: readonly string[]
}

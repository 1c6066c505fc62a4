/**
 * What the browser sends to the edge and gets back: one shape, whatever dialect Caty speaks.
 * The widget imports the types of this file and nothing else of the edge.
 */
import * as v from 'valibot'

/** A message a visitor may type: 4,000 characters, counted as UTF-16 units, the way a `maxlength` counts. */
export const MESSAGE_MAX_CHARS = 4000

const text = (max: number) => v.pipe(v.string(), v.maxLength(max))
const optionalText = (max: number) => v.optional(text(max))

export const PageSchema = v.object({
  url: optionalText(2048),
  title: optionalText(500),
  referrer: optionalText(2048),
})

export const SessionRequest = v.object({
  page: v.optional(PageSchema),
  language: optionalText(35),
})
export type SessionRequest = v.InferOutput<typeof SessionRequest>

export const MessageRequest = v.object({
  session_id: text(1024),
  message: v.pipe(v.string(), v.minLength(1), v.maxLength(MESSAGE_MAX_CHARS)),
  language: optionalText(35),
  context: v.optional(
    v.object({
      page_url: optionalText(2048),
      page_title: optionalText(500),
      referrer: optionalText(2048),
    }),
  ),
})
export type MessageRequest = v.InferOutput<typeof MessageRequest>

/** Scopes a token can carry. `chat` and `lead` are served to key-bound tokens only. */
export type Scope = 'config' | 'track' | 'chat' | 'lead'

export type ActionPayload = {
  message?: string
  url?: string
  page?: string
  phone?: string
  form_type?: string
  fields?: string[]
  date?: string
  slots?: { label: string; start?: string }[]
  items?: Product[]
}

export type SuggestedAction = {
  label: string
  /** `link`, `message`, `handoff`, `dismiss` (documented) or one of the observed kinds; absent means "send the label". */
  action?: string
  url?: string
  value?: string
  payload?: ActionPayload
  urgent?: boolean
}

export type Product = {
  id?: string
  name: string
  description?: string
  price?: number | string
  original_price?: number | string
  currency?: string
  image_url?: string
  url?: string
  rating?: number
  in_stock?: boolean
  offer_type?: string
  category?: string
  badges?: string[]
}

export type WidgetConfig = {
  widget_id?: string
  widget_type?: string
  business?: { name?: string; type?: string; phone?: string; contact_url?: string }
  persona?: {
    name?: string
    role?: string
    tone?: string
    avatar_url?: string
    greeting?: string
    language?: string
    languages_supported?: string[]
  }
  appearance?: {
    theme?: string
    position?: string
    colors?: {
      primary?: string
      secondary?: string
      background?: string
      text?: string
      user_text?: string
      assistant_text?: string
      input_text?: string
    }
    launcher?: { icon_url?: string; size?: string; animation?: string }
    powered_by?: boolean
  }
  behavior?: {
    greeting?: { message?: string; show_on_load?: boolean; delay_ms?: number }
    proactive?: {
      enabled?: boolean
      mobile_enabled?: boolean
      cooldown_ms?: number
      retrigger_delay_ms?: number
      max_triggers_per_session?: number
      rules?: ProactiveRule[]
    }
  }
  capabilities?: {
    answer_questions?: boolean
    handoff_human?: boolean
    capture_leads?: boolean
    lead_capture_fields?: string[]
    file_upload?: boolean
  }
  auto_config?: { forms?: AutoForm[]; buttons?: AutoButton[] }
}

/** A scalar or a list, as rules compare them. */
export type RuleOperand = string | number | boolean | string[]
export type ProactiveRule = {
  id?: string
  name?: string
  enabled?: boolean
  priority?: number
  conditions?: Record<string, RuleOperand | Record<string, RuleOperand>>
  cooldown_seconds?: number
  once_per_session?: boolean
  auto_open?: boolean
  message_type?: string
}
export type AutoForm = {
  form_type: string
  active?: boolean
  priority?: number
  display_rules?: { show_on_intent?: string[]; show_after_messages?: number }
}
export type AutoButton = {
  active?: boolean
  display_context?: string[]
  label: string | Record<string, string>
  action?: string
  action_payload?: ActionPayload
}

/** `GET /api/widget/config`, and the `config` member of a token answer (that one without the envelope). */
export type ConfigAnswer = { success: true; config: WidgetConfig }

/** `POST /api/widget/session`. `session_id` is a sealed handle: opaque, useless to any other visitor. */
export type SessionAnswer = {
  success: true
  session_id: string
  visitor_id: string
  greeting?: { content: string; timestamp?: string }
}

/** `POST /api/widget/message`. */
export type MessageAnswer = {
  success: true
  response: { content: string; suggested_actions: SuggestedAction[] }
  metadata: { intent?: string; confidence?: number; lead_score?: number }
  products?: Product[]
  language?: string
  lead_captured?: boolean
  lead_data?: Record<string, string>
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
}

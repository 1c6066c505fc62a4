/** The widget's configuration as the browser gets it: the documented tree, with every member optional. */
import * as v from 'valibot'
import { text } from './bounded.ts'
import { ActionPayload } from './reply.ts'
import { maybe, maybeFlag, maybeList, maybeNumber, maybeText } from './tolerant.ts'

const operand = v.union([v.string(), v.number(), v.boolean(), v.array(v.string())])

export const ProactiveRule = v.object({
  id: maybeText(100),
  name: maybeText(200),
  enabled: maybeFlag,
  priority: maybeNumber,
  conditions: maybe(v.record(v.string(), v.union([operand, v.record(v.string(), operand)]))),
  cooldown_seconds: maybeNumber,
  once_per_session: maybeFlag,
  auto_open: maybeFlag,
  message_type: maybeText(100),
})
export type ProactiveRule = v.InferOutput<typeof ProactiveRule>

export const AutoForm = v.object({
  form_type: text(60),
  active: maybeFlag,
  priority: maybeNumber,
  display_rules: maybe(v.object({ show_on_intent: maybeList(v.string()), show_after_messages: maybeNumber })),
})
export type AutoForm = v.InferOutput<typeof AutoForm>

export const AutoButton = v.object({
  active: maybeFlag,
  display_context: maybeList(v.string()),
  label: v.union([v.string(), v.record(v.string(), v.string())]),
  action: maybeText(60),
  action_payload: maybe(ActionPayload),
})
export type AutoButton = v.InferOutput<typeof AutoButton>

/** `HH:MM` in the time zone of the business. A day that is missing is closed. */
const OpeningHours = v.object({
  start: v.pipe(v.string(), v.regex(/^\d{2}:\d{2}$/)),
  end: v.pipe(v.string(), v.regex(/^\d{2}:\d{2}$/)),
})

/** When people can take over. Days are `monday` to `sunday`. */
const Handoff = v.object({
  availability: maybe(v.object({ timezone: maybeText(60), hours: maybe(v.record(v.string(), maybe(OpeningHours))) })),
  offline_message: maybeText(1000),
})

/** JSON-LD of the business, as text or as an object. The widget does not write it into the page. */
const JsonLd = v.union([
  text(8000),
  v.pipe(
    v.record(v.string(), v.unknown()),
    v.check((schema) => JSON.stringify(schema).length <= 8000),
  ),
])

export const WidgetConfig = v.object({
  widget_id: maybeText(200),
  widget_type: maybeText(40),
  business: maybe(
    v.object({
      name: maybeText(200),
      type: maybeText(200),
      phone: maybeText(60),
      contact_url: maybeText(),
      industry_schema_json: maybe(JsonLd),
    }),
  ),
  persona: maybe(
    v.object({
      name: maybeText(100),
      role: maybeText(200),
      tone: maybeText(200),
      avatar_url: maybeText(),
      language: maybeText(35),
      languages_supported: maybeList(v.string()),
    }),
  ),
  appearance: maybe(
    v.object({
      theme: maybeText(20),
      position: maybeText(20),
      colors: maybe(
        v.object({
          primary: maybeText(60),
          secondary: maybeText(60),
          background: maybeText(60),
          text: maybeText(60),
          user_text: maybeText(60),
          assistant_text: maybeText(60),
          input_text: maybeText(60),
        }),
      ),
      launcher: maybe(v.object({ icon_url: maybeText(), size: maybeText(20), animation: maybeText(20) })),
      powered_by: maybeFlag,
    }),
  ),
  behavior: maybe(
    v.object({
      greeting: maybe(v.object({ message: maybeText(2000), show_on_load: maybeFlag, delay_ms: maybeNumber })),
      proactive: maybe(
        v.object({
          enabled: maybeFlag,
          mobile_enabled: maybeFlag,
          cooldown_ms: maybeNumber,
          retrigger_delay_ms: maybeNumber,
          max_triggers_per_session: maybeNumber,
          rules: maybeList(ProactiveRule),
        }),
      ),
    }),
  ),
  capabilities: maybe(
    v.object({
      answer_questions: maybeFlag,
      handoff_human: maybeFlag,
      capture_leads: maybeFlag,
      lead_capture_fields: maybeList(v.string(), 20),
      file_upload: maybeFlag,
    }),
  ),
  handoff: maybe(Handoff),
  auto_config: maybe(v.object({ forms: maybeList(AutoForm), buttons: maybeList(AutoButton) })),
})
export type WidgetConfig = v.InferOutput<typeof WidgetConfig>

/**
 * Every variable and secret of the Worker: how each is read, and what it means. `docs/settings.md` is written from this
 * (`scripts/settings-docs.ts`), so the two cannot disagree.
 */
import * as v from 'valibot'
import { parseOriginRules } from '../http/origin.ts'
import { parseTokenSecrets, TOKEN_SECRETS_FORM } from '../token/secrets.ts'
import { catyKeyTable } from './caty-keys.ts'
import {
  baseUrl,
  catyKey,
  choice,
  flag,
  listOf,
  opaqueSecret,
  required,
  secret,
  standardWebhookKeys,
  textKey,
  textKeys,
  variable,
  variableOr,
  webAddress,
  wholeNumber,
  widgetId,
} from './values.ts'

const origins = listOf((list) => {
  const { rules: values, problems } = parseOriginRules(list)
  return { values, problems }
})
const tokenSecrets = listOf((list) => {
  const { secrets: values, problems } = parseTokenSecrets(list)
  return { values, problems }
})
/** RFC 7518 section 3.2: a key for HS256 has at least the 256 bits of its hash. */
const supabaseSecret = textKey(32, 'must be the JWT secret of the project, at least 32 characters')
/** Cloudflare's site keys have 24 characters, its secrets 35. */
const siteKey = v.pipe(
  v.string(),
  v.regex(/^[\w.-]{1,30}$/, 'is public and must be the site key, the shorter of the two keys that Cloudflare shows'),
)
const role = v.pipe(
  v.string(),
  v.regex(/^[\w:.-]{1,60}$/, 'must be one role as it stands in app_metadata: letters, digits, _, -, : and .'),
)

export const Environment = v.object({
  CATY_API_KEY: secret(
    'the key of the widget `default`: `caty_` and at least 16 letters, digits or underscores',
    catyKey,
  ),
  CATY_API_KEY_NEXT: secret('tried when Caty answers 401 for the first, so both work while you rotate', catyKey),
  CATY_API_KEYS: secret(
    'more widgets: `{"wgt_a": "caty_…", "wgt_b": {"config": "caty_…", "chat": "caty_…"}}`',
    catyKeyTable,
  ),
  WIDGET_ID: variable("another name for `default`, as the vendor's tags carry it", widgetId),
  TOKEN_SECRETS: required(
    'secret',
    `${TOKEN_SECRETS_FORM} (npm run tenant -- new makes one)`,
    '`kid:base64url(32 random bytes)`, comma separated; the first signs, all verify',
    tokenSecrets,
  ),
  ALLOWED_ORIGINS: required(
    'variable',
    'list the origins of the pages that carry the widget, comma separated',
    'origins of your pages, comma separated; `https://*.example.com` for one label below',
    origins,
  ),
  CATY_API_URL: variableOr('https://api.catyai.io', "the origin of Caty's API", baseUrl),
  CATY_DIALECT: variableOr('auto', '`auto`, `documented` or `observed`', choice('auto', 'documented', 'observed')),
  PUBLIC_URL: variable("the edge's own origin as pages see it; without it, the one of the request", baseUrl),
  DPOP: variableOr(
    'required',
    '`required`, `optional` for plain-HTTP pages, `off` for debugging',
    choice('required', 'optional', 'off'),
  ),
  TOKEN_TTL: variableOr('300', 'seconds a token lives, 30 to 3600', wholeNumber(30, 3600)),
  TOKEN_EPOCH: variableOr(
    '0',
    'a whole number; raise it and every token issued before is void at once',
    wholeNumber(0, 4_294_967_295),
  ),
  MAINTENANCE: variableOr('off', '`on` closes the chat with 503 and `Retry-After`', flag),
  MESSAGES_PER_MINUTE: variableOr('18', 'of all visitors together; Caty itself takes 20', wholeNumber(1, 10_000)),
  MESSAGES_PER_VISITOR_PER_MINUTE: variableOr('6', 'of one visitor, three of them at once', wholeNumber(1, 600)),
  MESSAGES_PER_DAY: variableOr(
    '2000',
    'of all visitors together; the day ends at midnight UTC',
    wholeNumber(1, 10_000_000),
  ),
  CALLS_PER_MINUTE: variableOr(
    '95',
    'calls of any kind to Caty with one key; Caty itself takes 100',
    wholeNumber(10, 1_000_000),
  ),
  TURNSTILE_SITE_KEY: variable(
    "with `TURNSTILE_SECRET`: a challenge before a visitor's first message, once in 12 hours",
    siteKey,
  ),
  TURNSTILE_SECRET: secret('its other half; one without the other is refused', opaqueSecret),
  TURNSTILE_VERIFY_URL: variableOr(
    'https://challenges.cloudflare.com/turnstile/v0/siteverify',
    'where responses of the challenge are checked',
    webAddress,
  ),
  UPLOADS: variableOr('off', '`on` lets visitors send files: pdf, doc, docx, txt, jpg, png up to 10 MB', flag),
  SUPABASE_URL: variable('`https://<project>.supabase.co`: switches the [Admin API](admin.md) on', baseUrl),
  ADMIN_ORIGINS: variable('origins of your dashboards, written like `ALLOWED_ORIGINS`', origins),
  SUPABASE_JWT_SECRET: secret('only for projects that still sign with a shared secret (HS256)', supabaseSecret),
  SUPABASE_JWT_SECRET_NEXT: secret('taken as well, so both work while you change it', supabaseSecret),
  ADMIN_ROLE: variable('a role that `app_metadata` must hold; without it every user of the project may in', role),
  CATY_WEBHOOK_SECRETS: secret("the webhook's secret at Caty; several, comma separated, while it changes", textKeys),
  WEBHOOK_TARGET_URL: variable('where verified events go; see [webhooks](webhooks.md)', webAddress),
  WEBHOOK_TARGET_SECRET: secret(
    'signs them: `whsec_` and base64; several, comma separated, while it changes',
    standardWebhookKeys,
  ),
  WEBHOOK_DELIVERY: variableOr(
    'ledger',
    '`ledger` or `queue`, which needs the queues of `wrangler.toml`',
    choice('ledger', 'queue'),
  ),
  DEBUG: variableOr('off', '`on` puts `Server-Timing` on answers', flag),
})
export type Environment = v.InferOutput<typeof Environment>

/**
 * How the value of one setting is read. Every message ends a sentence that begins with the setting's name, says what to
 * change, and repeats nothing of the value.
 */
import * as v from 'valibot'
import { utf8 } from '../base/bytes.ts'
import { entriesOf } from '../base/entries.ts'
import { CATY_KEY } from '../base/key-pattern.ts'
import { Secret } from '../base/secret.ts'
import { SecretKey } from '../base/secret-key.ts'

/** Text without white space around it. Absent, `null` and empty are the same: dashboards leave empty texts behind. */
const text = v.pipe(
  v.union([v.string(), v.null(), v.undefined()], 'is not text: write its value in quotes'),
  v.transform((value) => value?.trim() || undefined),
)

type FromText<Value> = v.GenericSchema<string, Value>

/** A variable that may be absent. */
export const variable = <Value>(meaning: string, schema: FromText<Value>) =>
  v.pipe(text, v.optional(schema), v.metadata({ kind: 'variable', meaning }))

/** A variable with a default, which is written like a value of the owner. */
export const variableOr = <Value>(fallback: string, meaning: string, schema: FromText<Value>) =>
  v.pipe(
    text,
    v.transform((value) => value ?? fallback),
    schema,
    v.metadata({ kind: 'variable', meaning, default: fallback }),
  )

/** A secret that may be absent. */
export const secret = <Value>(meaning: string, schema: FromText<Value>) =>
  v.pipe(text, v.optional(schema), v.metadata({ kind: 'secret', meaning }))

/** A setting without which nothing works. `missing` says what to do about it. */
export const required = <Value>(
  kind: 'secret' | 'variable',
  missing: string,
  meaning: string,
  schema: FromText<Value>,
) => v.pipe(text, v.string(`is missing: ${missing}`), schema, v.metadata({ kind, meaning }))

/** One of these words. */
export const choice = <const T extends readonly string[]>(...words: T) =>
  v.picklist(words, `must be one of ${words.join(', ')}`)

/** A whole number within these bounds. */
export function wholeNumber(min: number, max: number) {
  const why = `must be a whole number from ${min} to ${max}`
  return v.pipe(v.string(), v.regex(/^\d{1,10}$/, why), v.transform(Number), v.minValue(min, why), v.maxValue(max, why))
}

/** On or off. */
export const flag = v.pipe(
  choice('1', 'true', 'on', '0', 'false', 'off'),
  v.transform((word) => word === '1' || word === 'true' || word === 'on'),
)

const HTTPS = 'must start with https:// (http:// is for this machine only)'
const urlOf = (value: string): URL | undefined => (URL.canParse(value) ? new URL(value) : undefined)
const isSecure = (value: string): boolean => {
  const { protocol, hostname } = urlOf(value) ?? {}
  return protocol === 'https:' || (protocol === 'http:' && /^(localhost|127\.0\.0\.1|\[::1\])$/.test(hostname ?? ''))
}

/** An absolute URL without path, query, fragment or credentials. Comes out as an origin. */
export const baseUrl = v.pipe(
  v.string(),
  v.check((value) => {
    const url = urlOf(value)
    return url !== undefined && !url.username && !url.password && !url.search && !url.hash && /^\/*$/.test(url.pathname)
  }, 'must be an origin such as https://api.example.com, without path, query or user name'),
  v.check(isSecure, HTTPS),
  v.transform((value) => new URL(value).origin),
)

/** An absolute URL with any path and query. */
export const webAddress = v.pipe(
  v.string(),
  v.check((value) => {
    const url = urlOf(value)
    return isSecure(value) && !url?.username && !url?.password && !url?.hash
  }, 'must be a URL that starts with https:// (http:// is for this machine only), without user name and fragment'),
)

/** The name of a widget. It is public, so it must not be a key that was pasted into the wrong place. */
export const WIDGET_ID = /^[A-Za-z0-9_-]{1,100}$/
export const looksLikeKey = (name: string): boolean => CATY_KEY.test(name) || /^whsec_/.test(name)
export const widgetId = v.pipe(
  v.string(),
  v.regex(WIDGET_ID, 'must be letters, digits, - or _, at most 100 of them'),
  v.check((name) => !looksLikeKey(name), 'is public and looks like a key: set it to the id of the widget'),
)

const KEY_FORMAT = /^caty_[A-Za-z0-9_]{16,128}$/
export const KEY_ADVICE =
  'must be a key as Caty shows it: caty_ and at least 16 letters, digits or underscores, without spaces'
export const isCatyKey = (value: string): boolean => KEY_FORMAT.test(value)

/** A key of Caty. */
export const catyKey = v.pipe(
  v.string(),
  v.regex(KEY_FORMAT, KEY_ADVICE),
  v.transform((key) => new Secret(key)),
)

/** The secret of a Turnstile widget; Cloudflare's have no white space. */
export const opaqueSecret = v.pipe(
  v.string(),
  v.regex(/^\S+$/, 'holds a space or a line break: paste it again'),
  v.transform((value) => new Secret(value)),
)

/** The text is the key, as with the JWT secret of a Supabase project. */
export const textKey = (minimum: number, advice: string) =>
  v.pipe(
    v.string(),
    v.minLength(minimum, advice),
    v.regex(/^[^\r\n]*$/, 'holds a line break: paste it again'),
    v.transform((value) => new SecretKey(utf8(value))),
  )

/** What a parser of a list makes of it: its values, or the ends of sentences about single entries. */
export type ParsedList<T> = { values: T; problems: readonly string[] }

/** A list that `parse` reads. All of its problems are reported, each on its own. */
export const listOf = <T>(parse: (list: string) => ParsedList<T>) =>
  v.pipe(
    v.string(),
    v.rawTransform(({ dataset, addIssue, NEVER }): T => {
      const { values, problems } = parse(dataset.value)
      for (const message of problems) addIssue({ message })
      return problems.length === 0 ? values : NEVER
    }),
  )

/** Secrets whose text is the key, comma separated. What is in them is not known, so a semicolon may be. */
export const textKeys = listOf((list): ParsedList<SecretKey[]> => {
  const { entries, problems } = entriesOf(list, { semicolons: true })
  return { values: entries.map(({ text }) => new SecretKey(utf8(text))), problems }
})

/** Secrets of Standard Webhooks ("Symmetric signatures"): `whsec_` and base64, or the bare base64, comma separated. */
export const standardWebhookKeys = listOf((list): ParsedList<SecretKey[]> => {
  const { entries, problems } = entriesOf(list)
  const values = entries.flatMap(({ text, place }) => {
    const bytes = standardBytes(text)
    if (bytes) return [new SecretKey(bytes)]
    problems.push(`${place} must be whsec_ and the base64 of 16 to 64 random bytes (24 or more are usual)`)
    return []
  })
  return { values, problems }
})

/** Padding may be missing or too long, as it gets when a secret is pasted; both ends of a delivery decode the same bytes. */
function standardBytes(text: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    const binary = atob(text.replace(/^whsec_/, '').replace(/=+$/, ''))
    const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0))
    return bytes.length >= 16 && bytes.length <= 64 ? bytes : undefined
  } catch {
    return undefined
  }
}

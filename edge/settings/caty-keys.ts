/** The setting `CATY_API_KEYS`: more widgets than one, and separate keys by purpose. */
import * as v from 'valibot'
import { parsedJson } from '../base/json.ts'
import { Secret } from '../base/secret.ts'
import { isCatyKey, KEY_ADVICE, listOf, looksLikeKey, type ParsedList, WIDGET_ID } from './values.ts'

/** What a call to Caty is for. An owner may give each purpose a key of its own. */
export type Purpose = 'config' | 'chat' | 'lead' | 'track'
/** The keys of one widget by purpose, in the order in which they are tried. */
export type WidgetKeys = Record<Purpose, readonly Secret[]>

const PURPOSES = ['config', 'chat', 'lead', 'track'] as const

const key = v.optional(v.string())
const KeyTable = v.pipe(
  v.record(v.string(), v.union([v.string(), v.strictObject({ config: key, chat: key, lead: key, track: key })])),
  v.check((table) => Object.keys(table).length > 0),
)
const TABLE_FORM = 'must be JSON: {"widget id": "caty_…"} or {"widget id": {"config": "caty_…", "chat": "caty_…"}}'

/** The keys by widget id. */
export const catyKeyTable = listOf((json): ParsedList<Map<string, WidgetKeys>> => {
  const values = new Map<string, WidgetKeys>()
  const table = v.safeParse(KeyTable, parsedJson(json))
  if (!table.success) return { values, problems: [TABLE_FORM] }
  const problems: string[] = []
  for (const [index, [widget, entry]] of Object.entries(table.output).entries()) {
    const place = `entry ${index + 1}`
    if (looksLikeKey(widget))
      problems.push(`${place} has a key in place of the widget id: write {"widget id": "caty_…"}`)
    else if (!WIDGET_ID.test(widget)) problems.push(`${place} has a widget id that is not letters, digits, - or _`)
    else if (typeof entry === 'string') {
      if (isCatyKey(entry)) values.set(widget, sameKeys([new Secret(entry)]))
      else problems.push(`${place} ${KEY_ADVICE}`)
    } else {
      const named = PURPOSES.filter((purpose) => entry[purpose] !== undefined)
      if (named.length === 0) problems.push(`${place} names no key`)
      const wrong = named.filter((purpose) => !isCatyKey(entry[purpose] ?? ''))
      for (const purpose of wrong) problems.push(`${place} (${purpose}) ${KEY_ADVICE}`)
      const keys = (purpose: Purpose) => [new Secret(keyFor(purpose, entry))]
      values.set(widget, { config: keys('config'), chat: keys('chat'), lead: keys('lead'), track: keys('track') })
    }
  }
  return { values, problems }
})

/** A purpose without a key of its own uses the key for chat, else the first that is there. */
const keyFor = (purpose: Purpose, keys: { [P in Purpose]?: string | undefined }): string =>
  keys[purpose] ?? keys.chat ?? Object.values(keys)[0] ?? ''

/** The same keys for every purpose. */
export const sameKeys = (keys: readonly Secret[]): WidgetKeys => ({ config: keys, chat: keys, lead: keys, track: keys })

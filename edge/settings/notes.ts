/** What the docs and the tools say of each setting. The Worker does not import this. */
import * as v from 'valibot'
import { Environment } from './environment.ts'

const Note = v.object({
  kind: v.picklist(['secret', 'variable']),
  meaning: v.string(),
  default: v.optional(v.string()),
})
export type SettingNote = v.InferOutput<typeof Note> & { name: string }

/** Every setting in the order of the docs. `meaning` is Markdown, `default` is written like a value of the owner. */
export const SETTING_NOTES: readonly SettingNote[] = Object.entries(Environment.entries).map(([name, schema]) => ({
  name,
  ...v.parse(Note, v.getMetadata(schema)),
}))

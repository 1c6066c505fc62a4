/** Which of the Worker's settings are secrets and which are variables, as the Worker's own schema says. */
import * as v from 'valibot'
import { Environment } from '../../edge/settings/environment.ts'
import { didYouMean } from '../base/nearest.ts'

const Note = v.object({ kind: v.picklist(['secret', 'variable']) })

const named = (kind: 'secret' | 'variable'): string[] =>
  Object.entries(Environment.entries)
    .filter(([, schema]) => v.parse(Note, v.getMetadata(schema)).kind === kind)
    .map(([name]) => name)

export const SECRETS: readonly string[] = named('secret')
/** `INSTALLER` is read by a deploy, not by the Worker. */
export const VARIABLES: readonly string[] = [...named('variable'), 'INSTALLER']

/** The end of a sentence about a setting that nobody knows. */
export const settingMeant = (written: string): string =>
  didYouMean(written, [...VARIABLES, ...SECRETS], 'docs/settings.md lists all of them')

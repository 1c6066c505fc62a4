/** Which of the Worker's settings are secrets, and which name somebody meant. */
import { SETTING_NOTES } from '../../edge/settings/notes.ts'
import { didYouMean } from '../base/nearest.ts'

export const SECRETS: readonly string[] = SETTING_NOTES.filter(({ kind }) => kind === 'secret').map(({ name }) => name)
const NAMES = SETTING_NOTES.map(({ name }) => name)
/** `INSTALLER` is read by the build that a deploy makes, not by the Worker. */
export const VARIABLES: readonly string[] = [...NAMES.filter((name) => !SECRETS.includes(name)), 'INSTALLER']

/** The end of a sentence about a setting that nobody knows. */
export const settingMeant = (written: string): string =>
  didYouMean(written, [...VARIABLES, ...SECRETS], 'docs/settings.md lists all of them')

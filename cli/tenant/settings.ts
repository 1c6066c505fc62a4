/** Which of the Worker's settings are secrets. `test/cli/config.test.ts` compares this with docs/settings.md. */
import { didYouMean } from '../base/nearest.ts'
import { NAMES } from '../start/settings.ts'

export const SECRETS: readonly string[] = [
  'CATY_API_KEY',
  'CATY_API_KEY_NEXT',
  'CATY_API_KEYS',
  'TOKEN_SECRETS',
  'TURNSTILE_SECRET',
  'SUPABASE_JWT_SECRET',
  'SUPABASE_JWT_SECRET_NEXT',
  'CATY_WEBHOOK_SECRETS',
  'WEBHOOK_TARGET_SECRET',
]
/** `INSTALLER` is read by a deploy, not by the Worker. */
export const VARIABLES: readonly string[] = [...NAMES.filter((name) => !SECRETS.includes(name)), 'INSTALLER']

/** The end of a sentence about a setting that nobody knows. */
export const settingMeant = (written: string): string =>
  didYouMean(written, [...VARIABLES, ...SECRETS], 'docs/settings.md lists all of them')

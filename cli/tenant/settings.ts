/** Which of the Worker's settings are secrets. `test/tools/tenant-config.test.ts` compares this with docs/settings.md. */
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
/** `INSTALLER` is read by the build that a deploy makes, not by the Worker. */
export const VARIABLES: readonly string[] = [...NAMES.filter((name) => !SECRETS.includes(name)), 'INSTALLER']

/** The setting somebody meant who wrote another word: at most two letters away. */
export function nearestSetting(written: string): string | undefined {
  const ranked = NAMES.map((name) => ({ name, distance: distance(written.toUpperCase(), name) })).sort(
    (one, other) => one.distance - other.distance,
  )
  const [best] = ranked
  return best && best.distance <= 2 ? best.name : undefined
}

/** Levenshtein's, over short names. */
function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, column) => column)
  for (let at = 1; at <= one.length; at++) {
    const next = [at]
    for (let column = 1; column <= other.length; column++) {
      const change = one[at - 1] === other[column - 1] ? 0 : 1
      next.push(Math.min((next[column - 1] ?? 0) + 1, (row[column] ?? 0) + 1, (row[column - 1] ?? 0) + change))
    }
    row = next
  }
  return row[other.length] ?? one.length
}

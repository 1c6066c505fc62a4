/** What the Worker of `npm start` is given: the settings found in the environment, and defaults for a demo. */
import { randomBytes } from 'node:crypto'
import { settingSentence } from '../../edge/base/reason.ts'
import { parseSettings } from '../../edge/settings/index.ts'
import { Mistake } from '../base/mistake.ts'
import { publicSuffixMistake } from './public-suffix.ts'

/** Every variable and secret of the Worker that an environment may set; the design lists them. */
export const NAMES = [
  'CATY_API_KEY',
  'WIDGET_ID',
  'CATY_API_KEY_NEXT',
  'CATY_API_KEYS',
  'TOKEN_SECRETS',
  'ALLOWED_ORIGINS',
  'CATY_API_URL',
  'CATY_DIALECT',
  'PUBLIC_URL',
  'DPOP',
  'TOKEN_TTL',
  'TOKEN_EPOCH',
  'MAINTENANCE',
  'MESSAGES_PER_MINUTE',
  'MESSAGES_PER_VISITOR_PER_MINUTE',
  'MESSAGES_PER_DAY',
  'TURNSTILE_SITE_KEY',
  'TURNSTILE_SECRET',
  'TURNSTILE_VERIFY_URL',
  'DEBUG',
  'UPLOADS',
  'SUPABASE_URL',
  'SUPABASE_JWT_SECRET',
  'SUPABASE_JWT_SECRET_NEXT',
  'ADMIN_ORIGINS',
  'ADMIN_ROLE',
  'CATY_WEBHOOK_SECRETS',
  'WEBHOOK_TARGET_URL',
  'WEBHOOK_TARGET_SECRET',
  'WEBHOOK_DELIVERY',
] as const

/** By name, as the Worker sees them: exactly as they were given. */
export type EdgeSettings = Record<string, string>

/** The Worker's settings in an environment; an empty variable is none. */
export function settingsIn(env: NodeJS.ProcessEnv): EdgeSettings {
  const found: EdgeSettings = {}
  for (const name of NAMES) {
    const value = env[name]
    if (value !== undefined && value !== '') found[name] = value
  }
  return found
}

/** The environment for the programs beside the edge: none of them is told a setting of the Worker. */
export function withoutSettings(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const names = new Set<string>(NAMES)
  return Object.fromEntries(Object.entries(env).filter(([name]) => !names.has(name)))
}

/**
 * Found settings with what a demo needs over and under them. `origins` and `adminOrigins` are allowed beside those that
 * were found; `own` replaces. Throws `Mistake` with the sentence the Worker would answer with.
 */
export function edgeSettings(
  found: EdgeSettings,
  {
    origins,
    adminOrigins = [],
    own = {},
  }: { origins: readonly string[]; adminOrigins?: readonly string[]; own?: EdgeSettings },
): EdgeSettings {
  const beside = (ours: readonly string[], name: string) => [...ours, ...(found[name] ? [found[name]] : [])].join(',')
  const settings: EdgeSettings = {
    TOKEN_SECRETS: `start:${randomBytes(32).toString('base64url')}`,
    ...found,
    ALLOWED_ORIGINS: beside(origins, 'ALLOWED_ORIGINS'),
    ...(adminOrigins.length > 0 && { ADMIN_ORIGINS: beside(adminOrigins, 'ADMIN_ORIGINS') }),
    ...own,
  }
  const parsed = parseSettings(settings)
  if (!parsed.ok) throw new Mistake('mistake', ...parsed.problems.map(settingSentence))
  const mistake = publicSuffixMistake(settings.ALLOWED_ORIGINS ?? '')
  if (mistake !== undefined) throw new Mistake('mistake', mistake)
  return settings
}

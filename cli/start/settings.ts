/** What the Worker of `npm start` is given: the settings found in the environment, and defaults for a demo. */
import { randomBytes } from 'node:crypto'
import { settingSentence } from '../../edge/base/reason.ts'
import { parseSettings, SETTING_NAMES } from '../../edge/settings/index.ts'
import { Mistake } from '../base/mistake.ts'
import { publicSuffixMistake } from './public-suffix.ts'

/** By name, as the Worker sees them: exactly as they were given. */
export type EdgeSettings = Record<string, string>

/** The Worker's settings in an environment; an empty variable is none. */
export function settingsIn(env: NodeJS.ProcessEnv): EdgeSettings {
  const found: EdgeSettings = {}
  for (const name of SETTING_NAMES) {
    const value = env[name]
    if (value !== undefined && value !== '') found[name] = value
  }
  return found
}

/** The environment for the programs beside the edge: none of them is told a setting of the Worker. */
export function withoutSettings(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const names = new Set(SETTING_NAMES)
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
  // The owner's come first: a mistake in one is named by its place.
  const beside = (ours: readonly string[], name: string) => [...(found[name] ? [found[name]] : []), ...ours].join(',')
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

/** What the Worker of `npm start` is given: the settings found in the environment, and defaults for a demo. */
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { settingSentence } from '../../edge/base/reason.ts'
import { parseSettings } from '../../edge/settings/index.ts'
import { adminSettings, type DashboardPlan } from './dashboard.ts'
import { UserMistake } from './ports.ts'
import { publicSuffixMistake } from './public-suffix.ts'
import { type WebhookPlan, webhookSettings } from './webhooks.ts'

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

export type EdgeSettings = Record<string, string>
export type Sandbox = { url: string; key: string }

/** Throws `UserMistake` with the sentence the Worker would answer with. */
export function edgeSettings(
  env: NodeJS.ProcessEnv,
  shopPort: number,
  sandbox: Sandbox | undefined,
  dashboard?: DashboardPlan,
  webhooks?: WebhookPlan,
): EdgeSettings {
  const found: EdgeSettings = {}
  for (const name of NAMES) {
    const value = env[name]
    if (value !== undefined && value !== '') found[name] = value
  }
  const shopOrigins = [`http://localhost:${shopPort}`, `http://127.0.0.1:${shopPort}`]
  const settings: EdgeSettings = {
    TOKEN_SECRETS: `start:${randomBytes(32).toString('base64url')}`,
    ...found,
    ALLOWED_ORIGINS: [...shopOrigins, ...(found.ALLOWED_ORIGINS === undefined ? [] : [found.ALLOWED_ORIGINS])].join(
      ',',
    ),
    ...adminSettings(dashboard, found.ADMIN_ORIGINS),
    ...webhookSettings(webhooks),
    ...(sandbox && { CATY_API_KEY: sandbox.key, CATY_API_URL: sandbox.url }),
  }
  const parsed = parseSettings(settings)
  if (!parsed.ok) throw new UserMistake(parsed.problems.map(settingSentence).join(' '))
  const mistake = publicSuffixMistake(settings.ALLOWED_ORIGINS ?? '')
  if (mistake !== undefined) throw new UserMistake(mistake)
  return settings
}

/** Does the environment name a key, so that the real Caty is meant? */
export const namesKey = (env: NodeJS.ProcessEnv): boolean => Boolean(env.CATY_API_KEY || env.CATY_API_KEYS)

export type SecretFile = { path: string; remove: () => Promise<void> }

/** The settings as a file that only we can read: on a command line every user of the machine would see the key. */
export async function secretFile(settings: EdgeSettings): Promise<SecretFile> {
  const folder = await mkdtemp(join(tmpdir(), 'caty-keyless-'))
  const path = join(folder, 'settings.env')
  const lines = Object.entries(settings).map(([name, value]) => `${name}='${value}'\n`)
  await writeFile(path, lines.join(''), { mode: 0o600 })
  return { path, remove: () => rm(folder, { recursive: true, force: true }) }
}

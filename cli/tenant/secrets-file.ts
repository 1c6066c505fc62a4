/**
 * `tenants/<name>/secrets.env`: the one place where a tenant's secrets lie on this machine. `NAME=value` a line, so an
 * owner can paste a key without knowing JSON. Wrangler never reads it: its own reader of such files expands `$` and lets
 * the process environment win over the file, so it gets a private copy as JSON (see `wrangler.ts`).
 */
import { randomBytes } from 'node:crypto'
import { chmod, rename, writeFile } from 'node:fs/promises'
import { parseEnv } from 'node:util'
import { readText } from '../base/files.ts'
import type { Choices } from './choices.ts'

/** Beside `wrangler.jsonc`; git ignores whatever begins with `secrets` there. */
export const SECRETS_FILE = 'secrets.env'

export type SecretValues = Record<string, string>
/** `null` takes a secret away. */
export type SecretChange = Record<string, string | null>
export type ReadSecrets = { text: string; values: SecretValues; problems: string[] }

const LINE = /^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=/

/** Parses the file's text. Never throws; a problem names the line's number and never its text. */
export function parseSecrets(text: string): ReadSecrets {
  const problems: string[] = []
  const seen = new Set<string>()
  for (const [index, line] of text.split('\n').entries()) {
    if (/^\s*(#|$)/.test(line)) continue
    const name = LINE.exec(line)?.[1]
    if (name === undefined) problems.push(`line ${index + 1} is not NAME=value: write one secret a line`)
    else if (seen.has(name)) problems.push(`sets ${name} twice: keep one of the lines`)
    else seen.add(name)
  }
  const values: SecretValues = {}
  for (const [name, value] of Object.entries(parseEnv(text))) if (value !== undefined) values[name] = value
  return { text, values, problems }
}

/** `undefined` when there is no such file. */
export async function readSecrets(path: string): Promise<ReadSecrets | undefined> {
  const text = await readText(path)
  return text === undefined ? undefined : parseSecrets(text)
}

/** The text with some secrets changed; every other line, comments included, stays as it was. */
export function withSecrets(text: string, change: SecretChange): string {
  let changed = text
  for (const [name, value] of Object.entries(change)) {
    const line = new RegExp(`^[ \\t]*(?:export[ \\t]+)?${name}[ \\t]*=.*$`, 'm')
    // A function: in a replacement text `$` has a meaning of its own.
    const written = value === null ? `# ${name}=` : `${name}=${quoted(value)}`
    if (line.test(changed)) changed = changed.replace(line, () => written)
    else if (value !== null) changed = `${changed.replace(/\n*$/, '\n')}${written}\n`
  }
  return changed
}

/** Quoted when it must be: `#` would begin a comment, a double quote in front would be taken away. */
const quoted = (value: string): string => (/^[A-Za-z0-9_:,./+=-]*$/.test(value) ? value : `'${value}'`)

/** Replaces the file in one move, readable by its owner alone: a crash leaves the old text or the new one, never half. */
export async function writeSecrets(path: string, text: string): Promise<void> {
  const temporary = `${path}.${process.pid}`
  await writeFile(temporary, text, { mode: 0o600 })
  await chmod(temporary, 0o600)
  await rename(temporary, path)
}

/** A new entry for the ring of token secrets; its name carries the day, which is what a person looks for. */
export const newTokenSecret = (now: Date, taken: readonly string[] = []): string => {
  const day = now.toISOString().slice(0, 10).replaceAll('-', '')
  let kid = `k${day}`
  for (let more = 2; taken.includes(kid); more++) kid = `k${day}-${more}`
  return `${kid}:${randomBytes(32).toString('base64url')}`
}

/** A signing secret as Standard Webhooks writes it. */
export const newWebhookSecret = (): string => `whsec_${randomBytes(32).toString('base64')}`

/** The names of the ring's keys, the signing one first. They are public: each token carries its own. */
export const kidsOf = (ring: string): string[] =>
  ring
    .split(',')
    .map((entry) => entry.trim().split(':')[0] ?? '')
    .filter((kid) => kid !== '')

/** The text of a new file: what was made here, and a line for each secret that only the owner has. */
export function newSecretsText(called: string, tenant: string, choices: Choices, now: Date): string {
  const { widget = [], admin, webhooks, webhookTarget } = choices
  const keys = `'{${widget.map((each) => `"${each}": ""`).join(', ')}}'`
  const sections = [
    `# Secrets of the tenant ${tenant}. git ignores this file; keep a copy where your team keeps passwords.`,
    widget.length > 1
      ? `# One key a widget, from Caty's dashboard (Settings → API Keys); put each between the quotes.\nCATY_API_KEYS=${keys}`
      : "# From Caty's dashboard: Settings → API Keys.\nCATY_API_KEY=",
    `# Signs the visitors' tokens. Made here; change it with: ${called} rotate ${tenant} TOKEN_SECRETS\nTOKEN_SECRETS=${newTokenSecret(now)}`,
    ...(admin === undefined
      ? []
      : ['# Only if your Supabase project still signs with a shared secret (HS256).\n# SUPABASE_JWT_SECRET=']),
    ...(webhooks || webhookTarget !== undefined
      ? ["# The signing secret that Caty's dashboard shows for the webhook.\nCATY_WEBHOOK_SECRETS="]
      : []),
    ...(webhookTarget === undefined
      ? []
      : [
          `# Signs what the edge sends on to your own server. Made here; give it to that server.\nWEBHOOK_TARGET_SECRET=${quoted(newWebhookSecret())}`,
        ]),
  ]
  return `${sections.join('\n\n')}\n`
}

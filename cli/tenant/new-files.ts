/** The files of a new tenant that are tracked, and what an owner's own folder needs beside them. */
import { existsSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import type { Tenant } from './places.ts'
import type { Run } from './run.ts'

export async function writeTracked(tenant: Tenant, config: string): Promise<void> {
  await mkdir(tenant.folder, { recursive: true })
  await writeFile(tenant.config, config)
}

/** A clone has all of this; everywhere else it is written where it is missing. */
export async function writeOwnFolder({ home, cwd, places }: Run, tenant: Tenant): Promise<void> {
  if (!relative(home.root, tenant.folder).startsWith('..') && home.clone) return
  const root = tenant.folder.startsWith(cwd) ? cwd : places.folder
  await ignore(root, [...IGNORED, ...(home.clone ? ['state.json*'] : [])])
  if (home.clone) return
  await writeFile(join(tenant.folder, '.dev.vars.example'), EXAMPLE)
  const manifest = join(root, 'package.json')
  if (existsSync(manifest)) return
  const versions = `{ "caty-keyless": "${home.version}", "wrangler": "${home.wrangler}" }`
  await writeFile(manifest, `{\n  "private": true,\n  "devDependencies": ${versions}\n}\n`)
}

const IGNORED = ['node_modules/', '.wrangler/', 'secrets.env*', '.dev.vars', '.caty-keyless.json*']

/** Adds the lines that the folder's `.gitignore` does not have. */
async function ignore(folder: string, lines: readonly string[]): Promise<void> {
  const path = join(folder, '.gitignore')
  const text = existsSync(path) ? await readFile(path, 'utf8') : ''
  const known = text.split('\n').map((line) => line.trim())
  const missing = lines.filter((line) => !known.includes(line))
  if (missing.length > 0) await writeFile(path, `${text.replace(/([^\n])$/, '$1\n')}${missing.join('\n')}\n`)
}

/** The secrets that a Worker must have, as Cloudflare's “Deploy to Cloudflare” and `wrangler dev` look for them. */
const EXAMPLE = `# Names only. For a deploy put the values into secrets.env; for wrangler dev copy this file to .dev.vars.
# From Caty's dashboard: Settings → API Keys.
CATY_API_KEY=
# Signs the visitors' tokens: a name, a colon and the base64url of 32 random bytes.
TOKEN_SECRETS=
`

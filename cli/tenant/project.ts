/** Where things lie: the project's root, and the folders of tenants. */
import { readdir } from 'node:fs/promises'
import { join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Stopped } from './mistake.ts'
import { nameMistake } from './names.ts'
import { SECRETS_FILE } from './secrets-file.ts'

export const projectRoot = fileURLToPath(new URL('../../', import.meta.url))

const EXAMPLE = 'example'

export type Tenant = {
  name: string
  folder: string
  config: string
  secrets: string
  /** What the tool remembers between two runs; no secret is in it, and git ignores it. */
  state: string
}

/** The folders of all tenants. An agency may keep them in a repository of its own and name it. */
export class Tenants {
  readonly folder: string

  constructor(folder: string | undefined) {
    this.folder = resolve(folder ?? join(projectRoot, 'tenants'))
  }

  /** The paths of a tenant, which need not exist. Throws when the name cannot be one. */
  named(name: string | undefined): Tenant {
    if (name === undefined) throw new Stopped('usage', 'Name the tenant, as in npm run tenant -- check acme.')
    const mistake = nameMistake(name)
    if (mistake !== undefined) throw new Stopped('usage', mistake)
    const folder = join(this.folder, name)
    return {
      name,
      folder,
      config: join(folder, 'wrangler.jsonc'),
      secrets: join(folder, SECRETS_FILE),
      state: join(folder, 'state.json'),
    }
  }

  /** A path as a person would type it here. */
  shown(path: string): string {
    return relative(process.cwd(), path).replaceAll('\\', '/') || '.'
  }

  /** Every tenant, in the order of the names. The tracked example is nobody's. */
  async all(): Promise<Tenant[]> {
    const entries = await readdir(this.folder, { withFileTypes: true }).catch(() => [])
    return entries
      .filter((entry) => entry.isDirectory() && entry.name !== EXAMPLE && nameMistake(entry.name) === undefined)
      .map((entry) => entry.name)
      .sort()
      .map((name) => this.named(name))
  }
}

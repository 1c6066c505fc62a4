/**
 * Where tenants lie. In a clone: `tenants/<name>/`. In an owner's own folder: the folder itself for the first one, and
 * `tenants/<name>/` for more. Commands find a tenant by its name in both, and without a name the one that is here.
 */
import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs'
import { basename, dirname, join, relative, resolve } from 'node:path'
import type { Home } from '../base/home.ts'
import { Mistake } from '../base/mistake.ts'
import { didYouMean, listed } from '../base/nearest.ts'
import { nameMistake } from './names.ts'
import { SECRETS_FILE } from './secrets-file.ts'

const EXAMPLE = 'example'
const CONFIGS = ['wrangler.jsonc', 'wrangler.json', 'wrangler.toml']

export type Tenant = {
  name: string
  folder: string
  config: string
  secrets: string
  /** What the CLI remembers between two runs. No secret is in it, and git ignores it. */
  state: string
  /** Built assets and bundles, made anew by each deploy. */
  work: string
}

export class Places {
  /** Holds one folder a tenant. */
  readonly folder: string
  readonly home: Home
  readonly #cwd: string

  /** `folder` is what `--folder` or CATY_TENANTS says. */
  constructor(cwd: string, home: Home, folder: string | undefined) {
    this.#cwd = cwd
    this.home = home
    const insideTenant = basename(dirname(cwd)) === 'tenants' && existsSync(join(cwd, 'wrangler.jsonc'))
    const own = insideTenant ? dirname(cwd) : join(cwd, 'tenants')
    this.folder = folder === undefined ? (home.clone ? join(home.root, 'tenants') : own) : resolve(cwd, folder)
  }

  /** The paths of a tenant, which need not exist. Throws `Mistake` when the name cannot be one. */
  named(name: string): Tenant {
    const mistake = nameMistake(name)
    if (mistake !== undefined) throw new Mistake('usage', mistake)
    const here = this.here()
    return here?.name === name && !existsSync(join(this.folder, name)) ? here : this.#at(join(this.folder, name), name)
  }

  /** The tenant whose folder the command was started in. */
  here(): Tenant | undefined {
    const path = join(this.#cwd, 'wrangler.jsonc')
    if (this.#cwd === this.home.root || !existsSync(path)) return undefined
    if (samePath(dirname(this.#cwd), this.folder)) return this.#at(this.#cwd, basename(this.#cwd))
    // Read by a pattern, so that a file with broken JSON can still be checked.
    const name = /"name"\s*:\s*"caty-([a-z0-9-]+)"/.exec(readFileSync(path, 'utf8'))?.[1]
    return name !== undefined && nameMistake(name) === undefined ? this.#at(this.#cwd, name) : undefined
  }

  /** Where `new` puts a tenant: an owner's own folder takes the first one itself. */
  placeFor(name: string): Tenant {
    const known = this.named(name)
    const taken = this.home.clone || CONFIGS.some((file) => existsSync(join(this.#cwd, file)))
    return taken || existsSync(known.folder) || existsSync(this.folder) ? known : this.#at(this.#cwd, name)
  }

  /** A tenant that exists. Throws `Mistake` with the name that may have been meant. */
  existing(name: string, called: string): Tenant {
    const tenant = this.named(name)
    if (existsSync(tenant.folder) && (existsSync(tenant.config) || existsSync(tenant.secrets))) return tenant
    const names = this.all().map((each) => each.name)
    const advice = names.length === 0 ? `make it with ${called} new ${name}` : `there ${are(names)}`
    throw new Mistake('mistake', `There is no tenant ${name}: ${didYouMean(name, names, advice)}`)
  }

  /** Every tenant, in the order of the names. The tracked example is nobody's. */
  all(): Tenant[] {
    const entries = existsSync(this.folder) ? readdirSync(this.folder, { withFileTypes: true }) : []
    const names = entries
      .filter((entry) => entry.isDirectory() && entry.name !== EXAMPLE && nameMistake(entry.name) === undefined)
      .map((entry) => entry.name)
    const here = this.here()
    const tenants = names.map((name) => this.#at(join(this.folder, name), name))
    const rest = here && !names.includes(here.name) ? [here] : []
    return [...tenants, ...rest].sort((one, other) => one.name.localeCompare(other.name))
  }

  /** A path as a person would type it here. */
  shown(path: string): string {
    return relative(this.#cwd, path).replaceAll('\\', '/') || '.'
  }

  /** Where a tenant's configuration finds the Worker and the widget's files. */
  codeFor(folder: string): { main: string; assets: string } {
    const root = this.home.clone ? this.home.root : packageNear(folder)
    return {
      main: join(root, this.home.clone ? 'edge/index.ts' : 'dist/worker/index.js'),
      assets: join(root, 'dist/assets'),
    }
  }

  #at(folder: string, name: string): Tenant {
    return {
      name,
      folder,
      config: join(folder, 'wrangler.jsonc'),
      secrets: join(folder, SECRETS_FILE),
      state: join(folder, this.home.clone ? 'state.json' : '.caty-keyless.json'),
      work: join(folder, '.wrangler/caty-keyless'),
    }
  }
}

const are = (names: readonly string[]): string => `${names.length === 1 ? 'is' : 'are'} ${listed(names)}`

/** macOS gives one folder two names (/tmp and /private/tmp). */
const samePath = (one: string, other: string): boolean =>
  one === other || (existsSync(other) && realpathSync(one) === realpathSync(other))

/**
 * The package by the path of its link, not by the folder that pnpm or npx made for this version: the path is written into
 * a file that outlives the version.
 */
function packageNear(folder: string): string {
  for (let at = folder; ; at = dirname(at)) {
    const found = join(at, 'node_modules/caty-keyless')
    if (existsSync(join(found, 'package.json'))) return found
    if (at === dirname(at)) return join(folder, 'node_modules/caty-keyless')
  }
}

/** A clone of the project in a deep folder with a space in its name. The CLI runs in it inside the test's process. */
import { copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { homeOf } from '../../cli/base/home.ts'
import type { World } from '../../cli/base/world.ts'
import { runWrangler, type WranglerProcess } from '../../cli/base/wrangler-process.ts'
import { main } from '../../cli/index.ts'
import { Places } from '../../cli/tenant/places.ts'
import { sources } from './other-build.ts'

export type Ended = { code: number; out: string; err: string; json: unknown }

/** Runs a command line in a world, as a script does: without a terminal. */
export async function runIn(world: Partial<World>, args: readonly string[]): Promise<Ended> {
  const [out, err, input] = [new PassThrough(), new PassThrough(), new PassThrough()]
  const said = Promise.all([text(out), text(err)])
  input.end()
  const code = await main(args, { ...world, streams: { out, err, in: input } })
  out.end()
  err.end()
  const [outText, errText] = await said
  return { code, out: outText, err: errText, json: args.includes('--json') ? JSON.parse(outText) : undefined }
}

/** Owners put tenants into `tenants/` of a clone, so tests do too. */
export class Clone {
  readonly root: string
  /** Time passes only when a command waits. */
  now = new Date()
  /** Environment variables in addition to this process's own. */
  env: NodeJS.ProcessEnv = {}
  /** Replaces the installed wrangler. */
  wrangler: WranglerProcess = runWrangler
  readonly #parent: string

  /** With `built`, the clone gets the widget files of this checkout's build, if any. */
  constructor({ built = true } = {}) {
    this.#parent = mkdtempSync(join(tmpdir(), 'caty-keyless-clone-'))
    this.root = join(this.#parent, 'my sites/2026/caty keyless')
    for (const file of sources()) {
      mkdirSync(dirname(join(this.root, file)), { recursive: true })
      copyFileSync(file, join(this.root, file))
    }
    symlinkSync(join(process.cwd(), 'node_modules'), join(this.root, 'node_modules'))
    if (built && existsSync('dist/edge-installer')) cpSync('dist', join(this.root, 'dist'), { recursive: true })
  }

  /** Runs a command line as a script does: without a terminal. */
  run(...args: string[]): Promise<Ended> {
    return runIn(this.around(), args)
  }

  /** The world of a command in this clone, as started by `npm run tenant`. */
  around(): Partial<World> {
    const clock = {
      now: () => this.now,
      sleep: async (ms: number) => {
        this.now = new Date(this.now.getTime() + ms)
      },
    }
    const env = { ...process.env, ...this.env, npm_lifecycle_event: 'tenant', CATY_TENANTS: undefined }
    return { clock, cwd: this.root, env, home: homeOf(this.root), wrangler: this.wrangler }
  }

  file(tenant: string, name: string): string {
    return join(this.root, 'tenants', tenant, name)
  }

  read(tenant: string, name: string): Promise<string> {
    return readFile(this.file(tenant, name), 'utf8')
  }

  /** Edits a file as an owner does. Throws if the text to replace is missing, because the test would then test nothing. */
  async edit(tenant: string, name: string, from: string | RegExp, to: string): Promise<void> {
    const before = await this.read(tenant, name)
    const after = before.replace(from, () => to)
    if (after === before) throw new Error(`${name} has no ${String(from)}`)
    await writeFile(this.file(tenant, name), after, { mode: 0o600 })
  }

  /** Removes every tenant and keeps the clone. */
  async empty(): Promise<void> {
    for (const { folder } of tenantsOf(this.root)) await rm(folder, { recursive: true, force: true })
  }

  remove(): void {
    rmSync(this.#parent, { recursive: true, force: true })
  }
}

const tenantsOf = (root: string) => new Places(root, homeOf(root), undefined).all()

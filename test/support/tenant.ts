/** `npm run tenant` inside the test's own process, on folders of its own. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { main } from '../../cli/tenant.ts'

export type Ended = { code: number; out: string; err: string; json: unknown }

/** A folder of tenants, and the tool working on it. */
export class TenantFolder {
  readonly path: string
  /** Time passes only when somebody waits. */
  now = new Date()

  private constructor(path: string) {
    this.path = path
  }

  static async make(): Promise<TenantFolder> {
    return new TenantFolder(await mkdtemp(join(tmpdir(), 'caty-keyless-tenants-')))
  }

  /** Runs a command line as a script does: without a terminal. */
  async run(...args: string[]): Promise<Ended> {
    const [out, err, input] = [new PassThrough(), new PassThrough(), new PassThrough()]
    input.end()
    const said = Promise.all([text(out), text(err)])
    const clock = {
      now: () => this.now,
      sleep: async (ms: number) => {
        this.now = new Date(this.now.getTime() + ms)
      },
    }
    const code = await main([...args, '--folder', this.path], { out, err, in: input }, clock)
    out.end()
    err.end()
    const [outText, errText] = await said
    return { code, out: outText, err: errText, json: args.includes('--json') ? JSON.parse(outText) : undefined }
  }

  file(tenant: string, name: string): string {
    return join(this.path, tenant, name)
  }

  read(tenant: string, name: string): Promise<string> {
    return readFile(this.file(tenant, name), 'utf8')
  }

  /** Changes a file as an owner does in an editor. Throws when there is nothing to replace: the test would test nothing. */
  async edit(tenant: string, name: string, from: string | RegExp, to: string): Promise<void> {
    const before = await this.read(tenant, name)
    const after = before.replace(from, () => to)
    if (after === before) throw new Error(`${name} has no ${String(from)}`)
    await writeFile(this.file(tenant, name), after, { mode: 0o600 })
  }

  remove(): Promise<void> {
    return rm(this.path, { recursive: true, force: true })
  }
}

/** One public address and what is deployed there: the next deploy replaces code and assets and keeps the ledger. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Running, startUntilAnswers } from '../../cli/start/processes.ts'
import { edgeProgram } from '../../cli/start/run.ts'
import { edgeSettings, settingsIn } from '../../cli/start/settings.ts'

export class Deployment {
  readonly port: number
  readonly #settings: Record<string, string>
  readonly #state = mkdtempSync(join(tmpdir(), 'caty-keyless-state-'))
  #running: Running | undefined
  #config: string | undefined

  constructor(port: number, settings: Record<string, string>) {
    this.port = port
    this.#settings = settings
  }

  get url(): string {
    return `http://localhost:${this.port}`
  }

  /** Runs the project in `folder` with its `dist/assets`. Resolves after the version before has ended. */
  async deploy(folder: string): Promise<void> {
    await this.stop()
    // All visitors of the tests share one address, so the limits that count addresses are higher here.
    const config = readFileSync(join(folder, 'wrangler.toml'), 'utf8').replace(/limit = \d+/g, 'limit = 10000')
    // Its own name, because wrangler reloads whenever its file is written.
    const path = join(folder, `wrangler.${this.port}.toml`)
    writeFileSync(path, config)
    this.#config = path
    const settings = edgeSettings(settingsIn(this.#settings), { origins: [this.url] })
    const program = edgeProgram(process.env, { config: path, port: this.port, settings, state: this.#state })
    this.#running = await startUntilAnswers(program, `http://127.0.0.1:${this.port}/health`)
  }

  async stop(): Promise<void> {
    await this.#running?.stop()
    this.#running = undefined
    if (this.#config) rmSync(this.#config, { force: true })
  }
}

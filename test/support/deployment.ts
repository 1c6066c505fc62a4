/** One public address, and what is deployed there: the next deploy replaces code and assets and keeps the ledger. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { alive, answersNow, type Running, startProgram, stopProgram } from '../../cli/start/processes.ts'
import { edgeSettings, secretFile } from '../../cli/start/settings.ts'

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

  /** Runs the project in `folder`, with its `dist/assets`. What ran before has ended when this resolves. */
  async deploy(folder: string): Promise<void> {
    await this.stop()
    // All visitors of the stories share one address, so the limits that count addresses are higher here.
    const config = readFileSync(join(folder, 'wrangler.toml'), 'utf8').replace(/limit = \d+/g, 'limit = 10000')
    // A name of its own: wrangler loads anew when somebody writes the file it reads.
    const path = join(folder, `wrangler.${this.port}.toml`)
    writeFileSync(path, config)
    this.#config = path
    const secrets = await secretFile(edgeSettings(this.#settings, this.port, undefined))
    const running = startProgram({
      name: 'edge',
      command: process.execPath,
      args: [
        ...['node_modules/wrangler/bin/wrangler.js', 'dev', '--config', path],
        ...['--port', String(this.port), '--ip', '127.0.0.1', '--inspector-port', '0', '--persist-to', this.#state],
        ...['--env-file', secrets.path, '--show-interactive-dev-session=false'],
      ],
      env: {
        ...process.env,
        WRANGLER_SEND_METRICS: 'false',
        CLOUDFLARE_CF_FETCH_ENABLED: 'false',
        NO_UPDATE_NOTIFIER: '1',
        CI: '1',
      },
    })
    this.#running = running
    await this.#answered(running).finally(() => secrets.remove())
  }

  async #answered(running: Running): Promise<void> {
    while (alive(running)) {
      if (await answersNow(`http://127.0.0.1:${this.port}/health`)) return
      // wrangler stays and waits for an edit when the code does not build; nobody will make one.
      if (/\[ERROR\]/.test(running.said())) break
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    throw new Error(`the edge did not start: ${running.said()}`)
  }

  async stop(): Promise<void> {
    if (this.#running) await stopProgram(this.#running)
    this.#running = undefined
    if (this.#config) rmSync(this.#config, { force: true })
  }
}

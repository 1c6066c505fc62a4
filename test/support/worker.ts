/** The deployed bundle in workerd processes, with its own sandbox. */
import { randomBytes } from 'node:crypto'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Bundle, bundleWorker } from '../../scripts/workerd/bundle.ts'
import { type RunningWorker, runWorker } from '../../scripts/workerd/run.ts'
import { freePort } from './free-port.ts'
import { startSandbox } from './sandbox-process.ts'

export const PAGE = 'https://shop.example'
export const newTokenSecret = (kid: string): string => `${kid}:${randomBytes(32).toString('base64url')}`
export const newApiKey = (): string => `caty_${randomBytes(16).toString('hex')}`
export const newFolder = (): string => mkdtempSync(join(tmpdir(), 'caty-keyless-ledger-'))

export type Received = { method: string; path: string; headers: Record<string, string>; body: string }

/** A sandbox and any number of Workers that use it. */
export class Bench {
  readonly key: string
  readonly secret = newTokenSecret('k1')
  sandbox = ''
  #bundle: Bundle | undefined
  #stop: (() => Promise<void>) | undefined
  readonly #workers: RunningWorker[] = []

  /** `keys`: the keys that the sandbox accepts, comma separated. */
  constructor(keys = newApiKey()) {
    this.key = keys
  }

  async start(): Promise<this> {
    const port = await freePort()
    this.sandbox = `http://127.0.0.1:${port}`
    this.#stop = await startSandbox(port, this.key)
    this.#bundle = bundleWorker()
    await this.control('config', { limits: { perMinute: 1_000_000, messagesPerMinute: 1_000_000 } })
    return this
  }

  /** Runs several Workers behind one public name, as versions of one deployment are: the public name is the issuer. */
  async worker(vars: Record<string, string> = {}, storage = newFolder(), port?: number): Promise<RunningWorker> {
    const worker = await runWorker({
      source: this.#bundle?.source ?? '',
      port: port ?? (await freePort()),
      storage,
      vars: {
        CATY_API_KEY: this.key,
        CATY_API_URL: this.sandbox,
        TOKEN_SECRETS: this.secret,
        ALLOWED_ORIGINS: PAGE,
        MESSAGES_PER_MINUTE: '10000',
        CALLS_PER_MINUTE: '1000000',
        MESSAGES_PER_VISITOR_PER_MINUTE: '600',
        MESSAGES_PER_DAY: '1000000',
        ...vars,
      },
    })
    this.#workers.push(worker)
    return worker
  }

  control(name: string, body: unknown): Promise<Response> {
    return fetch(`${this.sandbox}/__sandbox/${name}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    })
  }

  async received(): Promise<Received[]> {
    const answer: { requests: Received[] } = await (await fetch(`${this.sandbox}/__sandbox/requests`)).json()
    return answer.requests
  }

  async stop(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.kill()))
    await this.#stop?.()
  }
}

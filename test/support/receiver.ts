/** The owner's program: takes webhooks, verifies them with the public library, and can be slow, broken or stopped. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { Webhook } from 'standardwebhooks'
import { freePort } from './free-port.ts'

export type Delivery = { id: string; body: Record<string, unknown>; verified: boolean }
type Answer = (response: ServerResponse) => void

const take: Answer = (response) => void response.writeHead(204).end()

export class Receiver {
  /** Every call in order, whatever its answer was. */
  readonly came: Delivery[] = []
  /** The answers to the next calls. */
  answer: Answer = take
  /** The secret that it verifies with; an owner may change it. */
  secret: string
  url = ''
  #server: Server | undefined
  #seen: (() => void)[] = []

  constructor(secret: string) {
    this.secret = secret
  }

  async start(): Promise<this> {
    const port = await freePort()
    this.url = `http://127.0.0.1:${port}/hooks`
    this.#server = createServer((request, response) => void this.#receive(request, response))
    await new Promise<void>((resolve) => this.#server?.listen(port, '127.0.0.1', resolve))
    return this
  }

  async #receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const text = Buffer.concat(chunks).toString()
    this.came.push({
      id: String(request.headers['webhook-id']),
      body: JSON.parse(text),
      verified: this.#verifies(request, text),
    })
    this.answer(response)
    for (const seen of this.#seen.splice(0)) seen()
  }

  #verifies(request: IncomingMessage, text: string): boolean {
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]))
    try {
      new Webhook(this.secret).verify(text, headers)
      return true
    } catch {
      return false
    }
  }

  /** From now on the program accepts every call. */
  recover(): void {
    this.answer = take
  }

  /** Resolves once that many different events have arrived. */
  async events(count: number): Promise<string[]> {
    for (;;) {
      const ids = [...new Set(this.came.map(({ id }) => id))]
      if (ids.length >= count) return ids
      await new Promise<void>((resolve) => this.#seen.push(resolve))
    }
  }

  stop(): void {
    this.#server?.close()
    this.#server?.closeAllConnections()
  }
}

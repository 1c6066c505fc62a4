/**
 * The doctor's own HTTP client. `fetch` would tidy up exactly what an attacker does not: it resolves `..` in a path,
 * joins fields and sets lengths. Every answer is kept for the search for keys, and the number of requests is bounded.
 */
import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import { TLSSocket } from 'node:tls'

export type Call = {
  method?: string
  /** Sent as it is, never normalised. */
  path: string
  headers?: Readonly<Record<string, string>>
  body?: string
  /** Without a `Content-Length`. */
  chunked?: true
}
export type TlsFacts = { protocol: string; trusted: boolean; fault: string; validTo: Date | undefined }
export type Answer = {
  call: Call
  status: number
  /** Names in lower case; repeated fields joined by a comma. */
  headers: Readonly<Record<string, string>>
  text: string
  /** Milliseconds until the whole answer was there. */
  ms: number
  at: Date
  tls: TlsFacts | undefined
}
/** `answer` is absent when the edge was still waiting for more of the body at the end. */
export type Trickled = { answer: Answer | undefined; ms: number }

export interface Wire {
  send(call: Call): Promise<Answer>
  /** Sends the headers, then one byte of the body at a time, for so many milliseconds. */
  trickle(call: Call, forMs: number): Promise<Trickled>
  readonly sent: number
  readonly limit: number
  readonly received: readonly Answer[]
}

/** Something that is no answer: the edge cannot be reached, hangs up, or the bound on requests is met. */
export class WireError extends Error {}

/** Milliseconds. The slowest honest answer is a configuration from a slow Caty. */
const TIMEOUT_MS = 15_000
/** Characters kept of an answer; nothing of an edge is larger. */
const MAX_CHARS = 2_000_000
const TRICKLE_EVERY_MS = 250

export class HttpWire implements Wire {
  readonly limit: number
  readonly received: Answer[] = []
  sent = 0
  readonly #base: URL
  readonly #agent: HttpAgent | HttpsAgent
  readonly #now: () => Date

  constructor(base: string, limit: number, now: () => Date) {
    this.#base = new URL(base)
    this.limit = limit
    this.#now = now
    // A certificate nobody trusts is a finding, not the end of the examination.
    this.#agent =
      this.#base.protocol === 'https:'
        ? new HttpsAgent({ keepAlive: true, maxSockets: 4, rejectUnauthorized: false })
        : new HttpAgent({ keepAlive: true, maxSockets: 4 })
  }

  async send(call: Call): Promise<Answer> {
    const { request, answered } = this.#open(call)
    if (call.body !== undefined && call.chunked) {
      request.write(call.body.slice(0, 1))
      request.end(call.body.slice(1))
    } else request.end(call.body)
    return answered
  }

  async trickle(call: Call, forMs: number): Promise<Trickled> {
    const started = performance.now()
    const { request, answered } = this.#open(call, forMs + TIMEOUT_MS)
    request.flushHeaders()
    const writing = setInterval(() => request.write('a'), TRICKLE_EVERY_MS)
    const enough = new Promise<undefined>((resolve) => setTimeout(resolve, forMs, undefined).unref())
    // A connection that was closed is as good an answer as 408.
    const answer = await Promise.race([answered.catch((error: unknown) => error), enough])
    clearInterval(writing)
    request.destroy()
    const ms = performance.now() - started
    return answer === undefined ? { answer, ms } : { answer: isAnswer(answer) ? answer : closed(call, this.#now()), ms }
  }

  /** Ends the connections that are kept alive. */
  close(): void {
    this.#agent.destroy()
  }

  #open(call: Call, timeout = TIMEOUT_MS) {
    if (this.sent >= this.limit) throw new WireError(`the bound of ${this.limit} requests is met`)
    this.sent++
    const started = performance.now()
    const { protocol, hostname, port } = this.#base
    const { method = 'GET', path, headers = {}, body } = call
    const length = body !== undefined && !call.chunked ? { 'Content-Length': String(Buffer.byteLength(body)) } : {}
    const request = (protocol === 'https:' ? httpsRequest : httpRequest)({
      host: hostname.replace(/^\[|\]$/g, ''),
      port,
      method,
      path,
      headers: { Host: this.#base.host, 'User-Agent': 'caty-keyless-doctor', ...headers, ...length },
      agent: this.#agent,
      timeout,
      // What a trick looks like is the doctor's business.
      insecureHTTPParser: true,
    })
    const answered = new Promise<Answer>((resolve, reject) => {
      request.once('response', (response) => {
        // Now: a response that was read to its end has given its socket back.
        const tls = tlsFacts(response)
        readAnswer(response).then((text) => {
          const answer: Answer = {
            call,
            status: response.statusCode ?? 0,
            headers: Object.fromEntries(
              Object.entries(response.headers).map(([name, value]) => [name, [value].flat().join(', ')]),
            ),
            text,
            ms: performance.now() - started,
            at: this.#now(),
            tls,
          }
          this.received.push(answer)
          resolve(answer)
        }, reject)
      })
      request.once('timeout', () => request.destroy(new WireError(`no answer in ${timeout / 1000} s`)))
      request.on('error', (error: NodeJS.ErrnoException) =>
        reject(error instanceof WireError ? error : new WireError(error.code ?? error.message)),
      )
    })
    return { request, answered }
  }
}

const isAnswer = (value: unknown): value is Answer => typeof value === 'object' && value !== null && 'status' in value
const closed = (call: Call, at: Date): Answer => ({ call, status: 0, headers: {}, text: '', ms: 0, at, tls: undefined })

/** Byte by byte, so that the search for keys sees what a reader of bytes would see. */
async function readAnswer(response: IncomingMessage): Promise<string> {
  let text = ''
  response.setEncoding('latin1')
  for await (const chunk of response) if (text.length < MAX_CHARS) text += String(chunk)
  return text
}

function tlsFacts({ socket }: IncomingMessage): TlsFacts | undefined {
  if (!(socket instanceof TLSSocket)) return undefined
  const validTo = new Date(socket.getPeerCertificate().valid_to)
  return {
    protocol: socket.getProtocol() ?? 'unknown',
    trusted: socket.authorized,
    fault: String(socket.authorizationError ?? ''),
    validTo: Number.isNaN(validTo.getTime()) ? undefined : validTo,
  }
}

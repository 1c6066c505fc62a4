/**
 * The edge as the outbox sees it: tokens that expire, sessions that are forgotten, and idempotency records as in
 * `edge/ledger/idempotency.ts`. It counts the messages that Caty accepted, and a schedule is judged by this count.
 */
import type { Clock } from './clock.ts'

/** The fault for the next message that would reach Caty. */
export type Fault = 'busy' | 'resting' | 'error' | 'late' | 'running' | 'answer lost'

type Record = { fingerprint: string; at: number; status?: number; body?: string }

const KEEP_MS = 10 * 60_000
const DEAD_MS = 60_000
const TOKEN_MS = 300_000
/** Milliseconds that Caty takes to reply. */
const REPLY_MS = 800

export class EdgeModel {
  readonly faults: Fault[] = []
  /** Every message that Caty accepted, oldest first. */
  readonly taken: string[] = []
  readonly #clock: Clock
  readonly #tokens = new Map<string, number>()
  readonly #sessions = new Set<string>()
  readonly #records = new Map<string, Record>()
  #count = 0

  constructor(clock: Clock) {
    this.#clock = clock
  }

  forgetSessions(): void {
    this.#sessions.clear()
  }

  endTokens(): void {
    this.#tokens.clear()
  }

  async answer(path: string, headers: Headers, body: string): Promise<Response> {
    if (path === '/token') return this.#token()
    const token = headers.get('Authorization')?.replace('Bearer ', '') ?? ''
    if ((this.#tokens.get(token) ?? 0) < this.#clock.now) return problem(401, 'INVALID_TOKEN')
    if (path === '/api/widget/session') return this.#session()
    if (path === '/api/widget/message') return this.#message(headers.get('Idempotency-Key') ?? '', body)
    throw new Error(`nothing is at ${path}`)
  }

  #token(): Response {
    const access_token = `token ${++this.#count}`
    this.#tokens.set(access_token, this.#clock.now + TOKEN_MS)
    return Response.json({ access_token, token_type: 'Bearer', expires_in: TOKEN_MS / 1000, scope: 'chat' })
  }

  #session(): Response {
    const session_id = `session ${++this.#count}`
    this.#sessions.add(session_id)
    return Response.json({ success: true, session_id, visitor_id: 'visitor' })
  }

  async #message(key: string, body: string): Promise<Response> {
    const known = this.#records.get(key)
    const counts = known && known.at > this.#clock.now - KEEP_MS ? known : undefined
    if (counts && counts.fingerprint !== body) return problem(422, 'VALIDATION_ERROR')
    if (counts?.body) return new Response(counts.body)
    if (counts && counts.status === undefined && counts.at > this.#clock.now - DEAD_MS)
      return problem(409, 'VALIDATION_ERROR', 2)
    if (counts) return problem(504, 'OUTCOME_UNKNOWN')
    const fault = this.faults.shift()
    // The quota is checked in the same step, and a refusal frees the key again.
    if (fault === 'busy') return problem(429, 'RATE_LIMITED', 10)
    const record: Record = { fingerprint: body, at: this.#clock.now }
    this.#records.set(key, record)
    await this.#after(REPLY_MS)
    const failed = (answer: Response) => {
      this.#records.delete(key)
      return answer
    }
    if (fault === 'resting') return failed(problem(503, 'UPSTREAM_UNAVAILABLE', 15))
    if (fault === 'error') return failed(problem(502, 'UPSTREAM_KEY_REFUSED'))
    const { session_id, message }: { session_id: string; message: string } = JSON.parse(body)
    if (!this.#sessions.has(session_id)) return failed(problem(404, 'SESSION_NOT_FOUND'))
    this.taken.push(message)
    // Caty accepted the message and gave no usable answer: the result is unknown, so the key is never used again.
    if (fault === 'late') {
      record.status = 504
      return problem(504, 'OUTCOME_UNKNOWN')
    }
    if (fault === 'running') await this.#after(REPLY_MS * 10)
    const content = `answer to ${message}`
    record.body = JSON.stringify({ success: true, response: { content, suggested_actions: [] }, metadata: {} })
    if (fault === 'answer lost') throw new TypeError('Failed to fetch')
    return new Response(record.body)
  }

  #after(ms: number): Promise<void> {
    return new Promise((resolve) => this.#clock.set(resolve, ms))
  }
}

const problem = (status: number, code: string, retryAfter?: number): Response =>
  Response.json(
    { success: false, code },
    { status, ...(retryAfter !== undefined && { headers: { 'Retry-After': String(retryAfter) } }) },
  )

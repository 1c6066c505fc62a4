/**
 * Calls Caty. The only module that reads the key; a call of a dashboard carries its user's token instead. Requests are
 * built from empty headers and follow no redirect, because the runtime would send the key to the other host. Answers are
 * read up to a cap and returned as a status and parsed JSON: no header and no text of Caty's leaves this file.
 */

import { CircuitBreaker } from '../base/breaker.ts'
import { sha256 } from '../base/digest.ts'
import { parsedJson } from '../base/json.ts'
import { Refused, type UpstreamFault, unusable } from '../base/reason.ts'
import type { Secret } from '../base/secret.ts'
import { VERSION } from '../base/version.ts'
import { wellFormedJson } from '../base/well-formed.ts'
import { readBytes } from '../http/body.ts'
import type { RelayedForm } from '../http/file-relay.ts'
import type { Purpose, WidgetKeys } from '../settings/index.ts'
import { EVENT_STREAM, joinEvents, ReplyStream } from './events.ts'
import { laneOf, type Permit, type Permits } from './permits.ts'

/** Whose credential is sent: a key of the widget, or the token of a dashboard's user. Never both. */
type Payer = { widget: string; purpose: Purpose } | { userToken: Secret }

export type CatyCall = Payer & {
  method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE'
  /** A constant of the route table, with validated and encoded ids. */
  path: string
  body?: unknown
  /** A form that is still arriving, instead of a body. */
  form?: RelayedForm
  /** Milliseconds for the whole exchange, body included. */
  timeoutMs: number
  /** The caller can take the reply as a stream. */
  stream?: boolean
  /** The first attempt is counted already. */
  permit?: Permit | undefined
  /** Bytes of the answer, if it may be larger than usual. */
  answerCap?: number
}

/** `status` is 2xx or 404; anything else is thrown as a reason. `json` is unvalidated. */
export type CatyAnswer = { status: number; json: unknown; stream?: ReplyStream | undefined }

export type CatyClientOptions = {
  baseUrl: string
  widgets: ReadonlyMap<string, WidgetKeys>
  now: () => Date
  fetch: (request: Request) => Promise<Response>
  /** Counts the calls with a key; absent where there is none. */
  permits?: Permits
}

/** Bytes: ten times the largest configuration seen. */
const ANSWER_CAP = 512 * 1024
/** Seconds to wait after a 429 that does not say how long; Caty's own window is a minute. */
const DEFAULT_RETRY_AFTER_S = 30
const MAX_RETRY_AFTER_S = 3600
/** 96 bits of a hash: enough to tell keys apart, and of no use to find one. */
const KEY_ID_CHARS = 16

/** The key, or a user's token. */
type Credential = { kind: 'key' | 'user'; secret: Secret }

type Raw = { status: number; text: string; retryAfter: number | undefined; stream?: ReplyStream }

export class CatyClient {
  readonly #options: CatyClientOptions
  /** One for each widget and route, so that calls which fail close nothing but themselves. */
  readonly #breakers = new Map<string, CircuitBreaker>()
  /** Which key of a widget answered last, so that a rotation costs one extra call an isolate and not one a message. */
  readonly #goodKey = new Map<string, number>()
  readonly #ids = new Map<Secret, string>()

  constructor(options: CatyClientOptions) {
    this.#options = options
  }

  /** Throws `Refused`: upstream, upstream_refused_key, upstream_refused_body, upstream_busy, upstream_resting, quota. */
  async call(call: CatyCall): Promise<CatyAnswer> {
    const now = () => this.#options.now().getTime()
    const breaker = this.#breakerOf(call)
    const wait = breaker.waitMs(now())
    if (wait > 0) throw new Refused({ kind: 'upstream_resting', retryAfter: wait / 1000 })
    try {
      const raw = await this.#withKeys(call)
      if (raw.status >= 500) breaker.failed(now())
      else breaker.succeeded()
      return judge(raw, 'userToken' in call)
    } catch (error) {
      // A form that the visitor broke says nothing about Caty and must not open the breaker for others.
      const fault = call.form?.fault()
      if (fault) throw new Refused(fault)
      if (error instanceof UpstreamFailure) {
        breaker.failed(now())
        throw new Refused({ kind: 'upstream', fault: error.fault })
      }
      throw error
    }
  }

  /** Routes are few: an id, a query and what is below a resource do not count. */
  #breakerOf(call: CatyCall): CircuitBreaker {
    const route = call.path.split('?', 1)[0]?.split('/', 4).join('/')
    const name = `${'widget' in call ? call.widget : ''} ${call.method} ${route}`
    const breaker = this.#breakers.get(name) ?? new CircuitBreaker()
    this.#breakers.set(name, breaker)
    return breaker
  }

  /** Tries the other key once after a 401, for every kind of call: Caty did nothing. */
  async #withKeys(call: CatyCall): Promise<Raw> {
    if ('userToken' in call) return this.#withRetry(call, { kind: 'user', secret: call.userToken })
    const keys = this.#options.widgets.get(call.widget)?.[call.purpose] ?? []
    const slot = `${call.widget} ${call.purpose}`
    const first = this.#goodKey.get(slot) ?? 0
    const key = keys[first] ?? keys[0]
    if (!key) throw new Refused({ kind: 'upstream_refused_key' })
    const raw = await this.#withRetry(call, { kind: 'key', secret: key })
    const second = keys.length - 1 - first
    const other = keys[second]
    // A form that was streamed cannot be sent a second time.
    if (raw.status !== 401 || !other || other === key || call.form) return raw
    const again = await this.#withRetry(call, { kind: 'key', secret: other })
    if (again.status !== 401) this.#goodKey.set(slot, second)
    return again
  }

  /** Repeats a GET once. Another method is never repeated: without an answer nobody knows whether Caty acted on it. */
  async #withRetry(call: CatyCall, credential: Credential): Promise<Raw> {
    const timeout = AbortSignal.timeout(call.timeoutMs)
    const signal = call.form ? AbortSignal.any([timeout, call.form.signal]) : timeout
    if (call.method !== 'GET') return this.#send(call, credential, signal)
    try {
      const raw = await this.#send(call, credential, signal)
      return raw.status >= 500 ? await this.#send(call, credential, signal) : raw
    } catch (error) {
      if (error instanceof UpstreamFailure && error.fault === 'unreachable') return this.#send(call, credential, signal)
      throw error
    }
  }

  /** A short hash of the key that a call would carry, for counting; `undefined` without one. */
  async keyIdOf(widget: string, purpose: Purpose): Promise<string | undefined> {
    const keys = this.#options.widgets.get(widget)?.[purpose] ?? []
    const key = keys[this.#goodKey.get(`${widget} ${purpose}`) ?? 0] ?? keys[0]
    return key && this.#idOf(key)
  }

  async #idOf(key: Secret): Promise<string> {
    const id = this.#ids.get(key) ?? (await sha256(key.revealSecret())).slice(0, KEY_ID_CHARS)
    this.#ids.set(key, id)
    return id
  }

  async #count(call: CatyCall, { kind, secret }: Credential): Promise<void> {
    if (kind === 'user' || !('purpose' in call) || call.permit?.spend()) return
    await this.#options.permits?.take(await this.#idOf(secret), laneOf(call.purpose))
  }

  async #send(call: CatyCall, credential: Credential, signal: AbortSignal): Promise<Raw> {
    await this.#count(call, credential)
    const secret = credential.secret.revealSecret()
    const headers = new Headers({
      Accept: call.stream ? `${EVENT_STREAM}, application/json` : 'application/json',
      'User-Agent': `caty-keyless/${VERSION}`,
    })
    if (credential.kind === 'key') headers.set('X-API-Key', secret)
    else headers.set('Authorization', `Bearer ${secret}`)
    if (call.body !== undefined) headers.set('Content-Type', 'application/json')
    if (call.form) headers.set('Content-Type', call.form.contentType)
    const request = new Request(this.#options.baseUrl + call.path, {
      method: call.method,
      headers,
      redirect: 'manual',
      signal,
      ...(call.body !== undefined && { body: wellFormedJson(JSON.stringify(call.body)) }),
      ...(call.form && { body: call.form.stream }),
    })
    try {
      const response = await this.#options.fetch(request)
      if (response.status >= 300 && response.status < 400) {
        await response.body?.cancel()
        throw new UpstreamFailure('redirect')
      }
      const inPieces = response.ok && (response.headers.get('Content-Type') ?? '').startsWith(EVENT_STREAM)
      if (inPieces && call.stream && response.body) {
        const stream = new ReplyStream(response.body, secret, ANSWER_CAP)
        return { status: response.status, text: '', retryAfter: undefined, stream }
      }
      const bytes = await readBytes(response.body, call.answerCap ?? ANSWER_CAP)
      if (!bytes) throw new UpstreamFailure('too_large')
      const said = new TextDecoder().decode(bytes)
      const text = this.#withoutKeys(inPieces ? joinEvents(said) : plainJson(said), secret)
      const retryAfter = retryAfterOf(response, this.#options.now())
      if (response.status === 429 && credential.kind === 'key')
        await this.#options.permits?.close(await this.#idOf(credential.secret), retryAfter ?? DEFAULT_RETRY_AFTER_S)
      return { status: response.status, text, retryAfter }
    } catch (error) {
      if (error instanceof UpstreamFailure) throw error
      throw new UpstreamFailure(signal.aborted ? 'timeout' : 'unreachable')
    }
  }

  /** Cuts out what Caty echoes: the credential of this call, and every key of this edge. */
  #withoutKeys(text: string, secret: string): string {
    const all = [...this.#options.widgets.values()].flatMap((purposes) => Object.values(purposes)).flat()
    return [...new Set([secret, ...all.map((key) => key.revealSecret())])].reduce(
      (rest, key) => rest.replaceAll(key, '[key]'),
      text,
    )
  }
}

/** Only used in this file: the breaker counts it before it becomes a reason. */
class UpstreamFailure extends Error {
  readonly fault: UpstreamFault

  constructor(fault: UpstreamFault) {
    super(fault)
    this.fault = fault
  }
}

function judge(raw: Raw, forUser: boolean): CatyAnswer {
  if (raw.status === 401 || raw.status === 403)
    throw new Refused({ kind: forUser ? 'upstream_refused_user' : 'upstream_refused_key' })
  if (raw.status === 429)
    throw new Refused({ kind: 'upstream_busy', retryAfter: raw.retryAfter ?? DEFAULT_RETRY_AFTER_S })
  if (raw.status === 400 || raw.status === 422 || raw.status === 413)
    throw new Refused({ kind: 'upstream_refused_body' })
  const fine = raw.status >= 200 && raw.status < 300
  if (raw.stream) return { status: raw.status, json: {}, stream: raw.stream }
  if (!fine && raw.status !== 404) throw new Refused({ kind: 'upstream', fault: 'answered', status: raw.status })
  if (fine && raw.text === '') return { status: raw.status, json: {} }
  const json = parsedJson(raw.text)
  if (json === undefined && fine) throw unusable(raw.status)
  return { status: raw.status, json: json === undefined ? {} : json }
}

/** JSON without escapes of plain characters: `\u0063aty_…` would hide the key from a search. */
const plainJson = (text: string): string => (text.includes('\\u00') ? (JSON.stringify(parsedJson(text)) ?? text) : text)

/** Seconds of `Retry-After`, also of a date (RFC 9110 section 10.2.3); `undefined` for nonsense and the past. */
function retryAfterOf(response: Response, now: Date): number | undefined {
  const text = response.headers.get('Retry-After') ?? ''
  const seconds = /^\d{1,6}$/.test(text) ? Number(text) : (Date.parse(text) - now.getTime()) / 1000
  return seconds >= 0 ? Math.min(seconds, MAX_RETRY_AFTER_S) : undefined
}

/**
 * The browser's client of the edge: holds the bound token, signs the proofs, renews the token before it expires, and
 * repeats a refused call once with a new token or the server's nonce.
 */
import type { TokenAnswer } from '../../edge/contract/edge.ts'
import type { BoundToken, CallOptions, Exchange, Fetch, TokenSharing } from '../chunk-api/connection.ts'
import { CallError } from './errors.ts'
import { forgetKeyPair, keyPair, storeKeyPair } from './key-pair.ts'
import { makeProof } from './proof.ts'

const SCOPE = 'config track chat lead'
/** Milliseconds a call may take: as long as the edge gives Caty for a reply, and a little more. */
const TIMEOUT_MS = 35_000
/** The token is renewed after this share of its life. */
const RENEW_AFTER = 0.7

export type EdgeOptions = {
  edge: string
  widgetId: string
  exchange: Exchange
  firstToken?: string | undefined
  /** Solves the challenge that the edge may ask for before the first bound token. Rejects with `CallError`. */
  solve: (siteKey: string) => Promise<string>
}

export class EdgeClient {
  readonly #options: EdgeOptions
  readonly #keyName: string
  #pair: Promise<CryptoKeyPair> | undefined
  #bound: Promise<BoundToken> | undefined
  /** The newest token, which the next exchange starts from. */
  #subjectToken: string | undefined
  /** The `Authorization` that the edge refused. The next caller renews it, once for all callers. */
  #refused: string | undefined
  #nonce: string | undefined
  #mayStore = false
  readonly tabs: TokenSharing = {}

  constructor(options: EdgeOptions) {
    this.#options = options
    this.#keyName = `${options.edge} ${options.widgetId}`
    this.#subjectToken = options.firstToken
  }

  /** Makes the key pair and gets the token, so that the first message does not wait for them. */
  async prepare(): Promise<void> {
    await this.#token()
  }

  /** From now on the key pair may be stored, also one that was made before. */
  allowStorage(): void {
    if (this.#mayStore) return
    this.#mayStore = true
    // Once this page has signed with a key pair it keeps it, even if another tab's pair was stored.
    this.#pair?.then((pair) => storeKeyPair(this.#keyName, pair))
  }

  /** A JSON call; `POST` with a body unless told otherwise. Rejects with `CallError`. */
  async call<T>(path: string, body?: object, options: CallOptions = {}): Promise<T> {
    for (let attempt = 0; ; attempt++) {
      const { method = body ? 'POST' : 'GET', key, keepalive = false, fetch: send = fetch } = options
      const headers = await this.headers(method, path)
      const { Authorization } = headers
      if (key) headers['Idempotency-Key'] = `"${key}"`
      // The browser sets the content type of a form, because it chooses the boundary.
      const isForm = body instanceof FormData
      if (body && !isForm) headers['Content-Type'] = 'application/json'
      const content = body && { body: isForm ? body : JSON.stringify(body) }
      const response = await fetchOrFail(send, this.#options.edge + path, { method, headers, keepalive, ...content })
      const answer = await response.json().catch(() => {
        // The connection broke in the middle of a good answer, so the visitor does not have it.
        if (response.ok) throw new CallError({ kind: 'offline' })
        return {}
      })
      if (response.ok) return answer
      const asksForNonce = this.#keepNonce(response)
      if (response.status === 401 && attempt < 2) {
        if (!asksForNonce) this.#refused = Authorization
        continue
      }
      throw refusal(response, answer)
    }
  }

  /** Forgets the key pair and everything that was bound to it, because another person uses the browser now. */
  async forgetVisitor(): Promise<void> {
    this.#pair = this.#bound = this.#subjectToken = undefined
    delete this.tabs.latest
    await forgetKeyPair(this.#keyName)
  }

  /** The token, and the proof of possession for one call. */
  async headers(method: string, path: string): Promise<Record<string, string>> {
    const { token, scheme } = await this.#token()
    const headers: Record<string, string> = { Authorization: `${scheme} ${token}` }
    const [withoutQuery = ''] = path.split('?')
    if (scheme === 'DPoP') headers.DPoP = await this.#proof(method, this.#options.edge + withoutQuery, token)
    return headers
  }

  /** Single-flight: callers that come while a token is renewed wait for the same one. */
  #token(): Promise<BoundToken> {
    const renew = () => {
      const { exclusively = (run) => run() } = this.tabs
      const flight = exclusively(() => this.#renew()).catch((error) => {
        this.#bound = undefined
        throw error
      })
      this.#bound = flight
      return flight
    }
    const known = this.#bound
    if (!known) return renew()
    return known.then((bound) =>
      Date.now() < bound.renewAt && this.#refused !== `${bound.scheme} ${bound.token}`
        ? bound
        : this.#bound === known
          ? renew()
          : this.#token(),
    )
  }

  /** A new token, or the one that another tab got while this tab waited for its turn. */
  async #renew(): Promise<BoundToken> {
    const { latest, renewed } = this.tabs
    if (latest && Date.now() < latest.renewAt && latest.token !== this.#subjectToken) {
      this.#subjectToken = latest.token
      return latest
    }
    const bound = await this.#exchange()
    renewed?.(bound)
    return bound
  }

  /** Narrows or renews the known token. If that one is not accepted any more, starts again with the same key. */
  async #exchange(): Promise<BoundToken> {
    const bound =
      (this.#subjectToken && (await this.#ask(this.#subjectToken, 'ietf:params:oauth:token-type:access_token'))) ||
      (await this.#ask(this.#options.widgetId, 'caty:token-type:widget-id'))
    if (!bound)
      throw new CallError({ kind: 'refused', status: 400, code: crypto.subtle ? 'token_refused' : 'insecure_context' })
    return bound
  }

  async #ask(subject: string, type: string): Promise<BoundToken | undefined> {
    const { edge, exchange } = this.#options
    const more: Record<string, string> = { scope: SCOPE }
    for (let attempt = 0; attempt < 3; attempt++) {
      // Without a secure context there is no key; an edge that serves plain-HTTP pages answers with a Bearer token.
      const init = crypto.subtle ? { headers: { DPoP: await this.#proof('POST', `${edge}/token`) } } : undefined
      const response = await orFail(exchange(edge, subject, type, more, init))
      const answer = await response.json().catch(() => ({}))
      if (response.ok) return this.#keep(answer)
      if (response.status >= 500 || response.status === 403 || response.status === 429) throw refusal(response, answer)
      const asksForNonce = this.#keepNonce(response)
      const { site_key } = answer.challenge ?? {}
      if (site_key) more.turnstile_response = await this.#options.solve(site_key)
      else if (!asksForNonce) return undefined
    }
    return undefined
  }

  #keep({ access_token: token, expires_in, token_type: scheme }: TokenAnswer): BoundToken {
    this.#subjectToken = token
    return { token, scheme, renewAt: Date.now() + expires_in * 1000 * RENEW_AFTER }
  }

  #keepNonce(response: Response): boolean {
    const nonce = response.headers.get('DPoP-Nonce')
    if (nonce) this.#nonce = nonce
    return Boolean(nonce)
  }

  async #proof(method: string, url: string, token?: string): Promise<string> {
    this.#pair ??= keyPair(this.#keyName, this.#mayStore)
    return makeProof(await this.#pair, { method, url, token, nonce: this.#nonce })
  }
}

/** The error for a refused token request or call. */
function refusal(
  { status, headers }: Response,
  { code, error, field, detail }: Partial<Record<string, string>>,
): CallError {
  if (status === 404 && code === 'SESSION_NOT_FOUND') return new CallError({ kind: 'session' })
  if (code === 'OUTCOME_UNKNOWN') return new CallError({ kind: 'unsure' })
  const retryAfter = Number(headers.get('Retry-After'))
  const isBusy = status === 429 || status === 409 || (status === 503 && retryAfter && code !== 'MAINTENANCE')
  return new CallError(
    isBusy
      ? { kind: 'busy', retryAfter: retryAfter || 10 }
      : { kind: 'refused', status, code: `${code ?? error}`.toLowerCase(), field, detail, retryAfter },
  )
}

const fetchOrFail = (send: Fetch, url: string, init: RequestInit): Promise<Response> =>
  orFail(send(url, { ...init, credentials: 'omit', signal: AbortSignal.timeout(TIMEOUT_MS) }))

/** The response; rejects with `CallError` when none came. */
const orFail = (flight: Promise<Response>): Promise<Response> =>
  flight.catch((error) => {
    throw new CallError({ kind: error?.name === 'TimeoutError' ? 'timeout' : 'offline' })
  })

/**
 * The edge as the browser sees it: holds the bound token, proves the key, renews before the end, and tries a refused
 * call once more with a new token or the server's nonce.
 */
import type { TokenAnswer } from '../../edge/contract/edge.ts'
import type { Bound, CallOptions, Exchange, Fetch, Shared } from '../chunk-api/core.ts'
import { CallError } from './errors.ts'
import { forgetKeyPair, keyPair, storeKeyPair } from './key-pair.ts'
import { makeProof } from './proof.ts'

const SCOPE = 'config track chat lead'
/** Milliseconds a call may take; a reply may take as long as Caty is given by the edge, and a little more. */
const TIMEOUT_MS = 35_000

export type EdgeOptions = {
  edge: string
  widgetId: string
  exchange: Exchange
  firstToken?: string | undefined
  /** Solves a challenge that the edge asks for before a first bound token. */
  solve: (siteKey: string) => Promise<string>
}

export class EdgeClient {
  readonly #options: EdgeOptions
  readonly #keyName: string
  #pair: Promise<CryptoKeyPair> | undefined
  #bound: Promise<Bound> | undefined
  #earlier: string | undefined
  /** What a call was refused with: whoever comes next renews it, once for all. */
  #refused: string | undefined
  #nonce: string | undefined
  #mayStore = false
  /** What the tabs do together. */
  readonly shared: Shared = {}

  constructor(options: EdgeOptions) {
    this.#options = options
    this.#keyName = `${options.edge} ${options.widgetId}`
    this.#earlier = options.firstToken
  }

  /** Makes the key pair and gets the token, so that the first message does not wait for them. */
  async prepare(): Promise<void> {
    await this.#token()
  }

  /** From now on the key pair may be stored; one that was made before is. */
  keep(): void {
    if (this.#mayStore) return
    this.#mayStore = true
    // A pair that has signed already is this page's for good, also where another tab's is the one that stays.
    this.#pair?.then((pair) => storeKeyPair(this.#keyName, pair))
  }

  /** A JSON call; `POST` with a body unless told otherwise. Throws `CallError`. */
  async call<T>(path: string, body?: object, how: CallOptions = {}): Promise<T> {
    for (let attempt = 0; ; attempt++) {
      const { method = body ? 'POST' : 'GET', key, keepalive = false, fetch: send = fetch } = how
      const headers = await this.headers(method, path)
      const { Authorization } = headers
      if (key) headers['Idempotency-Key'] = `"${key}"`
      // A form of files brings its own boundary.
      const form = body instanceof FormData
      if (body && !form) headers['Content-Type'] = 'application/json'
      const content = body && { body: form ? body : JSON.stringify(body) }
      const response = await fetchOrFail(send, this.#options.edge + path, { method, headers, keepalive, ...content })
      const answer = await response.json().catch(() => {
        // The connection broke in the middle of the answer: whether it was a good one nobody knows.
        if (response.ok) throw new CallError({ kind: 'offline' })
        return {}
      })
      if (response.ok) return answer
      const asksNonce = this.#keepNonce(response)
      if (response.status === 401 && attempt < 2) {
        if (!asksNonce) this.#refused = Authorization
        continue
      }
      throw refusal(response, answer)
    }
  }

  /** Another person: the old key pair is gone, and with it everything that was bound to it. */
  async forget(): Promise<void> {
    this.#pair = this.#bound = this.#earlier = undefined
    delete this.shared.latest
    await forgetKeyPair(this.#keyName)
  }

  /** The token, and the proof that it is ours for this one call. */
  async headers(method: string, path: string): Promise<Record<string, string>> {
    const { token, scheme } = await this.#token()
    const headers: Record<string, string> = { Authorization: `${scheme} ${token}` }
    const [plain = ''] = path.split('?')
    if (scheme === 'DPoP') headers.DPoP = await this.#proof(method, this.#options.edge + plain, token)
    return headers
  }

  /** Single-flight: everybody who comes meanwhile waits for the same token. It renews at 70 % of its life. */
  #token(): Promise<Bound> {
    const renew = () => {
      const { alone = (run) => run() } = this.shared
      const flight = alone(() => this.#renewed()).catch((error) => {
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

  /** Another tab may have renewed while this one waited. */
  async #renewed(): Promise<Bound> {
    const { latest, renewed } = this.shared
    if (latest && Date.now() < latest.renewAt && latest.token !== this.#earlier) {
      this.#earlier = latest.token
      return latest
    }
    const bound = await this.#exchange()
    renewed?.(bound)
    return bound
  }

  /** Narrows or renews the token there is; when that one does not count any more, starts again with the same key. */
  async #exchange(): Promise<Bound> {
    const bound =
      (this.#earlier && (await this.#ask(this.#earlier, 'ietf:params:oauth:token-type:access_token'))) ||
      (await this.#ask(this.#options.widgetId, 'caty:token-type:widget-id'))
    if (!bound)
      throw new CallError({ kind: 'refused', status: 400, code: crypto.subtle ? 'token_refused' : 'insecure_context' })
    return bound
  }

  async #ask(subject: string, type: string): Promise<Bound | undefined> {
    const { edge, exchange } = this.#options
    const more: Record<string, string> = { scope: SCOPE }
    for (let attempt = 0; attempt < 3; attempt++) {
      // Without a secure context there is no key; an edge that serves plain-HTTP pages answers with a Bearer token.
      const init = crypto.subtle ? { headers: { DPoP: await this.#proof('POST', `${edge}/token`) } } : undefined
      const response = await answered(exchange(edge, subject, type, more, init))
      const answer = await response.json().catch(() => ({}))
      if (response.ok) return this.#keep(answer)
      if (response.status >= 500 || response.status === 403 || response.status === 429) throw refusal(response, answer)
      const asksNonce = this.#keepNonce(response)
      const { site_key } = answer.challenge ?? {}
      if (site_key) more.turnstile_response = await this.#options.solve(site_key)
      else if (!asksNonce) return undefined
    }
    return undefined
  }

  #keep({ access_token: token, expires_in, token_type: scheme }: TokenAnswer): Bound {
    this.#earlier = token
    return { token, scheme, renewAt: Date.now() + expires_in * 700 }
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

/** What a refusal means, the same for tokens and for calls. */
function refusal(
  { status, headers }: Response,
  { code, error, field, detail }: Partial<Record<string, string>>,
): CallError {
  if (status === 404 && code === 'SESSION_NOT_FOUND') return new CallError({ kind: 'session' })
  const retryAfter = Number(headers.get('Retry-After'))
  const busy = status === 429 || status === 409 || (status === 503 && retryAfter && code !== 'MAINTENANCE')
  return new CallError(
    busy
      ? { kind: 'busy', retryAfter: retryAfter || 10 }
      : { kind: 'refused', status, code: `${code ?? error}`.toLowerCase(), field, detail, retryAfter },
  )
}

const fetchOrFail = (send: Fetch, url: string, init: RequestInit): Promise<Response> =>
  answered(send(url, { ...init, credentials: 'omit', signal: AbortSignal.timeout(TIMEOUT_MS) }))

/** The answer, or `CallError` where none came. */
const answered = (flight: Promise<Response>): Promise<Response> =>
  flight.catch((error) => {
    throw new CallError({ kind: error?.name === 'TimeoutError' ? 'timeout' : 'offline' })
  })

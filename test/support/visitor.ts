/** A visitor without a browser: tokens, proofs and calls over real HTTP, for tests that call a running edge. */
import { createHash, randomUUID } from 'node:crypto'
import { exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose'

/** Options of a visitor: another way to the edge than the network, or one widget of several. */
export type VisitorOptions = {
  fetch?: (url: string, init: RequestInit) => Promise<Response>
  widget?: string
  /** Solves the challenge, again for each request. */
  challenge?: () => string
}
export type HttpAnswer = { status: number; headers: Headers; body: unknown }

export class HttpVisitor {
  /** Where calls go; changes after a restart or in a roll-out of the same edge. */
  edge: string
  /** The edge's public name, which proofs name. */
  readonly #issuer: string
  readonly #origin: string
  readonly #privateKey: CryptoKey
  readonly #jwk: JWK
  readonly #options: VisitorOptions
  token = ''

  private constructor(
    edge: string,
    issuer: string,
    origin: string,
    privateKey: CryptoKey,
    jwk: JWK,
    options: VisitorOptions,
  ) {
    this.#options = options
    this.edge = edge
    this.#issuer = issuer
    this.#origin = origin
    this.#privateKey = privateKey
    this.#jwk = jwk
  }

  /** Makes a visitor with a new key and a token with all scopes. */
  static async login(edge: string, origin: string, issuer = edge, options: VisitorOptions = {}): Promise<HttpVisitor> {
    const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true })
    const visitor = new HttpVisitor(edge, issuer, origin, privateKey, await exportJWK(publicKey), options)
    await visitor.restart()
    return visitor
  }

  /** Requests a new token with the same key: the same visitor. */
  restart(): Promise<number> {
    return this.#exchange(this.#options.widget ?? 'default', 'caty:token-type:widget-id')
  }

  /** Renews the current token. */
  renew(): Promise<number> {
    return this.#exchange(this.token, 'ietf:params:oauth:token-type:access_token')
  }

  #fetch(url: string, init: RequestInit): Promise<Response> {
    return (this.#options.fetch ?? fetch)(url, init)
  }

  async #exchange(subject: string, type: string): Promise<number> {
    const form = new URLSearchParams({
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      subject_token: subject,
      subject_token_type: `urn:${type}`,
      scope: 'config track chat lead',
      ...(this.#options.challenge && { turnstile_response: this.#options.challenge() }),
    })
    const response = await this.#fetch(`${this.edge}/token`, {
      method: 'POST',
      headers: { Origin: this.#origin, DPoP: await this.proof('POST', '/token', { ath: undefined }) },
      body: form,
    })
    const answer: unknown = await response.json()
    if (response.ok) this.token = String(Reflect.get(Object(answer), 'access_token'))
    return response.status
  }

  async call(method: string, path: string, body?: object, more: Record<string, string> = {}): Promise<HttpAnswer> {
    const [plain = path] = path.split('?')
    const response = await this.#fetch(this.edge + path, {
      method,
      headers: {
        Origin: this.#origin,
        Authorization: `DPoP ${this.token}`,
        DPoP: await this.proof(method, plain),
        ...(body && { 'Content-Type': 'application/json' }),
        ...more,
      },
      ...(body && { body: JSON.stringify(body) }),
    })
    return { status: response.status, headers: response.headers, body: await response.json() }
  }

  /** Makes a proof for one call. `change` replaces claims (`undefined` removes one), `header` replaces header members. */
  proof(method: string, path: string, change: Record<string, unknown> = {}, header: object = {}): Promise<string> {
    const ath = this.token && createHash('sha256').update(this.token).digest('base64url')
    return new SignJWT({
      jti: randomUUID(),
      htm: method,
      htu: this.#issuer + path,
      iat: Math.floor(Date.now() / 1000),
      ...(ath && { ath }),
      ...change,
    })
      .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk: this.#jwk, ...header })
      .sign(this.#privateKey)
  }
}

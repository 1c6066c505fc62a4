/** A visitor of the doctor: a key pair, tokens, proofs (RFC 9449), and calls that can be wrong in one chosen place. */
import { createHash, randomUUID } from 'node:crypto'
import { exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose'
import { jwtPart, member, Skipped, text } from './answers.ts'
import type { Answer, Wire } from './wire.ts'

export const GRANT_TYPE = 'urn:ietf:params:oauth:grant-type:token-exchange'
export const WIDGET_ID_TYPE = 'urn:caty:token-type:widget-id'
export const ACCESS_TOKEN_TYPE = 'urn:ietf:params:oauth:token-type:access_token'

export type Place = { wire: Wire; origin: string; issuer: string; widget: string; now: () => Date }
type ProofChange = { claims?: Record<string, unknown>; header?: Record<string, unknown>; token?: string }
type Sent = {
  body?: string
  headers?: Record<string, string>
  proof?: string | undefined
  token?: string
  scheme?: string
}

/** The form of a first token request, with changes; an empty value leaves a parameter out. */
export function tokenForm(widget: string, change: Readonly<Record<string, string>> = {}): string {
  const form = new URLSearchParams()
  const all = { grant_type: GRANT_TYPE, subject_token: widget, subject_token_type: WIDGET_ID_TYPE, ...change }
  for (const [name, value] of Object.entries(all)) if (value !== '') form.append(name, value)
  return form.toString()
}

/** `POST /token` with any headers over the usual ones; a header of `''` is left out. */
export function askToken(wire: Wire, form: string, headers: Readonly<Record<string, string>>): Promise<Answer> {
  const all = { 'Content-Type': 'application/x-www-form-urlencoded', ...headers }
  return wire.send({
    method: 'POST',
    path: '/token',
    headers: Object.fromEntries(Object.entries(all).filter(([, value]) => value !== '')),
    body: form,
  })
}

export class Visitor {
  token = ''
  readonly #place: Place
  readonly #key: CryptoKey
  readonly jwk: JWK

  private constructor(place: Place, key: CryptoKey, jwk: JWK) {
    this.#place = place
    this.#key = key
    this.jwk = jwk
  }

  /** Somebody with a new key and no token yet. */
  static async newcomer(place: Place): Promise<Visitor> {
    const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true })
    return new Visitor(place, privateKey, await exportJWK(publicKey))
  }

  /** Asks for a token with a proof of the key. `change` goes into the form. */
  async exchange(change: Record<string, string> = {}, proof?: string): Promise<Answer> {
    const { wire, widget, origin } = this.#place
    const DPoP = proof ?? (await this.proof('POST', '/token', { token: '' }))
    return askToken(wire, tokenForm(widget, change), { Origin: origin, DPoP })
  }

  /** Proof of the key for one call, wrong where `change` says so; a claim of `undefined` is left out. */
  proof(method: string, path: string, { claims = {}, header = {}, token = this.token }: ProofChange = {}) {
    return new SignJWT({
      jti: randomUUID(),
      htm: method,
      htu: this.#place.issuer + path,
      iat: Math.floor(this.#place.now().getTime() / 1000),
      ...(token && { ath: createHash('sha256').update(token).digest('base64url') }),
      ...claims,
    })
      .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk: this.jwk, ...header })
      .sign(this.#key)
  }

  /** A call with token and proof. `proof: undefined` sends none. */
  async call(method: string, path: string, sent: Sent = {}): Promise<Answer> {
    const { wire, origin } = this.#place
    const proof = 'proof' in sent ? sent.proof : await this.proof(method, path.split('?')[0] ?? path)
    return wire.send({
      method,
      path,
      headers: {
        Origin: origin,
        Authorization: `${sent.scheme ?? 'DPoP'} ${sent.token ?? this.token}`,
        ...(proof !== undefined && { DPoP: proof }),
        ...(sent.body !== undefined && { 'Content-Type': 'application/json' }),
        ...sent.headers,
      },
      ...(sent.body !== undefined && { body: sent.body }),
    })
  }
}

/** Seconds a token should last when a check begins. */
const SPARE_S = 15

/** One Bearer token and one bound visitor for all checks: a token costs the owner nothing, but they are limited. */
export class VisitorSource {
  readonly #place: Place
  #bearer: string | undefined
  #bound: Visitor | undefined

  constructor(place: Place) {
    this.#place = place
  }

  /** A token without a key. Throws `Skipped`. */
  async bearer(): Promise<string> {
    if (this.#bearer === undefined || this.#ends(this.#bearer)) this.#bearer = await this.#askBearer()
    return this.#bearer
  }

  /** A visitor with a token for everything. Throws `Skipped`. */
  async bound(): Promise<Visitor> {
    if (this.#bound === undefined || this.#ends(this.#bound.token)) this.#bound = await this.another()
    return this.#bound
  }

  #ends(token: string): boolean {
    return Number(jwtPart(token, 1).exp) < this.#place.now().getTime() / 1000 + SPARE_S
  }

  async another(change: Record<string, string> = {}): Promise<Visitor> {
    const visitor = await Visitor.newcomer(this.#place)
    const answer = await visitor.exchange(change)
    visitor.token = tokenIn(answer)
    if (member(answer, 'token_type') !== 'DPoP') {
      throw new Skipped('the edge binds no token to a key: DPOP is off, which is for debugging')
    }
    return visitor
  }

  async #askBearer(): Promise<string> {
    const { wire, widget, origin } = this.#place
    return tokenIn(await askToken(wire, tokenForm(widget), { Origin: origin }))
  }
}

/** Throws `Skipped` with the edge's own words when it gave none. */
export function tokenIn(answer: Answer): string {
  const token = text(member(answer, 'access_token'))
  if (token !== '') return token
  const challenged = member(answer, 'challenge') !== undefined
  const why = text(member(answer, 'error_description')) || `status ${answer.status}`
  throw new Skipped(
    challenged
      ? 'the edge asks for a Turnstile challenge, which the doctor cannot solve'
      : `the edge gave no token: ${why}`,
  )
}

/** A small client of the edge for the tests, built on jose: what the widget does, with every part open to tampering. */
import { createExecutionContext, waitOnExecutionContext } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose'
import worker from '../../edge/index.ts'

export const ORIGIN = 'https://shop.example'
export const EDGE = 'https://chat.example'
export const TOKEN_TYPE = 'urn:ietf:params:oauth:token-type:access_token'
export const WIDGET_TYPE = 'urn:caty:token-type:widget-id'
export const GRANT = 'urn:ietf:params:oauth:grant-type:token-exchange'

/** Other settings, or bindings. */
export type Settings = Record<string, unknown>

/** One call of the Worker; other settings than the bound ones make a Worker of their own. */
export async function ask(path: string, init: RequestInit = {}, settings: Settings = {}): Promise<Response> {
  const context = createExecutionContext()
  const request = new Request(EDGE + path, init)
  // Each call from an address of its own: the limits that count addresses have tests of their own.
  if (!request.headers.has('CF-Connecting-IP')) request.headers.set('CF-Connecting-IP', someAddress())
  const response = await worker.fetch(request, environment(settings), context)
  // A stream's work ends when somebody has read it.
  if (response.headers.get('Content-Type') !== 'text/event-stream') await waitOnExecutionContext(context)
  return response
}

const someAddress = (): string => [10, ...crypto.getRandomValues(new Uint8Array(3))].join('.')

const environments = new Map<string, Record<string, unknown>>()

/** The same settings give the same object, because the Worker keeps its state by that. */
function environment(settings: Settings): Record<string, unknown> {
  const name = JSON.stringify(settings)
  const known = environments.get(name) ?? { ...env, ...settings }
  environments.set(name, known)
  return known
}

let ledgers = 0
/** A Worker with a ledger of its own, for tests that make Caty ask for a pause, or use a budget up. */
export function ownLedger(settings: Settings = {}): Settings {
  const name = crypto.randomUUID()
  const TOKEN_EPOCH = String(900_000 + ++ledgers)
  return { TOKEN_EPOCH, LEDGER: { getByName: () => env.LEDGER.getByName(name) }, ...settings }
}

/** Forgets the state of every Worker made so far, as a new isolate would. */
export const newIsolate = (): void => environments.clear()

export const form = (parameters: Record<string, string>): URLSearchParams => new URLSearchParams(parameters)

export const firstExchange = { grant_type: GRANT, subject_token: 'default', subject_token_type: WIDGET_TYPE }

/** `POST /token`. */
export function askToken(
  parameters: Record<string, string>,
  headers: Record<string, string> = {},
  settings: Settings = {},
): Promise<Response> {
  return ask('/token', { method: 'POST', headers: { Origin: ORIGIN, ...headers }, body: form(parameters) }, settings)
}

export type ProofParts = {
  header?: object
  claims?: object
  privateKey?: CryptoKey
  /** Leaves this claim out. */
  without?: string
}

/** A visitor with a key of his own. */
export class Visitor {
  readonly pair: { privateKey: CryptoKey; publicKey: CryptoKey }
  readonly jwk: JWK
  token = ''

  private constructor(pair: { privateKey: CryptoKey; publicKey: CryptoKey }, jwk: JWK) {
    this.pair = pair
    this.jwk = jwk
  }

  static async create(): Promise<Visitor> {
    const pair = await generateKeyPair('ES256', { extractable: true })
    return new Visitor(pair, await exportJWK(pair.publicKey))
  }

  thumbprint(): Promise<string> {
    return calculateJwkThumbprint(this.jwk)
  }

  async proof(method: string, path: string, { header, claims, privateKey, without }: ProofParts = {}): Promise<string> {
    const all: Record<string, unknown> = {
      jti: crypto.randomUUID(),
      htm: method,
      htu: EDGE + path,
      iat: Math.floor(Date.now() / 1000),
      ...claims,
    }
    if (without) delete all[without]
    return new SignJWT(all)
      .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk: this.jwk, ...header })
      .sign(privateKey ?? this.pair.privateKey)
  }

  /** Gets a bound token for chatting. */
  async login(settings: Settings = {}): Promise<this> {
    const response = await askToken(
      { ...firstExchange, scope: 'config track chat lead' },
      { DPoP: await this.proof('POST', '/token') },
      settings,
    )
    this.token = (await json(response)).access_token
    return this
  }

  async headers(method: string, path: string, parts: ProofParts = {}): Promise<Record<string, string>> {
    const ath = await hash(this.token)
    return {
      Origin: ORIGIN,
      Authorization: `DPoP ${this.token}`,
      DPoP: await this.proof(method, path, { ...parts, claims: { ath, ...parts.claims } }),
    }
  }

  /** A POST of JSON with token and proof. */
  async post(
    path: string,
    body: unknown,
    more: Record<string, string> = {},
    settings: Settings = {},
  ): Promise<Response> {
    const headers = { ...(await this.headers('POST', path)), 'Content-Type': 'application/json', ...more }
    return ask(
      path,
      { method: 'POST', headers, body: typeof body === 'string' ? body : JSON.stringify(body) },
      settings,
    )
  }

  async openSession(settings: Settings = {}): Promise<string> {
    return (
      await json(await this.post('/api/widget/session', { page: { url: 'https://shop.example/' } }, {}, settings))
    ).session_id
  }
}

export async function hash(text: string): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)))
  return btoa(String.fromCharCode(...digest))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')
}

/** A body whose members a test is about to look at. */
// biome-ignore lint/suspicious/noExplicitAny: a test reads answers the way a client in plain JavaScript does
export const json = (response: Response): Promise<any> => response.json()

/** The claims of a token, unverified. */
export const claimsOf = (token: string) =>
  JSON.parse(atob((token.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/')))

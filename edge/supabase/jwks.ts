/**
 * The public keys of the Supabase project (RFC 7517), kept for the life of the isolate. An unknown key id is looked up at
 * once, because that is how a rotation begins, and then not again for half a minute, because anybody can invent key ids.
 */
import { createLocalJWKSet } from 'jose'
import * as v from 'valibot'
import { Refused } from '../base/reason.ts'
import { SingleFlight, type WaitUntil } from '../base/single-flight.ts'
import { filledText } from '../contract/bounded.ts'
import { fetchJson } from '../http/fetch-json.ts'

/** The one algorithm of each kind of key. The token has no choice (RFC 8725 section 3.1). */
export type KeyAlgorithm = 'ES256' | 'RS256' | 'EdDSA'
export type VerificationKey = { kid: string; algorithm: KeyAlgorithm; key: CryptoKey }

export type KeySetOptions = {
  url: string
  now: () => Date
  fetch: (request: Request) => Promise<Response>
}

/** Between two look-ups, whether they failed or not. */
export const COOLDOWN_MS = 30_000
export const FETCH_TIMEOUT_MS = 3000
/** Longer than the fetch, for the import of the keys. */
const FLIGHT_MS = 3500
/** Supabase publishes two or three keys of under a kilobyte. */
export const KEYS_CAP = 64 * 1024
/** Known keys are looked up again after this time, so that a withdrawn key stops counting. */
export const FRESH_MS = 5 * 60_000
/** How long the last good copy is used while the project cannot be reached. */
export const LAST_GOOD_MS = 24 * 3_600_000
const MAX_KEYS = 20

const text = filledText(2000)
const common = {
  kid: filledText(200),
  use: v.optional(v.literal('sig')),
  key_ops: v.optional(
    v.pipe(
      v.array(v.string()),
      v.check((ops) => ops.includes('verify')),
    ),
  ),
}
/** Only the public members: a private part that was published by mistake is not read. */
const PublicKey = v.union([
  v.object({
    ...common,
    kty: v.literal('EC'),
    crv: v.literal('P-256'),
    alg: v.optional(v.literal('ES256')),
    x: text,
    y: text,
  }),
  v.object({ ...common, kty: v.literal('RSA'), alg: v.optional(v.literal('RS256')), n: text, e: text }),
  v.object({
    ...common,
    kty: v.literal('OKP'),
    crv: v.literal('Ed25519'),
    alg: v.optional(v.picklist(['EdDSA', 'Ed25519'])),
    x: text,
  }),
])
const KeyDocument = v.object({ keys: v.pipe(v.array(v.unknown()), v.maxLength(MAX_KEYS)) })
const ALGORITHMS = { EC: 'ES256', RSA: 'RS256', OKP: 'EdDSA' } as const

type Copy = { keys: readonly VerificationKey[]; at: number }

export class KeySet {
  readonly #options: KeySetOptions
  #copy: Copy | undefined
  #triedAt = Number.NEGATIVE_INFINITY
  readonly #flights: SingleFlight<void>

  constructor(options: KeySetOptions) {
    this.#options = options
    this.#flights = new SingleFlight({ now: options.now, deadlineMs: FLIGHT_MS })
  }

  /**
   * The keys with this id; none if the project has no such key. `waitUntil` keeps a look-up alive that nobody waits for, or
   * that others wait for after this caller has gone. Throws 503 when there is no copy of the keys.
   */
  async named(kid: string, waitUntil: WaitUntil): Promise<readonly VerificationKey[]> {
    const known = this.#keysOf(kid)
    if (known.length > 0) {
      if (this.#age() >= FRESH_MS) waitUntil(this.#refresh(waitUntil))
      return known
    }
    await this.#refresh(waitUntil)
    if (this.#age() >= LAST_GOOD_MS) throw new Refused({ kind: 'keys_unreachable', retryAfter: COOLDOWN_MS / 1000 })
    return this.#keysOf(kid)
  }

  #time(): number {
    return this.#options.now().getTime()
  }

  #age(): number {
    return this.#copy ? this.#time() - this.#copy.at : Number.POSITIVE_INFINITY
  }

  /** True while there is a copy with keys that is young enough to serve. */
  #isUsable(): boolean {
    return (this.#copy?.keys.length ?? 0) > 0 && this.#age() < LAST_GOOD_MS
  }

  #keysOf(kid: string): readonly VerificationKey[] {
    return this.#age() < LAST_GOOD_MS ? (this.#copy?.keys.filter((key) => key.kid === kid) ?? []) : []
  }

  /** Looks the keys up: single-flight, once a cooldown. Never rejects: a failure leaves the last good copy in place. */
  async #refresh(waitUntil: WaitUntil): Promise<void> {
    if (!this.#flights.isFlying(this.#options.url)) {
      if (Math.abs(this.#time() - this.#triedAt) < COOLDOWN_MS) return
      this.#triedAt = this.#time()
    }
    await this.#flights.run(this.#options.url, () => this.#lookUp(), waitUntil).catch(() => undefined)
  }

  async #lookUp(): Promise<void> {
    const { url, fetch } = this.#options
    const keys = await readKeys(await fetchJson(fetch, url, { timeoutMs: FETCH_TIMEOUT_MS, cap: KEYS_CAP }))
    // Without a usable key it is more likely a mistake of the project than a wish to end every session at once.
    if (keys && (keys.length > 0 || !this.#isUsable())) this.#copy = { keys, at: this.#time() }
  }
}

/**
 * The public keys of the document that can verify a session; keys of other kinds are left out. They are imported here,
 * once, so that no request waits for the import of another. `undefined` if it is not a JWKS.
 */
async function readKeys(json: unknown): Promise<VerificationKey[] | undefined> {
  const document = v.safeParse(KeyDocument, json)
  if (!document.success) return undefined
  const usable = document.output.keys.flatMap((entry) => {
    const read = v.safeParse(PublicKey, entry)
    return read.success ? [read.output] : []
  })
  // Of two keys that cannot be told apart jose would take neither.
  const unique = [...new Map(usable.map((jwk) => [`${jwk.kty} ${jwk.kid}`, jwk])).values()]
  // The algorithm follows from the kind of key; `alg` may spell it in other ways.
  const keySet = createLocalJWKSet({ keys: unique.map(({ alg: _alg, use: _use, key_ops: _ops, ...jwk }) => jwk) })
  const keys = unique.map(async ({ kid, kty }): Promise<VerificationKey | undefined> => {
    const algorithm = ALGORITHMS[kty]
    const key = await keySet({ alg: algorithm, kid }).catch(() => undefined)
    return key && { kid, algorithm, key }
  })
  return (await Promise.all(keys)).filter((key) => key !== undefined)
}

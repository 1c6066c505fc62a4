/** Users and sessions of the stand-in for Supabase Auth: a password opens a session, and each refresh token works once. */
import { randomBytes, randomUUID } from 'node:crypto'
import type { JWTPayload } from 'jose'
import type { SigningKeys } from './keys.ts'

export type Account = { id: string; email: string; password: string; app_metadata: Record<string, unknown> }
type Session = { id: string; account: Account; refresh: string }
export type Grant = { status: 200; body: object } | { status: 400; code: string; message: string }

/** The account that `npm start` prints, and a second one for tests with two users. */
export const DEMO_ACCOUNT = { email: 'owner@example.com', password: 'pottery-demo' }
const ACCOUNTS: readonly Account[] = [
  {
    id: '3f6f0a39-7d5c-4b8e-9a43-0c5b6f2f7d11',
    ...DEMO_ACCOUNT,
    app_metadata: { provider: 'email', providers: ['email'], role: 'owner' },
  },
  {
    id: '8b0c57a2-2a64-4f0e-8a0a-6a3f0d9b1c22',
    email: 'helper@example.com',
    password: 'pottery-demo',
    app_metadata: { provider: 'email', providers: ['email'] },
  },
]

export class Sessions {
  /** Seconds that an access token lives: an hour, as with Supabase. */
  tokenSeconds = 3600
  readonly #keys: SigningKeys
  readonly #issuer: string
  #open = new Map<string, Session>()

  constructor(keys: SigningKeys, issuer: string) {
    this.#keys = keys
    this.#issuer = issuer
  }

  reset(): void {
    this.tokenSeconds = 3600
    this.#open.clear()
  }

  async byPassword(email: unknown, password: unknown): Promise<Grant> {
    const account = ACCOUNTS.find((one) => one.email === email && one.password === password)
    if (!account) return { status: 400, code: 'invalid_credentials', message: 'Invalid login credentials' }
    return this.#granted({ id: randomUUID(), account, refresh: '' })
  }

  async byRefresh(token: unknown): Promise<Grant> {
    const session = [...this.#open.values()].find(({ refresh }) => refresh === token)
    if (session) return this.#granted(session)
    return { status: 400, code: 'refresh_token_not_found', message: 'Invalid Refresh Token: Refresh Token Not Found' }
  }

  /** The user of verified claims, while their session is open. */
  user(claims: JWTPayload): object | undefined {
    const session = this.#open.get(String(claims.session_id))
    return session && shown(session.account)
  }

  end(claims: JWTPayload): void {
    this.#open.delete(String(claims.session_id))
  }

  /** The claims of a token as Supabase makes them. */
  claims(account: Account | undefined = ACCOUNTS[0], session: string = randomUUID()): JWTPayload {
    const iat = Math.floor(Date.now() / 1000)
    return {
      iss: this.#issuer,
      aud: 'authenticated',
      sub: account?.id ?? '',
      role: 'authenticated',
      email: account?.email ?? '',
      phone: '',
      app_metadata: account?.app_metadata ?? {},
      user_metadata: {},
      aal: 'aal1',
      amr: [{ method: 'password', timestamp: iat }],
      session_id: session,
      is_anonymous: false,
      iat,
      exp: iat + this.tokenSeconds,
    }
  }

  async #granted(session: Session): Promise<Grant> {
    session.refresh = randomBytes(9).toString('base64url')
    this.#open.set(session.id, session)
    const claims = this.claims(session.account, session.id)
    const body = {
      access_token: await this.#keys.sign(claims),
      token_type: 'bearer',
      expires_in: this.tokenSeconds,
      expires_at: claims.exp,
      refresh_token: session.refresh,
      user: shown(session.account),
    }
    return { status: 200, body }
  }
}

const shown = ({ password: _never, ...account }: Account): object => ({
  ...account,
  aud: 'authenticated',
  role: 'authenticated',
  user_metadata: {},
  identities: [],
  is_anonymous: false,
  created_at: '2026-01-01T00:00:00Z',
  updated_at: '2026-01-01T00:00:00Z',
})

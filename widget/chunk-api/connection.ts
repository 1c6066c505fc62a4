/** The connection to the edge, as the chunks use it. */
import type { TokenAnswer } from '../../edge/contract/edge.ts'

/** The token of the first exchange, which anybody who holds it may use. */
export type BearerToken = Pick<TokenAnswer, 'access_token' | 'expires_in'>

/** A token bound to the visitor's key, as their tabs share it. `renewAt` is milliseconds since 1970. */
export type BoundToken = { token: string; renewAt: number; scheme: string }

/**
 * One token request. `type` is the kind of `token` without `urn:`, `more` are further parameters of RFC 8693 section 2.1 or
 * our own, `init` brings headers. Rejects when no answer comes within 9 s.
 */
export type Exchange = (
  edge: string,
  token: string,
  type: string,
  more: Record<string, string>,
  init?: RequestInit,
) => Promise<Response>

/** `fetch` as calls use it; an upload replaces it by one that reports progress. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>

/** `key` is an idempotency key; `keepalive` lets a call outlive its page. */
export type CallOptions = { method?: string; key?: string; keepalive?: boolean; fetch?: Fetch }

/** The one connection of a page: panel and rules share it, so they are one visitor in one session. */
export type EdgeConnection = {
  /** A JSON call. Rejects with `CallError`. */
  call: <T>(path: string, body?: object, options?: CallOptions) => Promise<T>
  /** The headers of one call, for a request that is sent while the page closes and has no time to sign. */
  headers: (method: string, path: string) => Promise<Record<string, string>>
  /** The sealed handle of the session, which is opened if there is none. */
  session: () => Promise<string>
  currentSession: () => string | undefined
  /** Goes on with a session of an earlier page. */
  resumeSession: (session: string) => void
  /** The edge does not know the session any more. */
  dropSession: () => void
  /** What Caty says first in the session. */
  greeting: string | undefined
  /** Makes key pair, token and session ahead, so that the first message does not wait for them. */
  prepare: () => Promise<unknown>
  /** From now on the key pair may be stored. */
  allowStorage: () => void
  /** Forgets key pair and session, because another person uses the browser now. */
  forgetVisitor: () => Promise<void>
  /** How the visitor's tabs share a token. */
  tabs: TokenSharing
}

/** Without other tabs each member is missing, and the page renews for itself. */
export type TokenSharing = {
  /** Runs a renewal while no other tab runs one. */
  exclusively?: <T>(run: () => Promise<T>) => Promise<T>
  /** Tells the other tabs of a new token. */
  renewed?: (token: BoundToken) => void
  /** The newest token of another tab. */
  latest?: BoundToken
}

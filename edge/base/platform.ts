/** What the edge uses of the platform, each part as small as it is used, so that a test can replace it. */
import * as v from 'valibot'

/** The parts of the platform that a test replaces: the clock, chance, the network and the cache. */
export type Platform = {
  now: () => Date
  random: (bytes: number) => Uint8Array<ArrayBuffer>
  fetch: (request: Request) => Promise<Response>
  cache: EdgeCache | undefined
}

/** True for an object with this method, as every binding is. */
export const hasMethod = (value: unknown, method: string): boolean => v.is(v.object({ [method]: v.function() }), value)

/** The used part of the Cache API; absent where the platform has none. */
export type EdgeCache = Pick<Cache, 'match' | 'put'>

/** The used part of a rate-limit binding. */
export type RateLimiter = { limit: (options: { key: string }) => Promise<{ success: boolean }> }
export type RateLimiters = Readonly<Record<'tokens' | 'boundTokens' | 'calls' | 'admin', RateLimiter>>

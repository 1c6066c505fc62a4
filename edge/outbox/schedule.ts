/**
 * Seconds between attempts. Caty's own five attempts end after 2 h 36 min. These ten end after 15 h 51 min, which is
 * longer than an outage overnight and shorter than the 24 h for which a queue of the free plan keeps a message.
 */
export const RETRY_DELAYS_S: readonly number[] = [10, 60, 300, 900, 1800, 3600, 7200, 14_400, 28_800]

/** All attempts, the first one included. `max_retries` of the queue in wrangler.toml is one less. */
export const ATTEMPTS = RETRY_DELAYS_S.length + 1

/** Seconds until the next attempt after this many failed ones; `undefined` after the last. */
export const delayAfter = (attempts: number): number | undefined => RETRY_DELAYS_S[attempts - 1]

/** The longest delay, in seconds. */
export const LAST_DELAY_S = RETRY_DELAYS_S.at(-1) ?? 0

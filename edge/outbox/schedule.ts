/**
 * When a delivery is tried again. Caty's own five attempts end after 2 h 36 min; these ten end after 15 h 51 min: longer
 * than a night's outage, shorter than the 24 hours that a queue of the free plan keeps a message.
 */
export const RETRY_DELAYS_S: readonly number[] = [10, 60, 300, 900, 1800, 3600, 7200, 14_400, 28_800]

/** The first attempt and the repetitions. `max_retries` of the queue in wrangler.toml is one less. */
export const ATTEMPTS = RETRY_DELAYS_S.length + 1

/** Seconds to wait after this many failed attempts; `undefined` when it was the last. */
export const delayAfter = (attempts: number): number | undefined => RETRY_DELAYS_S[attempts - 1]

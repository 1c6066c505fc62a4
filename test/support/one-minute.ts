/**
 * The simulated rate limits of workerd count by the minute of the wall clock and start again with each minute. A
 * count that reaches a limit must fall into one minute: if the minute changed during the count, it is repeated in the
 * next one. Only the clock decides this, never the result.
 */
const minute = () => Math.floor(Date.now() / 60_000)

/** Milliseconds for a test that may have to wait for the next minute. */
export const A_MINUTE_MORE = 180_000

export async function withinOneMinute<T>(count: () => Promise<T>): Promise<T> {
  for (;;) {
    const began = minute()
    const result = await count()
    const ended = minute()
    if (ended === began) return result
    while (minute() === ended) await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

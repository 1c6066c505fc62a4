/**
 * workerd's simulated rate limits count by the minute of the wall clock, and all their counts begin anew when it turns.
 * What shall reach a limit must fall into one minute: a count in which the minute turned says nothing about the limit,
 * whatever came out, so it is made again in the next. Only the clock decides that, never the result.
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

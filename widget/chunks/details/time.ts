/** Times as people say them, by `Intl`. */

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

/**
 * The language as the visitor writes it: `en` is 11/25 in Boston and 25/11 in Leeds. Only what is plainly a language and a
 * region: Chromium on a bare system calls its language `en-US@posix`, and `Intl` throws at that.
 */
const regional = (language: string): string =>
  navigator.languages.find((code) => code.startsWith(language) && /^[a-z]{2}-[A-Z]{2}$/.test(code)) ?? language

/** Day and time in full, in the visitor's zone. */
export const full = (at: number, language: string): string => new Date(at).toLocaleString(regional(language))

/** How long ago: now, minutes, hours; what is older than a day stands under the name of its day and says the time. */
export function ago(at: number, language: string, now = Date.now()): string {
  const past = Math.max(now - at, 0)
  const say = (value: number, unit: Intl.RelativeTimeFormatUnit) =>
    new Intl.RelativeTimeFormat(language, { numeric: 'auto', style: 'short' }).format(-Math.floor(value), unit)
  if (past < MINUTE_MS) return say(0, 'second')
  if (past < HOUR_MS) return say(past / MINUTE_MS, 'minute')
  if (past < DAY_MS) return say(past / HOUR_MS, 'hour')
  return new Date(at).toLocaleTimeString(regional(language), { timeStyle: 'short' })
}

/** The name of the day where a new one begins: today and yesterday by their names. Nothing over a chat of today alone. */
export function day(at: number, last: number | undefined, language: string, now = Date.now()): string {
  const start = (time: number) => new Date(time).setHours(0, 0, 0, 0)
  if (start(at) === (last === undefined ? start(now) : start(last))) return ''
  const days = Math.round((start(at) - start(now)) / DAY_MS)
  if (days < -1)
    return new Date(at).toLocaleDateString(regional(language), { weekday: 'long', day: 'numeric', month: 'long' })
  return new Intl.RelativeTimeFormat(language, { numeric: 'auto' }).format(days, 'day')
}

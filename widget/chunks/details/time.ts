/** Times in the visitor's language, by `Intl`. All times are milliseconds since 1970. */

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

/**
 * The language with the visitor's region: `en` is 11/25 in Boston and 25/11 in Leeds. Other forms are ignored: Chromium on a
 * bare system calls its language `en-US@posix`, and `Intl` throws at that.
 */
const withRegion = (language: string): string =>
  navigator.languages.find((code) => code.startsWith(language) && /^[a-z]{2}-[A-Z]{2}$/.test(code)) ?? language

/** Day and time in full, in the visitor's time zone. */
export const fullTime = (at: number, language: string): string => new Date(at).toLocaleString(withRegion(language))

/** How long ago: “now”, minutes, or hours. After a day, the time of day: the title above the message names its day. */
export function relativeTime(at: number, language: string, now = Date.now()): string {
  const past = Math.max(now - at, 0)
  const ago = (value: number, unit: Intl.RelativeTimeFormatUnit) =>
    new Intl.RelativeTimeFormat(language, { numeric: 'auto', style: 'short' }).format(-Math.floor(value), unit)
  if (past < MINUTE_MS) return ago(0, 'second')
  if (past < HOUR_MS) return ago(past / MINUTE_MS, 'minute')
  if (past < DAY_MS) return ago(past / HOUR_MS, 'hour')
  return new Date(at).toLocaleTimeString(withRegion(language), { timeStyle: 'short' })
}

/**
 * The title above the first message of a day: “today”, “yesterday”, or the date. Empty for other messages, and in a
 * conversation that began today. `previous` is the time of the message before.
 */
export function dayTitle(at: number, previous: number | undefined, language: string, now = Date.now()): string {
  const startOfDay = (time: number) => new Date(time).setHours(0, 0, 0, 0)
  if (startOfDay(at) === startOfDay(previous ?? now)) return ''
  const days = Math.round((startOfDay(at) - startOfDay(now)) / DAY_MS)
  if (days < -1)
    return new Date(at).toLocaleDateString(withRegion(language), { weekday: 'long', day: 'numeric', month: 'long' })
  return new Intl.RelativeTimeFormat(language, { numeric: 'auto' }).format(days, 'day')
}

/** Days and times as the visitor's own calendar and clock show them. */
import type { Slot } from '../../../edge/contract/edge.ts'

export const DAYS = 7

/** `YYYY-MM-DD` of the local date. `toISOString` would name tomorrow in the evening of New York. */
export const dayOf = (date: Date): string =>
  [date.getFullYear(), date.getMonth() + 1, date.getDate()].map((part) => String(part).padStart(2, '0')).join('-')

/** The next seven days, today the first of them, and the one that was chosen already. Noon exists on every day. */
export function nextDays(now: Date, chosen?: string): string[] {
  const days = Array.from({ length: DAYS }, (_, at) =>
    dayOf(new Date(now.getFullYear(), now.getMonth(), now.getDate() + at, 12)),
  )
  return chosen && isDay(chosen) && !days.includes(chosen) ? [chosen, ...days] : days
}

export const isDay = (text: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(text)

/** A day in the visitor's language, for the short or the long form. */
export function dayText(day: string, language: string, length: 'short' | 'long'): string {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number)
  return new Date(year, month - 1, date, 12).toLocaleDateString(language, {
    weekday: length,
    day: 'numeric',
    month: length,
  })
}

/** An instant is shown on the visitor's clock; a time without a zone is the business's own word, and stays. */
export function timeText({ label, start }: Slot, language: string): string {
  return instantOf(start)?.toLocaleTimeString(language, { timeStyle: 'short' }) ?? label
}

/** Times that have passed cannot be booked. */
export const ahead = (slots: readonly Slot[], now: Date): Slot[] =>
  slots.filter(({ start }) => (instantOf(start) ?? now) >= now)

/** `undefined` for a time without a zone, and for what is no time. */
const instantOf = (start = ''): Date | undefined => {
  const at = new Date(start)
  return /(Z|[+-]\d\d:?\d\d)$/.test(start) && at.getTime() ? at : undefined
}

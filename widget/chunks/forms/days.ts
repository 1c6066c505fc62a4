/** Days and times on the visitor's calendar and clock. A day is `YYYY-MM-DD`. */
import type { Slot } from '../../../edge/contract/edge.ts'

export const DAYS = 7

/** The date's local day. `toISOString` would name tomorrow on an evening in New York. */
export const dayOf = (date: Date): string =>
  [date.getFullYear(), date.getMonth() + 1, date.getDate()].map((part) => String(part).padStart(2, '0')).join('-')

/** The next seven days, beginning with today, and in front of them a chosen day that is not among them. */
export function nextDays(now: Date, chosen?: string): string[] {
  // Noon, because daylight saving leaves out an hour of the night on some days.
  const days = Array.from({ length: DAYS }, (_, at) =>
    dayOf(new Date(now.getFullYear(), now.getMonth(), now.getDate() + at, 12)),
  )
  return chosen && isDay(chosen) && !days.includes(chosen) ? [chosen, ...days] : days
}

export const isDay = (text: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(text)

/** The day in the visitor's language. */
export function dayText(day: string, language: string, length: 'short' | 'long'): string {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number)
  return new Date(year, month - 1, date, 12).toLocaleDateString(language, {
    weekday: length,
    day: 'numeric',
    month: length,
  })
}

/** A start with a time zone is shown on the visitor's clock; without one the label of the business stays. */
export function timeText({ label, start }: Slot, language: string): string {
  return instantOf(start)?.toLocaleTimeString(language, { timeStyle: 'short' }) ?? label
}

/** The slots that have not begun. */
export const futureSlots = (slots: readonly Slot[], now: Date): Slot[] =>
  slots.filter(({ start }) => (instantOf(start) ?? now) >= now)

/** `undefined` for a time without a time zone, and for what is no time. */
const instantOf = (start = ''): Date | undefined => {
  const at = new Date(start)
  return /(Z|[+-]\d\d:?\d\d)$/.test(start) && at.getTime() ? at : undefined
}

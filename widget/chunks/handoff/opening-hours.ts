/** Whether the business is open, by its opening hours and its time zone. */
import type { Availability } from '../guide/chunk-props.ts'

const QUARTER_MS = 15 * 60_000
/** A week and the rest of today. */
const SEARCH_MS = 8 * 24 * 3600_000
const WEEK = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday']

/** Without hours, or with a time zone that does not exist, the business counts as open. */
export function isOpen({ hours, timezone }: Availability, at: Date): boolean {
  if (!hours) return true
  const local = localTime(timezone, at)
  if (!local) return true
  const { day, time } = local
  const today = hours[day]
  const yesterday = hours[dayBefore(day)]
  return (
    Boolean(today && time >= today.start && (time < today.end || today.end < today.start)) ||
    // A night shift belongs to the day on which it began.
    Boolean(yesterday && yesterday.end < yesterday.start && time < yesterday.end)
  )
}

/**
 * When the business opens next, to the quarter of an hour, or `undefined` if it does not within a week. Trying each quarter
 * is right on days that daylight saving makes longer or shorter, and takes a few milliseconds.
 */
export function opensAt(availability: Availability, now: Date): Date | undefined {
  const first = Math.ceil(now.getTime() / QUARTER_MS) * QUARTER_MS
  for (let at = first; at < first + SEARCH_MS; at += QUARTER_MS) {
    const date = new Date(at)
    if (isOpen(availability, date)) return date
  }
  return undefined
}

const dayBefore = (day: string): string => WEEK[(WEEK.indexOf(day) + 6) % 7] ?? ''

/** Weekday and `HH:MM` in the time zone; `undefined` if there is no such zone. */
function localTime(timeZone: string | undefined, at: Date): { day: string; time: string } | undefined {
  try {
    const [day = '', time = ''] = new Intl.DateTimeFormat('en-GB', {
      weekday: 'long',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
      timeZone,
    })
      .format(at)
      .split(/,? /)
    return { day: day.toLowerCase(), time }
  } catch {
    return undefined
  }
}

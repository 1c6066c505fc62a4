/** Whether anybody is there: the business's opening hours, on the business's clock. */
import type { Availability } from '../guide/chunk-props.ts'

const QUARTER_MS = 15 * 60_000
const WEEK_MS = 8 * 24 * 3600_000

/** Without hours, or with a time zone that does not exist, somebody is always taken to be there. */
export function isOpen({ hours, timezone }: Availability, at: Date): boolean {
  if (!hours) return true
  const clock = clockOf(timezone, at)
  if (!clock) return true
  const { day, time } = clock
  const today = hours[day]
  const yesterday = hours[dayBefore(day)]
  return (
    // A night shift belongs to the day it began on.
    Boolean(today && time >= today.start && (time < today.end || today.end < today.start)) ||
    Boolean(yesterday && yesterday.end < yesterday.start && time < yesterday.end)
  )
}

/**
 * When somebody is there again, to the quarter of an hour, or `undefined` when nobody is for a week. Walking the clock
 * is right on days that daylight saving makes longer or shorter, and costs a few milliseconds once.
 */
export function opensAt(availability: Availability, now: Date): Date | undefined {
  const first = Math.ceil(now.getTime() / QUARTER_MS) * QUARTER_MS
  for (let at = first; at < first + WEEK_MS; at += QUARTER_MS) {
    const date = new Date(at)
    if (isOpen(availability, date)) return date
  }
  return undefined
}

const WEEK = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday']
const dayBefore = (day: string): string => WEEK[(WEEK.indexOf(day) + 6) % 7] ?? ''

/** Weekday and `HH:MM` in that zone. */
function clockOf(timeZone: string | undefined, at: Date): { day: string; time: string } | undefined {
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

/** Days and times on the visitor's calendar and clock. */
import { describe, expect, it } from 'vitest'
import { dayOf, dayText, futureSlots, nextDays, timeText } from '../../../widget/chunks/forms/days.ts'

describe('the days to choose from', () => {
  it('are seven, beginning with today by the local date', () => {
    const evening = new Date(2026, 10, 25, 23, 59)
    expect(dayOf(evening)).toBe('2026-11-25')
    expect(nextDays(evening)).toEqual([25, 26, 27, 28, 29, 30].map((day) => `2026-11-${day}`).concat('2026-12-01'))
  })

  it('skip and repeat no day when the clocks change', () => {
    for (let day = 0; day < 366; day++) {
      const days = nextDays(new Date(2028, 0, 1 + day, 0, 30))
      expect(new Set(days).size).toBe(7)
      expect([...days].sort()).toEqual(days)
    }
  })

  it('include a day that was chosen elsewhere, once', () => {
    const now = new Date(2026, 10, 25, 9)
    expect(nextDays(now, '2027-01-01')).toHaveLength(8)
    expect(nextDays(now, '2026-11-26')).toHaveLength(7)
    expect(nextDays(now, 'javascript:')).toHaveLength(7)
  })

  it('are written as the language writes them', () => {
    expect(dayText('2026-11-25', 'de', 'long')).toBe('Mittwoch, 25. November')
    expect(dayText('2026-11-25', 'ja', 'short')).toBe('11月25日(水)')
  })
})

describe('times', () => {
  it('without a time zone keep the label of the business', () => {
    expect(timeText({ label: 'morning', start: '2026-11-25T10:00:00' }, 'en')).toBe('morning')
    expect(timeText({ label: 'morning', start: 'soon Z' }, 'en')).toBe('morning')
  })

  it("with a time zone are shown on the visitor's clock", () => {
    const start = '2026-11-25T10:00:00+02:00'
    const local = new Date(start).toLocaleTimeString('de', { timeStyle: 'short' })
    expect(timeText({ label: '10:00', start }, 'de')).toBe(local)
  })

  it('in the past are not offered', () => {
    const now = new Date('2026-11-25T12:00:00Z')
    const slots = ['2026-11-25T11:00:00Z', '2026-11-25T12:30:00Z', '2026-11-25T11:00:00', undefined]
    const labels = slots.map((start, at) => ({ label: `${at}`, start }))
    expect(futureSlots(labels, now).map(({ label }) => label)).toEqual(['1', '2', '3'])
  })
})

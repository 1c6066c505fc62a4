/** The times beside messages. The test's times are in the machine's time zone, whichever it is. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dayTitle, relativeTime } from '../../widget/chunks/details/time.ts'

const at = (date: number, hour: number, minute = 0) => new Date(2026, 10, date, hour, minute).getTime()
const NOON = at(25, 12)
const MINUTE = 60_000

describe('the relative time', () => {
  it.each([
    [0, 'now'],
    [59_000, 'now'],
    [MINUTE, '1 min. ago'],
    [59 * MINUTE + 59_000, '59 min. ago'],
    [60 * MINUTE, '1 hr. ago'],
    [23 * 60 * MINUTE, '23 hr. ago'],
    // The clock was set back meanwhile.
    [-5 * MINUTE, 'now'],
  ])('%i ms: %s', (past, text) => {
    expect(relativeTime(NOON - past, 'en', NOON)).toBe(text)
  })

  it('after a day is the time of day', () => {
    expect(relativeTime(at(24, 9, 5), 'de', NOON)).toBe('09:05')
  })

  it.each([
    ['de', 'vor 5 Min.'],
    ['ja', '5 分前'],
    ['ru', '5 мин. назад'],
  ])('in %s', (language, text) => {
    expect(relativeTime(NOON - 5 * MINUTE, language, NOON)).toBe(text)
  })
})

describe('the title of a day', () => {
  it.each([
    ['a chat of today', at(25, 9), undefined, ''],
    ['a chat of yesterday', at(24, 9), undefined, 'yesterday'],
    ['the same day', at(24, 23, 59), at(24, 0, 1), ''],
    ['over midnight', at(25, 0, 1), at(24, 23, 59), 'today'],
    ['a day that has no name', at(20, 9), undefined, 'Friday, November 20'],
  ])('%s', (_name, when, last, title) => {
    expect(dayTitle(when, last, 'en', NOON)).toBe(title)
  })

  it('appears once above each day of a conversation', () => {
    const moments = fc.array(fc.integer({ min: at(1, 0), max: NOON }), { minLength: 1, maxLength: 30 })
    fc.assert(
      fc.property(moments, (times) => {
        const sorted = times.toSorted((a, b) => a - b)
        const titles = sorted.map((time, index) => dayTitle(time, sorted[index - 1], 'en', NOON)).filter(Boolean)
        const days = new Set(sorted.map((time) => new Date(time).toDateString()))
        // A conversation of today only has none.
        const onlyToday = days.size === 1 && days.has(new Date(NOON).toDateString())
        expect(titles).toHaveLength(onlyToday ? 0 : days.size)
        expect(new Set(titles).size).toBe(titles.length)
      }),
    )
  })
})

/** Talking to a person: asked for, when somebody is there; told when nobody is. */
import { h, render } from 'preact'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Availability, HandoffProps } from '../../../widget/chunks/guide/chunk-props.ts'
import { Handoff } from '../../../widget/chunks/handoff/index.tsx'
import { isOpen, opensAt } from '../../../widget/chunks/handoff/opening-hours.ts'
import { settled, strings } from './strings.ts'

afterEach(() => vi.useRealTimers())

const weekdays = { start: '09:00', end: '18:00' }
const bucharest: Availability = {
  timezone: 'Europe/Bucharest',
  hours: { monday: weekdays, tuesday: weekdays, friday: weekdays },
}

describe('opening hours', () => {
  it.each([
    ['2026-11-23T07:00:00Z', true, 'Monday, nine in Bucharest'],
    ['2026-11-23T06:59:00Z', false, 'a minute before'],
    ['2026-11-23T15:59:00Z', true, 'a minute to six'],
    ['2026-11-23T16:00:00Z', false, 'six'],
    ['2026-11-25T10:00:00Z', false, 'Wednesday, a day without hours'],
    ['2026-07-20T06:00:00Z', true, 'Monday, nine in summer'],
  ])('%s: %s (%s)', (at, open) => {
    expect(isOpen(bucharest, new Date(at))).toBe(open)
  })

  it('over midnight belong to the day they begin on', () => {
    const night = { timezone: 'UTC', hours: { friday: { start: '20:00', end: '02:00' } } }
    const open = (at: string) => isOpen(night, new Date(at))
    expect(['2026-11-27T21:00:00Z', '2026-11-28T01:59:00Z'].map(open)).toEqual([true, true])
    expect(['2026-11-27T01:00:00Z', '2026-11-28T02:00:00Z', '2026-11-28T21:00:00Z'].map(open)).toEqual([
      false,
      false,
      false,
    ])
  })

  it('that are not there, or cannot be read, never turn anybody away', () => {
    expect(isOpen({}, new Date())).toBe(true)
    expect(isOpen({ timezone: 'Middle/Earth', hours: {} }, new Date())).toBe(true)
  })

  it('tell when somebody is there again, also over a change of clocks', () => {
    expect(opensAt(bucharest, new Date('2026-11-24T16:00:00Z'))?.toISOString()).toBe('2026-11-27T07:00:00.000Z')
    // The clocks go back on Sunday, October 25.
    expect(opensAt(bucharest, new Date('2026-10-23T15:00:00Z'))?.toISOString()).toBe('2026-10-26T07:00:00.000Z')
    expect(opensAt({ hours: {} }, new Date())).toBeUndefined()
  })
})

async function open(change: Partial<HandoffProps>) {
  const place = document.createElement('div')
  document.body.replaceChildren(place)
  const seen = { posts: [] as string[], wrote: 0, closed: 0 }
  const props: HandoffProps = {
    strings,
    availability: undefined,
    offlineMessage: undefined,
    mayAsk: true,
    phone: '+40 (21) 555-01 42',
    contactUrl: undefined,
    async post(path) {
      seen.posts.push(path)
      return JSON.parse('{}')
    },
    onWrite: () => {
      seen.wrote += 1
    },
    onClose: () => {
      seen.closed += 1
    },
    ...change,
  }
  render(<Handoff {...props} />, place)
  await settled()
  await settled()
  const status = () => place.querySelector('[role=status]')?.textContent?.trim()
  return { place, seen, status }
}

describe('asking for a person', () => {
  it('is a call, and says what came of it, in the words of the server where it has some', async () => {
    const asked = await open({})
    expect(asked.seen.posts).toEqual(['/api/widget/handoff/request'])
    expect(asked.status()).toBe(strings.handoffAsked)
    const told = await open({ post: async () => JSON.parse('{"message":"Two minutes."}') })
    expect(told.status()).toBe('Two minutes.')
  })

  it('can also be done by phone, by a form and on a page', async () => {
    const { place, seen } = await open({ contactUrl: '/kontakt' })
    const links = [...place.querySelectorAll('a')].map((link) => link.getAttribute('href'))
    expect(links[0]).toBe('tel:+40215550142')
    expect(links[1]).toMatch(/\/kontakt$/)
    const buttons = [...place.querySelectorAll('button')]
    for (const button of buttons) button.click()
    expect([seen.wrote, seen.closed]).toEqual([1, 1])
  })

  it('offers no page behind a dangerous address, and no call without a number', async () => {
    const { place } = await open({ contactUrl: 'javascript:alert(1)', phone: undefined })
    expect(place.querySelectorAll('a')).toHaveLength(0)
  })

  it('says when it did not get through, and asks again on a click', async () => {
    let down = true
    const { place, status } = await open({
      post: async () => {
        if (down) throw new Error('down')
        return JSON.parse('{}')
      },
    })
    expect(status()).toContain(strings.formFailed)
    down = false
    place.querySelector('button')?.click()
    await settled()
    await settled()
    expect(status()).toBe(strings.handoffAsked)
  })

  it("disturbs nobody outside of the hours: the owner's words, and when somebody is there again", async () => {
    vi.useFakeTimers({ now: new Date('2026-11-24T17:00:00Z'), toFake: ['Date'] })
    const { seen, status } = await open({ availability: bucharest, offlineMessage: 'We are asleep.' })
    expect(seen.posts).toEqual([])
    expect(status()).toMatch(/^We are asleep\. .*Friday/)
    const plain = await open({ availability: { hours: {} } })
    expect(plain.status()).toBe(strings.handoffClosed)
  })
})

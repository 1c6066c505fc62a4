/** Handoff: a colleague is asked to join, or the visitor is told when the business is closed. */
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

  it('past midnight belong to the day on which they begin', () => {
    const night = { timezone: 'UTC', hours: { friday: { start: '20:00', end: '02:00' } } }
    const open = (at: string) => isOpen(night, new Date(at))
    expect(['2026-11-27T21:00:00Z', '2026-11-28T01:59:00Z'].map(open)).toEqual([true, true])
    expect(['2026-11-27T01:00:00Z', '2026-11-28T02:00:00Z', '2026-11-28T21:00:00Z'].map(open)).toEqual([
      false,
      false,
      false,
    ])
  })

  it('that are missing or invalid count as open', () => {
    expect(isOpen({}, new Date())).toBe(true)
    expect(isOpen({ timezone: 'Middle/Earth', hours: {} }, new Date())).toBe(true)
  })

  it('tell when the business opens next, also over a clock change', () => {
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
  it('calls the edge and shows its message, or ours', async () => {
    const asked = await open({})
    expect(asked.seen.posts).toEqual(['/api/widget/handoff/request'])
    expect(asked.status()).toBe(strings.handoffAsked)
    const told = await open({ post: async () => JSON.parse('{"message":"Two minutes."}') })
    expect(told.status()).toBe('Two minutes.')
  })

  it('offers phone, form and contact page too', async () => {
    const { place, seen } = await open({ contactUrl: '/kontakt' })
    const links = [...place.querySelectorAll('a')].map((link) => link.getAttribute('href'))
    expect(links[0]).toBe('tel:+40215550142')
    expect(links[1]).toMatch(/\/kontakt$/)
    const buttons = [...place.querySelectorAll('button')]
    for (const button of buttons) button.click()
    expect([seen.wrote, seen.closed]).toEqual([1, 1])
  })

  it('offers no page with an unsafe address, and no phone without a number', async () => {
    const { place } = await open({ contactUrl: 'javascript:alert(1)', phone: undefined })
    expect(place.querySelectorAll('a')).toHaveLength(0)
  })

  it('reports a failure, and asks again on a click', async () => {
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

  it("outside opening hours shows the owner's message and the next opening, and calls nobody", async () => {
    vi.useFakeTimers({ now: new Date('2026-11-24T17:00:00Z'), toFake: ['Date'] })
    const { seen, status } = await open({ availability: bucharest, offlineMessage: 'We are asleep.' })
    expect(seen.posts).toEqual([])
    expect(status()).toMatch(/^We are asleep\. .*Friday/)
    const plain = await open({ availability: { hours: {} } })
    expect(plain.status()).toBe(strings.handoffClosed)
  })
})

/** docs/capacity.md: its tables match their data, and one case was calculated by hand. */
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import data from '../../scripts/capacity.json' with { type: 'json' }
import { filled, fullestMinute, PAGES, priceOf, usageOf, viewsFor } from '../../scripts/capacity.ts'
import figures from '../../scripts/capacity-figures.json' with { type: 'json' }

it('the tables of the pages match the data', () => {
  const [capacity = '', costs = ''] = PAGES.map((page) => readFileSync(page, 'utf8'))
  for (const page of [capacity, costs]) expect(filled(page)).toBe(page)
  expect(capacity.match(/<!-- table: /g)).toHaveLength(6)
  expect(costs.match(/<!-- table: costs -->/g)).toHaveLength(1)
  expect(costs).toContain(`read on ${data.readOn}`)
  expect(costs).toContain(`$${data.basePerMonth} a month`)
})

it('a hundred million page views give the figures calculated by hand', () => {
  const usage = usageOf(100e6)
  // One in fifty page views starts a chat of four messages, for which Caty sends two events.
  expect([usage.chats, usage.messages, usage.queueOperations]).toEqual([2e6, 8e6, 12e6])
  // One token for each page view, six calls for a first message, three more messages, and one renewed token every 285
  // s.
  const renewals = (2e6 * 3 * 75) / 285
  expect(usage.requests).toBeCloseTo(100e6 + 2e6 * 6 + 6e6 + renewals + 4e6)
  expect(usage.rowsWritten).toBeCloseTo(
    8e6 * figures.ledger.message.rowsWritten +
      2e6 * figures.ledger.call.rowsWritten +
      4e6 * figures.ledger.event.rowsWritten,
  )
  expect(priceOf('requests', usage)).toBeCloseTo(((usage.requests - 10e6) / 1e6) * 0.3)
  expect(priceOf('rowsRead', usage)).toBe(0)
})

it('each limit is reached where its table says, and Caty is reached first', () => {
  const views = viewsFor(({ messages }) => fullestMinute(messages), 18)
  expect(fullestMinute(usageOf(views).messages)).toBeCloseTo(18, 3)
  expect(views).toBeLessThan(viewsFor(({ requests }) => requests, 10e6))
})

/** The capacity page: in step with its data, right by hand in one case, and near what random visitors do. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { costsTable, withCosts } from '../../scripts/capacity/costs.ts'
import { readData } from '../../scripts/capacity/data.ts'
import { compare, documentOf, RUNS, TOLERANCE } from '../../scripts/capacity/document.ts'
import {
  billOf,
  usageOf,
  viewsAt,
  viewsAtMessagesPerDay,
  viewsAtMessagesPerMinute,
} from '../../scripts/capacity/model.ts'
import { simulate } from '../../scripts/capacity/simulate.ts'

const data = readData()

it('docs/capacity.md is in step with the data', () => {
  expect(readFileSync('docs/capacity.md', 'utf8')).toBe(documentOf(data))
})

it('docs/costs.md has the table of this data, and the date on which the prices were read', () => {
  const page = readFileSync('docs/costs.md', 'utf8')
  expect(page).toBe(withCosts(page, data))
  expect(page).toContain(costsTable(data))
  expect(page).toContain(`read on ${data.plans.readOn}`)
  expect(page).toContain(`$${data.plans.basePerMonth} a month`)
})

describe('the paper', () => {
  it('reckons one case as by hand', () => {
    const views = 100e6
    const usage = usageOf(views, {
      ...data,
      figures: {
        ...data.figures,
        calls: { view: { 'POST /token': 1 }, opened: { 'POST /a': 1, 'OPTIONS /a': 1 }, message: { 'POST /a': 1 } },
        ledger: { ...data.figures.ledger, message: { calls: 2, rowsRead: 30, rowsWritten: 10 } },
      },
      assumptions: {
        ...data.assumptions,
        openRate: { value: 0.02, why: '' },
        messagesPerChat: { value: 4, why: '' },
        // So quick that no token ends.
        secondsBetweenMessages: { value: 0, why: '' },
      },
    })
    expect(usage.messages).toBe(8e6)
    // A hundred million tokens, two calls for each of two million chats, and three more messages.
    expect(usage.requests).toBe(110e6)
    // Two calls a message, and a cleaning every ten minutes of thirty days.
    expect(usage.ledgerCalls).toBe(16e6 + 4320)
    const { parts } = billOf(usage, data)
    expect(parts.requests).toBeCloseTo((110 - 10) * 0.3)
    expect(parts.rowsWritten).toBeCloseTo((80 - 50) * 1)
    expect(parts.ledgerCalls).toBeCloseTo((16.00432 - 1) * 0.15)
  })

  it('meets each limit where it says', () => {
    const views = viewsAt('requests', 'free', data) ?? 0
    const busiest = (usageOf(views, data, { webhooks: true }).requests / 30) * data.assumptions.busiestDay.value
    expect(busiest).toBeCloseTo(100_000, 3)
    expect(viewsAt('cpuMs', 'free', data)).toBeUndefined()
    // Caty is the narrow place, so the owner hears of Caty's limit and not of Cloudflare's.
    expect(viewsAtMessagesPerDay(2000, data)).toBeLessThan(views)
  })
})

describe('the simulation', () => {
  it.each(RUNS)('of $views page views a month is within the tolerance of the paper', ({ views, scale, run }) => {
    for (const { what, differs } of compare(views, simulate(run, data), scale, data)) {
      expect(Math.abs(differs), what).toBeLessThan(TOLERANCE)
    }
  })

  it('gives the same for the same seed, and something else for another', () => {
    const run = { viewsPerMonth: 100_000, days: 3, perMinute: 18, seed: 5 }
    expect(simulate(run, data)).toEqual(simulate(run, data))
    expect(simulate({ ...run, seed: 6 }, data)).not.toEqual(simulate(run, data))
  })

  it("agrees with the paper on when the tenant's minute is full", () => {
    // An average day here is the busiest one there, so that the fullest hours are the same.
    const views = viewsAtMessagesPerMinute(18, data) * data.assumptions.busiestDay.value
    const simulated = simulate({ viewsPerMonth: views, days: 30, perMinute: 18, seed: 3 }, data)
    const share = simulated.overLimit / simulated.messages
    // One minute in a hundred of the fullest hour: over the whole day less, and never nothing.
    expect(share).toBeGreaterThan(0.0005)
    expect(share).toBeLessThan(0.02)
    const half = simulate({ viewsPerMonth: views / 2, days: 30, perMinute: 18, seed: 3 }, data)
    expect(half.overLimit / half.messages).toBeLessThan(share / 10)
  })
})

/** The table of docs/costs.md: what a site of so many page views pays Cloudflare. */
import { type Data, METERS } from './data.ts'
import { short, table } from './format.ts'
import { billOf, usageOf, viewsAt } from './model.ts'

const SITES = [10_000, 100_000, 1e6, 10e6, 50e6]

export function costsTable(data: Data): string {
  const limits = METERS.map((name) => viewsAt(name, 'free', data) ?? Number.POSITIVE_INFINITY)
  const free = Math.min(...limits)
  const rows = SITES.map((views) => {
    const usage = usageOf(views, data)
    return [
      short(views),
      short(usage.messages),
      views <= free ? 'enough' : 'too small',
      `$${billOf(usage, data).total.toFixed(2)}`,
    ]
  })
  return `${table(['Page views a month', 'Messages', 'Free plan', 'Paid plan, a month'], rows, [2])}

The free plan is enough up to about ${short(free)} page views a month. A large site pays less than this for its logs when it
keeps only a part of them ([logs and figures](observing.md)).`
}

/** The page with the table of now between its two marks. */
export const withCosts = (page: string, data: Data): string =>
  page.replace(/(<!-- costs -->\n)[\s\S]*?(<!-- end -->)/, (_, start, end) => `${start}\n${costsTable(data)}\n\n${end}`)

/** `npm run capacity`: writes docs/capacity.md and the table of docs/costs.md from the figures, the assumptions and the plans' prices. */
import { readFileSync, writeFileSync } from 'node:fs'
import { argv, exit } from 'node:process'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { withCosts } from './capacity/costs.ts'
import { type Data, METERS, readData } from './capacity/data.ts'
import { documentOf } from './capacity/document.ts'
import { short } from './capacity/format.ts'
import { billOf, usageOf } from './capacity/model.ts'

const PATH = fileURLToPath(new URL('../docs/capacity.md', import.meta.url))
const COSTS = fileURLToPath(new URL('../docs/costs.md', import.meta.url))
const HELP = `npm run capacity [-- --views <page views a month>] [-- --check]

Writes docs/capacity.md and the table of docs/costs.md: what so many page views use and cost, and where limits are met,
from scripts/capacity/*.json.

  --views 250000  prints the use and the price of your own number instead
  --check         fails when a page is out of step with the data
  --help          this text

Exit code: 0 done, 1 out of step, 64 wrong usage.
`

function printOne(views: number, data: Data): void {
  const usage = usageOf(views, data, { webhooks: true })
  const { parts, total } = billOf(usage, data)
  const rows = [['chats', usage.chats] as const, ['messages', usage.messages] as const]
  for (const [name, value] of rows) console.log(`${name.padEnd(28)} ${short(value).padStart(10)}`)
  for (const name of METERS) {
    const { unit } = data.plans.meters[name]
    console.log(`${unit.padEnd(28)} ${short(usage[name]).padStart(10)}  $${parts[name].toFixed(2)}`)
  }
  console.log(`${'a month, paid plan'.padEnd(28)} ${''.padStart(10)}  $${total.toFixed(2)}`)
}

function main(): number {
  const { values } = parseArgs({
    args: argv.slice(2),
    options: { views: { type: 'string' }, check: { type: 'boolean' }, help: { type: 'boolean' } },
  })
  if (values.help) {
    console.log(HELP)
    return 0
  }
  const data = readData()
  if (values.views !== undefined) {
    const views = Number(values.views)
    if (!(views >= 1) || !Number.isFinite(views)) {
      console.error(`--views ${values.views} is no number of page views: write 250000.`)
      return 64
    }
    printOne(views, data)
    return 0
  }
  const text = documentOf(data)
  const costs = withCosts(readFileSync(COSTS, 'utf8'), data)
  if (values.check) {
    if (readFileSync(PATH, 'utf8') === text && readFileSync(COSTS, 'utf8') === costs) return 0
    console.error('docs/capacity.md or docs/costs.md is out of step with scripts/capacity/: run npm run capacity.')
    return 1
  }
  writeFileSync(PATH, text)
  writeFileSync(COSTS, costs)
  console.log('docs/capacity.md and docs/costs.md are written.')
  return 0
}

try {
  exit(main())
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  exit(64)
}

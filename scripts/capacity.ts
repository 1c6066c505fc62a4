/**
 * `npm run capacity`: calculates what page views use and cost, and which limits they reach, from measured figures
 * (written by `npm run bench`), assumptions and Cloudflare's prices. Writes the tables of docs/capacity.md and
 * docs/costs.md between their marks.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { argv } from 'node:process'
import { fileURLToPath } from 'node:url'
import { InvalidArgumentError } from 'commander'
import data from './capacity.json' with { type: 'json' }
import figures from './capacity-figures.json' with { type: 'json' }
import { script } from './options.ts'

const { meters, assumptions } = data
export type Meter = keyof typeof meters
const METERS: readonly Meter[] = [
  'requests',
  'cpuMs',
  'ledgerCalls',
  'ledgerGbSeconds',
  'rowsRead',
  'rowsWritten',
  'logEvents',
  'dataPoints',
  'queueOperations',
]
/** The pages with tables. */
export const PAGES = ['docs/capacity.md', 'docs/costs.md']
const SIZES = [10_000, 1_000_000, 100_000_000]
const SITES = [10_000, 100_000, 1e6, 10e6, 50e6]
const DAYS = 30
/** A visitor's token of 300 s is renewed after 70 % of its life, when the next message needs it. */
const RENEWS_AFTER_S = 210
/** Write, read and delete of one event in a queue. */
const OPERATIONS_PER_EVENT = 3
/** The ledger cleans up every ten minutes while there is something to clean up. */
const ALARMS_PER_MONTH = DAYS * 24 * 6

/** Seconds of a month. */
export type Usage = Record<Meter, number> & { chats: number; messages: number }

const callsIn = (calls: object, start = ''): number =>
  Object.entries(calls).reduce((sum, [name, count]) => sum + (name.startsWith(start) ? Number(count) : 0), 0)

/** What this many page views a month use. With `webhooks`, Caty sends events that are forwarded through a queue. */
export function usageOf(views: number, { webhooks = true } = {}): Usage {
  const { calls, cpuMs, ledger } = figures
  const chats = views * assumptions.openRate.value
  const messages = chats * assumptions.messagesPerChat.value
  const gap = assumptions.secondsBetweenMessages.value
  // Messages come at random, so a token is renewed by the first message after 210 s: once in 210 s plus the time to
  // that message.
  const renewals = (chats * (assumptions.messagesPerChat.value - 1) * gap) / (RENEWS_AFTER_S + gap)
  const events = webhooks ? chats * assumptions.webhooksPerChat.value : 0
  const requests =
    views * callsIn(calls.view) +
    chats * callsIn(calls.opened) +
    (messages - chats) * callsIn(calls.message) +
    renewals +
    events
  const ledgerCalls =
    messages * ledger.message.calls +
    chats * ledger.call.calls +
    events * ledger.event.calls +
    Math.min(ALARMS_PER_MONTH, messages)
  const cpuOfChat = cpuMs.boundToken + cpuMs.session + callsIn(calls.opened, 'OPTIONS ') * cpuMs.preflight
  return {
    chats,
    messages,
    requests,
    cpuMs:
      views * cpuMs.token +
      chats * cpuOfChat +
      messages * cpuMs.message +
      renewals * cpuMs.boundToken +
      events * cpuMs.session,
    ledgerCalls,
    ledgerGbSeconds: (ledgerCalls * assumptions.ledgerMs.value * data.ledgerGb) / 1000,
    rowsRead: messages * ledger.message.rowsRead + chats * ledger.call.rowsRead + events * ledger.event.rowsRead,
    rowsWritten:
      messages * ledger.message.rowsWritten + chats * ledger.call.rowsWritten + events * ledger.event.rowsWritten,
    logEvents: requests * assumptions.logEventsPerCall.value,
    dataPoints: requests,
    queueOperations: events * OPERATIONS_PER_EVENT,
  }
}

/** Dollars a month for one metered quantity on the paid plan, without the base price. */
export const priceOf = (meter: Meter, usage: Usage): number =>
  (Math.max(0, usage[meter] - meters[meter].included) / 1e6) * meters[meter].perMillion

const totalOf = (usage: Usage): number => METERS.reduce((sum, meter) => sum + priceOf(meter, usage), data.basePerMonth)

const busiestDay = (perMonth: number): number => (perMonth / DAYS) * assumptions.busiestDay.value

/**
 * The number of messages in the busiest one of a hundred minutes, in the fullest hour of the busiest day. Arrivals
 * are random, so this is the hour's mean plus 2.33 times its square root.
 */
export function fullestMinute(messagesPerMonth: number): number {
  const mean = (busiestDay(messagesPerMonth) * assumptions.fullestHour.value) / 60
  return mean + 2.33 * Math.sqrt(mean)
}

/** The largest number of page views within the limit; every use grows with page views. */
export function viewsFor(use: (usage: Usage) => number, limit: number): number {
  let [low, high] = [0, 1e15]
  for (let step = 0; step < 100; step++) {
    const middle = (low + high) / 2
    if (use(usageOf(middle)) <= limit) low = middle
    else high = middle
  }
  return low
}

const short = (value: number): string =>
  value >= 1e6
    ? new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 3 }).format(value)
    : value.toLocaleString('en', { maximumFractionDigits: value < 100 ? 1 : 0 })
const dollars = (value: number): string => value.toFixed(2)

/** A Markdown table as biome formats it. The first column is text. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, ...rows]
  const widths = head.map((_, at) => Math.max(3, ...lines.map((line) => (line[at] ?? '').length)))
  const row = (cells: readonly string[]) =>
    `| ${cells.map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))).join(' | ')} |`
  const rule = `| ${widths.map((width, at) => (at === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)).join(' | ')} |`
  return [row(head), rule, ...rows.map(row)].join('\n')
}

const usages = SIZES.map((views) => usageOf(views))
const head = ['', ...SIZES.map((views) => `${short(views)} page views`)]
const LEDGER_A_MINUTE = (data.ledgerCallsPerSecond * 60) / figures.ledger.message.calls

const TABLES: Readonly<Record<string, () => string>> = {
  costs: () => costs(),
  use: () =>
    table(head, [
      ['chats', ...usages.map(({ chats }) => short(chats))],
      ['messages', ...usages.map(({ messages }) => short(messages))],
      ...METERS.map((meter) => [meters[meter].name, ...usages.map((usage) => short(usage[meter]))]),
    ]),
  price: () =>
    table(head, [
      ...METERS.map((meter) => [meters[meter].name, ...usages.map((usage) => dollars(priceOf(meter, usage)))]),
      ['base', ...usages.map(() => dollars(data.basePerMonth))],
      ['**together**', ...usages.map((usage) => `**${dollars(totalOf(usage))}**`)],
    ]),
  caty: () =>
    table(
      ['Limit', 'Page views a month'],
      [
        [
          '`MESSAGES_PER_DAY`, on the busiest day',
          short(viewsFor(({ messages }) => busiestDay(messages), data.messagesPerDay)),
        ],
        ['`MESSAGES_PER_MINUTE`', short(viewsFor(({ messages }) => fullestMinute(messages), data.messagesPerMinute))],
        [
          "Caty's own limit a minute and key",
          short(viewsFor(({ messages }) => fullestMinute(messages), data.catyMessagesPerMinute)),
        ],
        [
          '1,000 calls a second of one ledger',
          short(viewsFor(({ messages }) => fullestMinute(messages), LEDGER_A_MINUTE)),
        ],
      ],
    ),
  limits: () =>
    table(
      ['Meter', 'Free, a day', 'met at page views a month', 'Included, a month', 'met at', 'then, $ a million'],
      METERS.map((meter) => {
        const { name, freePerDay, included, perMillion, source } = meters[meter]
        const free = freePerDay === null ? '' : short(viewsFor((usage) => busiestDay(usage[meter]), freePerDay))
        const paid = short(viewsFor((usage) => usage[meter], included))
        return [
          `[${name}](${source})`,
          freePerDay === null ? '' : short(freePerDay),
          free,
          short(included),
          paid,
          String(perMillion),
        ]
      }),
    ),
  measured: () =>
    table(
      ['Measured', 'Figure'],
      [
        ...Object.entries(figures.cpuMs).map(([call, ms]) => [`CPU of ${call}, ms`, String(ms)]),
        ...Object.entries(figures.calls).map(([part, calls]) => [`calls: ${part}`, String(callsIn(calls))]),
        ...Object.entries(figures.ledger).flatMap(([what, { calls, rowsRead, rowsWritten }]) => [
          [`ledger, ${what}: calls, rows read, rows written`, `${calls}, ${rowsRead}, ${rowsWritten}`],
        ]),
      ],
    ),
  assumed: () =>
    table(
      ['Assumed', 'Value', 'Why'],
      Object.entries(assumptions).map(([name, { value, why }]) => [name, String(value), why]),
    ),
}

/** What a site without webhooks pays Cloudflare. */
function costs(): string {
  const free = Math.min(
    ...METERS.flatMap((meter) => {
      const { freePerDay } = meters[meter]
      return freePerDay === null ? [] : [viewsFor((usage) => busiestDay(usage[meter]), freePerDay)]
    }),
  )
  const rows = SITES.map((views) => {
    const usage = usageOf(views, { webhooks: false })
    const fits = views <= free ? 'enough' : 'too small'
    return [short(views), short(usage.messages), fits, `$${dollars(totalOf(usage))}`]
  })
  return `${table(['Page views a month', 'Messages', 'Free plan', 'Paid plan, a month'], rows)}

The free plan is enough up to about ${short(free)} page views a month. A large site pays less than this for its logs when it
keeps only a part of them ([logs and figures](observing.md)).`
}

/** The page with its tables made from the data. Throws for a mark that names an unknown table. */
export const filled = (page: string): string =>
  page.replace(/(<!-- table: (\w+) -->\n)[\s\S]*?(\n<!-- end -->)/g, (_, begin: string, name: string, end: string) => {
    const make = TABLES[name]
    if (!make) throw new Error(`a page has a mark for ${name}, and there is no such table`)
    return `${begin}\n${make()}\n${end}`
  })

function pageViews(text: string): number {
  const views = Number(text.replaceAll(/[,_]/g, ''))
  if (views >= 1 && Number.isFinite(views)) return views
  throw new InvalidArgumentError('Write a number of page views, as 250000.')
}

function main({ views }: { views?: number }): void {
  if (views === undefined) {
    for (const page of PAGES) {
      const path = fileURLToPath(new URL(`../${page}`, import.meta.url))
      writeFileSync(path, filled(readFileSync(path, 'utf8')))
    }
    console.log(`${PAGES.join(' and ')} are written.`)
    return
  }
  const usage = usageOf(views)
  console.log(`${short(usage.chats)} chats, ${short(usage.messages)} messages a month`)
  for (const meter of METERS)
    console.log(
      `${meters[meter].name.padEnd(26)} ${short(usage[meter]).padStart(10)}  $${dollars(priceOf(meter, usage))}`,
    )
  console.log(`${'a month, paid plan'.padEnd(26)} ${''.padStart(10)}  $${dollars(totalOf(usage))}`)
}

if (fileURLToPath(import.meta.url) === argv[1]) {
  script(
    'capacity',
    'writes the tables of docs/capacity.md and docs/costs.md from scripts/capacity.json and what npm run bench measured',
  )
    .option('--views <page views a month>', 'print the use and the price of your own number instead', pageViews)
    .action(main)
    .parse()
}

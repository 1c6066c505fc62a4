/** docs/capacity.md, written from the data, the model and the simulation. The same data gives the same bytes. */
import { type Data, METERS, type MeterName } from './data.ts'
import { dollars, short, table } from './format.ts'
import {
  billOf,
  DAYS,
  peakMinute,
  type Usage,
  usageOf,
  viewsAt,
  viewsAtMessagesPerDay,
  viewsAtMessagesPerMinute,
} from './model.ts'
import { type Run, type Simulated, simulate } from './simulate.ts'

const SIZES = [1000, 1_000_000, 1_000_000_000] as const
/** Settings of the edge, as the design has them. */
const EDGE = { perMinute: 18, perDay: 2000 }
/** The paper and the simulation may differ by this much. */
export const TOLERANCE = 0.05

const NAMES: Record<MeterName, string> = {
  requests: 'Worker requests',
  cpuMs: 'Worker CPU, ms',
  ledgerCalls: 'Durable Object calls',
  ledgerGbSeconds: 'Durable Object GB-s',
  rowsRead: 'rows read',
  rowsWritten: 'rows written',
  logEvents: 'log events',
  dataPoints: 'Analytics Engine points',
  queueOperations: 'queue operations',
}

/** So many average days of each size that there are thousands of chats; the largest is a day at a thirtieth. */
export const RUNS: readonly { views: number; scale: number; run: Run }[] = [
  { views: 1000, scale: 1, run: { viewsPerMonth: 1000, days: 600 * DAYS, perMinute: EDGE.perMinute, seed: 7 } },
  { views: 1e6, scale: 1, run: { viewsPerMonth: 1e6, days: DAYS, perMinute: EDGE.perMinute, seed: 11 } },
  { views: 1e9, scale: 30, run: { viewsPerMonth: 1e9 / 30, days: 1, perMinute: EDGE.perMinute, seed: 13 } },
]

export type Compared = { what: string; paper: number; simulated: number; differs: number }

/** Paper and simulation, both a month of the whole size. */
export function compare(views: number, simulated: Simulated, scale: number, data: Data): Compared[] {
  const paper = usageOf(views, data)
  const month = (DAYS / simulated.days) * scale
  const rows: [string, number, number][] = [
    ['page views', views, simulated.views],
    ['chats', paper.chats, simulated.chats],
    ['messages', paper.messages, simulated.messages],
    ['Worker requests', paper.requests, simulated.requests],
    ['Worker CPU, ms', paper.cpuMs, simulated.cpuMs],
  ]
  return rows.map(([what, expected, counted]) => ({
    what,
    paper: expected,
    simulated: counted * month,
    differs: (counted * month) / expected - 1,
  }))
}

export function documentOf(data: Data): string {
  const { plans, figures, assumptions } = data
  const runs = RUNS.map(({ views, scale, run }) => ({ views, scale, simulated: simulate(run, data) }))
  return `# Capacity

What a tenant uses, costs and runs into, on paper and checked by a simulation. \`npm run capacity\` writes this page from
the data in \`scripts/capacity/\`; a test fails when the page is out of step. For your own numbers:

\`\`\`sh
npm run capacity -- --views 250000
\`\`\`

## A month

${usageTable(data)}

Requests for files (\`/widget.js\`, the chunks) are free and never start the Worker, so they are in none of these rows.
Queue operations are those of a tenant that forwards webhooks with \`WEBHOOK_DELIVERY\` set to \`queue\`; by default the
ledger's own alarms deliver, and there is no queue.

## Its price

Dollars a month on the paid plan, whose ${plans.basePerMonth} dollars an account are shared by all its tenants.

${priceTable(data)}

Logs cost more than the work they tell of. Above a few million page views set \`head_sampling_rate\` in the wrangler
config: at 0.05 the largest column pays ${dollars(logsAt(1e9, 0.05, data))} for them instead of ${dollars(logsAt(1e9, 1, data))}.

## Where each limit is met

In page views a month. The free plan's limits are of a day, so its busiest day meets them first; what the paid plan
includes is of a month, and after it the price begins.

${limitTable(data)}

These come first, on either plan, because Caty is the narrow place and not Cloudflare:

${narrowTable(data)}

So a key of Caty with its ${plans.catyMessagesPerMinute} messages a minute serves a site of about ${short(viewsAtMessagesPerMinute(EDGE.perMinute, data))} page views a month at these assumptions.
Above that visitors wait their turn, in a fair line, and are told for how long. A larger site needs more keys
(\`CATY_API_KEYS\`, one a widget), a larger limit from Caty, and then \`MESSAGES_PER_MINUTE\` and \`MESSAGES_PER_DAY\` set to it.
The column of 1 G page views shows what the edge itself would use; it needs ${short(peakMinute(usageOf(1e9, data).messages, data))} messages a minute from Caty in its fullest hour.

One Durable Object takes about ${plans.ledgerCallsPerSecond.toLocaleString('en')} calls a second (a soft limit of the platform), which is ${short(objectViews(data))} page views a month.
An account holds ${plans.workersPerAccount.free} Workers on the free plan and ${plans.workersPerAccount.paid} on the paid one, which is as many tenants; after that
Workers for Platforms, ${plans.platforms.perMonth} dollars a month, has no such limit.

CPU: the dearest call, a message, takes ${figures.cpuMs.message} ms of the whole process here. The free plan allows ${plans.cpuMsPerCallFree} ms a call.

## The simulation

Visitors come one by one, seeded, along a day's curve; each looks at pages, may open the chat, and writes at his own pace.
What the edge would count is counted. It must be within ${TOLERANCE * 100} % of the paper.

${simulationTable(runs, data)}

At 1 M page views a month the fullest minute of ${DAYS} days had ${runs[1]?.simulated.fullestMinute ?? 0} messages, and ${runs[1]?.simulated.overLimit ?? 0} of ${short(runs[1]?.simulated.messages ?? 0)} messages came when the
last minute had its ${EDGE.perMinute} already. Paper puts the mean of the fullest hour at ${short(peakMinute(usageOf(1e6, data).messages, data) / assumptions.busiestDay.value)} a minute on an average day.

## What it rests on

Measured on ${figures.measuredOn} by \`npm run bench\`: ${figures.machine}.

${table(
  ['Measured', 'Figure'],
  [
    ['CPU of a page view (token with configuration), ms', String(figures.cpuMs.token)],
    ['CPU of a bound token, ms', String(figures.cpuMs.boundToken)],
    ['CPU of a session, ms', String(figures.cpuMs.session)],
    ['CPU of a message, ms', String(figures.cpuMs.message)],
    ['CPU of a preflight, ms', String(figures.cpuMs.preflight)],
    ['calls of a page view', listed(figures.calls.view)],
    ['calls of opening the chat and a first message', listed(figures.calls.opened)],
    ['calls of each further message', listed(figures.calls.message)],
    ['ledger, calls a message', String(figures.ledger.message.calls)],
    [
      'ledger, rows read and written a message at full pace',
      `${figures.ledger.message.rowsRead} and ${figures.ledger.message.rowsWritten}`,
    ],
    ["ledger, calls of a webhook's event through a queue", String(figures.ledger.event.calls)],
    ['ledger, rows read and written by it', `${figures.ledger.event.rowsRead} and ${figures.ledger.event.rowsWritten}`],
  ],
)}

Assumed; change \`scripts/capacity/assumptions.json\` to what you know of your own site.

${table(
  ['Assumed', 'Value', 'Why'],
  Object.entries(assumptions)
    .filter(([name]) => name !== 'hours')
    .map(([name, { value, why }]) => [name, String(value), why]),
  [0, 2],
)}

Prices and limits, read on ${plans.readOn}:

${table(
  ['Meter', 'Free, a day', 'Included, a month', 'Then, a million', 'Source'],
  METERS.map((name) => {
    const { freePerDay, included, perMillion, source } = plans.meters[name]
    const free = freePerDay === undefined ? '' : short(freePerDay)
    return [NAMES[name], free, short(included), `$${perMillion}`, `[${source}](${plans.sources[source] ?? ''})`]
  }),
  [0, 4],
)}

Uncertain:

${METERS.flatMap((name) => plans.meters[name].uncertain ?? [])
  .map((why) => `- ${why[0]?.toUpperCase()}${why.slice(1)}.`)
  .join('\n')}
- The wall time of a ledger call on Cloudflare is assumed, not measured.
- The CPU here is of another machine than Cloudflare's, and of the whole process; billed is the Worker's part of it.
- Proactive messages and tracking add a session, an event or two and their preflights to page views where rules are on;
  the columns are without.
`
}

const head = ['', ...SIZES.map((views) => `${short(views)} page views`)]

function usageTable(data: Data): string {
  const usages = SIZES.map((views) => ({
    plain: usageOf(views, data),
    hooked: usageOf(views, data, { webhooks: true }),
  }))
  const row = (name: string, of: (usage: Usage) => number): string[] => [
    name,
    ...usages.map(({ plain }) => short(of(plain))),
  ]
  return table(head, [
    row('chats', ({ chats }) => chats),
    row('messages', ({ messages }) => messages),
    ...METERS.filter((name) => name !== 'queueOperations').map((name) => row(NAMES[name], (usage) => usage[name])),
    [NAMES.queueOperations, ...usages.map(({ hooked }) => short(hooked.queueOperations))],
  ])
}

function priceTable(data: Data): string {
  const bills = SIZES.map((views) => billOf(usageOf(views, data, { webhooks: true }), data))
  return table(head, [
    ...METERS.map((name) => [NAMES[name], ...bills.map(({ parts }) => dollars(parts[name]))]),
    ['base', ...bills.map(() => dollars(data.plans.basePerMonth))],
    ['**together**', ...bills.map(({ total }) => `**${dollars(total)}**`)],
  ])
}

const limitTable = (data: Data): string =>
  table(
    ['Limit', 'Free plan', 'Paid plan: price begins'],
    METERS.map((name) => {
      const free = viewsAt(name, 'free', data)
      return [
        NAMES[name],
        free === undefined ? 'a call, not a day' : short(free),
        short(viewsAt(name, 'paid', data) ?? 0),
      ]
    }),
  )

const narrowTable = (data: Data): string =>
  table(
    ['Limit', 'Page views a month'],
    [
      [
        `\`MESSAGES_PER_DAY\` ${EDGE.perDay.toLocaleString('en')}, on the busiest day`,
        short(viewsAtMessagesPerDay(EDGE.perDay, data)),
      ],
      [
        `\`MESSAGES_PER_MINUTE\` ${EDGE.perMinute}, in one of a hundred minutes of its fullest hour`,
        short(viewsAtMessagesPerMinute(EDGE.perMinute, data)),
      ],
      [
        `Caty's own ${data.plans.catyMessagesPerMinute} a minute and key, the same way`,
        short(viewsAtMessagesPerMinute(data.plans.catyMessagesPerMinute, data)),
      ],
    ],
  )

/** All calls of one object in the fullest minute. */
const objectViews = (data: Data): number =>
  viewsAtMessagesPerMinute((data.plans.ledgerCallsPerSecond * 60) / data.figures.ledger.message.calls, data)

function simulationTable(runs: readonly { views: number; scale: number; simulated: Simulated }[], data: Data): string {
  const rows = runs.flatMap(({ views, scale, simulated }) =>
    compare(views, simulated, scale, data).map(({ what, paper, simulated: counted, differs }) => [
      `${short(views)}: ${what}`,
      short(paper),
      short(counted),
      `${differs >= 0 ? '+' : ''}${(differs * 100).toFixed(1)} %`,
    ]),
  )
  return table(['A month of', 'Paper', 'Simulated', 'Differs'], rows)
}

function logsAt(views: number, rate: number, data: Data): number {
  const usage = usageOf(views, data, { webhooks: true })
  return billOf({ ...usage, logEvents: usage.logEvents * rate }, data).parts.logEvents
}

const listed = (calls: Readonly<Record<string, number>>): string =>
  Object.entries(calls)
    .map(([name, count]) => `${count === 1 ? '' : `${count} × `}\`${name}\``)
    .join(', ')

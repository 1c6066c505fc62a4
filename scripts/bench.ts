/**
 * `npm run bench`: measures the figures of docs/benchmarks.md, each in the same run as what it is compared with, and
 * the figures that docs/capacity.md is calculated from.
 */
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { execPath, exit } from 'node:process'
import { fileURLToPath } from 'node:url'
import { measureCalls } from './bench/calls.ts'
import { measureEdge } from './bench/edge.ts'
import { measureLedger } from './bench/ledger.ts'
import { measurePage } from './bench/page.ts'
import { script } from './options.ts'

script(
  'bench',
  'measures the figures of docs/benchmarks.md and docs/capacity.md, and writes both; about 5 minutes',
).parse()

const root = fileURLToPath(new URL('..', import.meta.url))
type Row = { what: string; measured: string; bound: string; holds: boolean }

const built = spawnSync(execPath, [`${root}esbuild.config.mjs`], { cwd: root, encoding: 'utf8' })
console.log(built.stdout)
console.log('the edge against a bare pass-through, in workerd …')
const edge = await measureEdge()
console.log('a page with and without the tag, on a CPU four times slower …')
const page = await measurePage()
console.log('the ledger, and the calls of a page view and a chat …')
const ledger = await measureLedger()
const calls = await measureCalls()

const ratio = (ours: number, theirs: number): number => ours / theirs
const two = (value: number): string => value.toFixed(2)
const ms = (value: number): string => `${value.toFixed(1)} ms`
const { message, config } = edge

const rows: Row[] = [
  bounded(
    'messages: throughput of the bare one',
    ratio(message.edge.throughput, message.bare.throughput),
    '≥ 0.85',
    (value) => value >= 0.85,
  ),
  bounded(
    'messages: median latency of the bare one',
    ratio(message.edge.median, message.bare.median),
    '≤ 1.15',
    (value) => value <= 1.15,
  ),
  bounded(
    'config: throughput of the bare one',
    ratio(config.edge.throughput, config.bare.throughput),
    '≥ 3',
    (value) => value >= 3,
  ),
  {
    what: 'calls that failed',
    measured: String(message.edge.failed + config.edge.failed),
    bound: '0',
    holds: message.edge.failed + config.edge.failed === 0,
  },
  {
    what: 'CPU a message, whole process',
    measured: ms(edge.cpuPerMessage),
    bound: '< 10 ms',
    holds: edge.cpuPerMessage < 10,
  },
  {
    what: 'CPU a config read, whole process',
    measured: ms(edge.cpuPerConfig),
    bound: '< 10 ms',
    holds: edge.cpuPerConfig < 10,
  },
  {
    what: 'page: script the tag adds at load, CPU 4× slower',
    measured: ms(page.script),
    bound: '≤ 15 ms',
    holds: page.script <= 15,
  },
  { what: 'page: blocking time at load', measured: ms(page.blocking), bound: '0 ms', holds: page.blocking === 0 },
  {
    what: 'page: blocking time on opening the chat',
    measured: ms(page.blockingOnOpen),
    bound: '≤ 50 ms',
    holds: page.blockingOnOpen <= 50,
  },
  { what: 'page: layout shift', measured: two(page.shift), bound: '0', holds: page.shift === 0 },
]

function bounded(what: string, value: number, bound: string, fits: (value: number) => boolean): Row {
  return { what, measured: two(value), bound, holds: fits(value) }
}

const table = rows.map(
  ({ what, measured, bound, holds }) => `| ${what} | ${measured} | ${bound} | ${holds ? 'yes' : '**no**'} |`,
)
const commit = spawnSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root, encoding: 'utf8' }).stdout.trim()
writeFileSync(
  `${root}docs/benchmarks.md`,
  `# Benchmarks

<!-- search: page speed, performance, lighthouse, core web vitals, how big is the script, script size, bundle size, slow page, loading time, seo -->

Measured on ${new Date().toISOString().slice(0, 10)} at commit ${commit} by \`npm run bench\`, on ${cpus().length} cores (${cpus()[0]?.model.trim() ?? 'unknown'}), Node ${process.version}. Ratios are measured side by
side in one run, in turns, on the loopback; absolute times belong to this machine.

| What | Measured | Bound | Holds |
|---|--:|--:|---|
${table.join('\n')}

The bare one is a Worker of five lines that adds the key and passes everything on: it keeps the key in a Worker too, but
checks nothing, counts nothing and lets anybody use it. Both run in workerd itself, ${24} callers at a time, and the
stand-in for Caty takes 100 ms for each answer. With its defences the edge verifies a token and a proof, asks the
ledger twice, seals, parses and writes anew.

CPU of other calls, whole process: a page view's token with its configuration ${ms(edge.cpuOf.token)}, a bound token ${ms(edge.cpuOf.boundToken)}, a session ${ms(edge.cpuOf.session)}, a
preflight ${ms(edge.cpuOf.preflight)}. The ledger reads ${ledger.message.rowsRead.toFixed(0)} rows a message at full pace and writes ${ledger.message.rowsWritten.toFixed(0)}; what all that costs is in [capacity](capacity.md).

Absolute: messages ${message.edge.throughput.toFixed(0)} a second at ${ms(message.edge.median)} (bare ${message.bare.throughput.toFixed(0)} at ${ms(message.bare.median)}); configurations ${config.edge.throughput.toFixed(0)} a second at ${ms(config.edge.median)} (bare ${config.bare.throughput.toFixed(0)} at ${ms(config.bare.median)}).

## Bytes a visitor loads

\`npm run build\` prints the size of every file and fails above these budgets in bytes: brotli 11, and gzip 9 for the Worker.

| Files | Budget |
| --- | --: |
| launcher | 4,300 |
| first open in English | 14,600 |
| first chat in English | 22,000 |
| each chunk | 4,000 |
| chunk rich | 16,000 |
| the Worker | 65,536 |
`,
)
const hundredths = (value: number): number => Math.round(value * 100) / 100
const rounded = ({ rowsRead, rowsWritten }: { rowsRead: number; rowsWritten: number }) => ({
  rowsRead: hundredths(rowsRead),
  rowsWritten: hundredths(rowsWritten),
})
/** The figures that docs/capacity.md is calculated from. */
const figures = {
  measuredOn: new Date().toISOString().slice(0, 10),
  machine: `${cpus().length} cores (${cpus()[0]?.model.trim() ?? 'unknown'}), Node ${process.version}, workerd; the whole process is counted, which is more than is billed`,
  cpuMs: {
    token: hundredths(edge.cpuOf.token),
    boundToken: hundredths(edge.cpuOf.boundToken),
    session: hundredths(edge.cpuOf.session),
    message: hundredths(edge.cpuPerMessage),
    preflight: hundredths(edge.cpuOf.preflight),
  },
  calls,
  ledger: {
    // A message is admitted and answered; an event is accepted, passed on by an alarm, claimed and settled.
    message: { calls: 2, ...rounded(ledger.message) },
    // One permit, for a session.
    call: { calls: 1, ...rounded(ledger.call) },
    event: { calls: 4, ...rounded(ledger.event) },
  },
}
writeFileSync(`${root}scripts/capacity-figures.json`, `${JSON.stringify(figures, undefined, 2)}\n`)
spawnSync(execPath, [`${root}scripts/capacity.ts`], { cwd: root, stdio: 'inherit' })
spawnSync(execPath, [`${root}node_modules/@biomejs/biome/bin/biome`, 'format', '--write', 'docs/benchmarks.md'], {
  cwd: root,
})

for (const { what, measured, bound, holds } of rows)
  console.log(`${holds ? 'holds ' : 'BROKEN'}  ${what.padEnd(52)} ${measured.padStart(10)}  ${bound}`)
exit(rows.every(({ holds }) => holds) ? 0 : 1)

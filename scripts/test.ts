/**
 * `npm test`: every check in one command, the cheap ones first, and one summary at the end. The two long ones spend most of
 * their time waiting for processes and browsers, so they run side by side; what the second says is shown once it is done.
 */
import { spawn } from 'node:child_process'
import { rmSync } from 'node:fs'
import { exit } from 'node:process'
import { fileURLToPath } from 'node:url'
import { failures } from './test-failures.ts'

/** `report`: where vitest writes what became of each test, for a step that is vitest's. */
type Step = { name: string; script: string; report?: string }
type Outcome = Step & { passed: boolean; seconds: number; said: string }

const SHORT: readonly Step[] = [
  { name: 'build and budgets', script: 'build' },
  { name: 'types', script: 'types' },
  { name: 'lint and imports', script: 'lint' },
]
const LONG: readonly [Step, Step] = [
  { name: 'unit: widget, edge, tools, processes', script: 'test:unit', report: '.tmp/test-unit.json' },
  { name: 'end to end: Chromium', script: 'test:e2e', report: '.tmp/test-e2e.json' },
]

const NODE_COMPILE_CACHE = fileURLToPath(new URL('../.tmp/compile-cache', import.meta.url))

/** Shown as it is said, or held back until everything has ended. */
function run(step: Step, heldBack: boolean): Promise<Outcome> {
  const started = performance.now()
  if (!heldBack) console.log(`\n── ${step.name}`)
  if (step.report) rmSync(step.report, { force: true })
  const reporters = step.report
    ? ['--', '--reporter=default', '--reporter=json', `--outputFile.json=${step.report}`]
    : []
  const child = spawn('npm', ['run', '--silent', step.script, ...reporters], {
    stdio: ['ignore', 'pipe', 'pipe'],
    // wrangler is started some eighty times; what Node compiled of it once, it need not compile again.
    env: { NODE_COMPILE_CACHE, ...process.env, ...(process.stdout.isTTY && { FORCE_COLOR: '1' }) },
  })
  const said: Buffer[] = []
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      said.push(chunk)
      if (!heldBack) process.stdout.write(chunk)
    })
  }
  return new Promise((resolve) => {
    child.once('close', (code) => {
      const seconds = (performance.now() - started) / 1000
      resolve({ ...step, passed: code === 0, seconds, said: Buffer.concat(said).toString() })
    })
  })
}

const outcomes: Outcome[] = []
for (const step of SHORT) outcomes.push(await run(step, false))
const [first, second] = await Promise.all([run(LONG[0], false), run(LONG[1], true)])
console.log(`\n── ${second.name}\n${second.said}`)
outcomes.push(first, second)

console.log('\n── summary')
for (const { name, passed, seconds } of outcomes) {
  console.log(`${passed ? 'passed' : 'FAILED'}  ${seconds.toFixed(1).padStart(6)} s  ${name}`)
}
const failed = outcomes.filter((outcome) => !outcome.passed)
// Last, because a CI often keeps only the end: a failure whose name is lost among thousands of lines cannot be mended.
for (const { name, report, said } of failed) {
  console.log(`\n── failed in ${name}`)
  for (const line of failures(report, said)) console.log(line)
}
console.log(`${outcomes.length - failed.length} passed, ${failed.length} failed`)
exit(failed.length === 0 ? 0 : 1)

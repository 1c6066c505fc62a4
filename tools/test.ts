/**
 * `npm test`: every check in one command, the cheap ones first, and one summary at the end. The two long ones spend most of
 * their time waiting for processes and browsers, so they run side by side; what the second says is shown once it is done.
 */
import { spawn } from 'node:child_process'
import { exit } from 'node:process'
import { fileURLToPath } from 'node:url'

type Step = { name: string; script: string }
type Outcome = { name: string; passed: boolean; seconds: number }

const SHORT: readonly Step[] = [
  { name: 'build and budgets', script: 'build' },
  { name: 'types', script: 'types' },
  { name: 'lint and imports', script: 'lint' },
]
const LONG: readonly [Step, Step] = [
  { name: 'unit: widget, edge, tools, processes', script: 'test:unit' },
  { name: 'end to end: Chromium', script: 'test:e2e' },
]

const NODE_COMPILE_CACHE = fileURLToPath(new URL('../.tmp/compile-cache', import.meta.url))

/** Shown at once, or held back until it has ended. */
function run({ name, script }: Step, heldBack: boolean): Promise<Outcome> {
  const started = performance.now()
  const title = `\n── ${name}`
  if (!heldBack) console.log(title)
  const child = spawn('npm', ['run', '--silent', script], {
    stdio: ['ignore', heldBack ? 'pipe' : 'inherit', heldBack ? 'pipe' : 'inherit'],
    // wrangler is started some eighty times; what Node compiled of it once, it need not compile again.
    env: { NODE_COMPILE_CACHE, ...process.env, ...(heldBack && process.stdout.isTTY && { FORCE_COLOR: '1' }) },
  })
  const said: Buffer[] = []
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => said.push(chunk))
  return new Promise((resolve) => {
    child.once('close', (code) => {
      const show = () => heldBack && console.log(`${title}\n${Buffer.concat(said).toString()}`)
      resolve({ name, passed: code === 0, seconds: (performance.now() - started) / 1000 })
      endings.push(show)
    })
  })
}

/** What was held back, in the order in which it ended. */
const endings: (() => unknown)[] = []
const outcomes: Outcome[] = []
for (const step of SHORT) outcomes.push(await run(step, false))
outcomes.push(...(await Promise.all([run(LONG[0], false), run(LONG[1], true)])))
for (const show of endings) show()

console.log('\n── summary')
for (const { name, passed, seconds } of outcomes) {
  console.log(`${passed ? 'passed' : 'FAILED'}  ${seconds.toFixed(1).padStart(6)} s  ${name}`)
}
const failed = outcomes.filter((outcome) => !outcome.passed).length
console.log(`${outcomes.length - failed} passed, ${failed} failed`)
exit(failed === 0 ? 0 : 1)

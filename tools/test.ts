/** `npm test`: every check in one command, the cheap ones first, and one summary at the end. */
import { spawnSync } from 'node:child_process'
import { exit } from 'node:process'

const STEPS: readonly [name: string, command: string, ...args: string[]][] = [
  ['build and budgets', 'npm', 'run', '--silent', 'build'],
  ['types', 'npm', 'run', '--silent', 'types'],
  ['lint and imports', 'npm', 'run', '--silent', 'lint'],
  ['unit: widget, edge, tools', 'npm', 'run', '--silent', 'test:unit'],
  ['end to end: Chromium', 'npm', 'run', '--silent', 'test:e2e'],
]

type Outcome = { name: string; passed: boolean; seconds: number }

const outcomes: Outcome[] = []
for (const [name, command, ...args] of STEPS) {
  console.log(`\n── ${name}`)
  const started = performance.now()
  const { status } = spawnSync(command, args, { stdio: 'inherit' })
  outcomes.push({ name, passed: status === 0, seconds: (performance.now() - started) / 1000 })
}

console.log('\n── summary')
for (const { name, passed, seconds } of outcomes) {
  console.log(`${passed ? 'passed' : 'FAILED'}  ${seconds.toFixed(1).padStart(6)} s  ${name}`)
}
const failed = outcomes.filter((outcome) => !outcome.passed).length
console.log(`${outcomes.length - failed} passed, ${failed} failed`)
exit(failed === 0 ? 0 : 1)

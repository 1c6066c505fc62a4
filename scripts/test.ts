/**
 * `npm test`: every check in one command, the fast ones first. The two slow ones mostly wait for processes and
 * browsers, so they run side by side. A CI often keeps only the end of a log, so each failed test is repeated there
 * with its message. Written by hand, because run-s and run-p print nothing after the last script's output.
 */
import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { execPath, exit, stdout } from 'node:process'
import { PassThrough } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { stripVTControlCharacters } from 'node:util'
import npmRunAll from 'npm-run-all2'
import * as v from 'valibot'
import { script } from './options.ts'

const { reports } = script(
  'test',
  'runs build, types and lint, then the unit tests beside the end-to-end tests, and says at the end what failed',
)
  .option('--reports <folder>', 'says again what failed in the reports of an earlier run, and runs nothing')
  .addHelpText('after', '\nOne project alone:\n  npx vitest run --project "widget|tools|processes|edge*|e2e" [file]')
  .parse()
  .opts<{ reports?: string }>()
const root = fileURLToPath(new URL('..', import.meta.url))
const REPORTS = reports ?? `${root}.tmp/reports`
const LINES_OF_OUTPUT = 40
type Outcome = { name: string; passed: boolean; seconds: number; said: string }

const Results = v.object({ results: v.array(v.object({ name: v.string(), code: v.optional(v.number()) })) })

/** Runs npm scripts side by side. Their output is shown at once, and kept. */
async function run(...scripts: string[]): Promise<Outcome[]> {
  const began = performance.now()
  let said = ''
  const output = new PassThrough().on('data', (chunk: Buffer) => {
    said += chunk.toString()
    stdout.write(chunk)
  })
  const options = {
    parallel: true,
    continueOnError: true,
    printLabel: scripts.length > 1,
    printName: true,
    silent: true,
  }
  const results = await npmRunAll(scripts, { ...options, stdout: output, stderr: output }).catch((error: unknown) => {
    return v.parse(Results, error).results
  })
  const seconds = (performance.now() - began) / 1000
  return (results ?? []).map(({ name, code }) => ({
    name: name.split(' ')[0] ?? name,
    passed: code === 0,
    seconds,
    said,
  }))
}

/** Prints the failed tests of both runs once more, with vitest itself. */
function sayFailures(): void {
  const vitest = [`${root}node_modules/vitest/vitest.mjs`, 'run', '--reporter=agent', `--merge-reports=${REPORTS}`]
  spawnSync(execPath, vitest, { stdio: 'inherit' })
}

if (reports !== undefined) {
  sayFailures()
  exit(0)
}

// wrangler starts some eighty times; Node then reuses the compiled code of the first start.
process.env.NODE_COMPILE_CACHE ??= `${root}.tmp/compile-cache`
if (stdout.isTTY) process.env.FORCE_COLOR ??= '1'
rmSync(REPORTS, { recursive: true, force: true })
const outcomes = [
  ...(await run('build')),
  ...(await run('types')),
  ...(await run('lint')),
  ...(await run('test:unit', 'test:e2e')),
]

console.log('\n── summary')
for (const { name, passed, seconds } of outcomes)
  console.log(`${passed ? 'passed' : 'FAILED'}  ${seconds.toFixed(1).padStart(6)} s  ${name}`)
const failed = outcomes.filter(({ passed }) => !passed)
for (const { name, said } of failed.filter((outcome) => !outcome.name.startsWith('test:'))) {
  console.log(`\n── failed in ${name}`)
  console.log(stripVTControlCharacters(said).trimEnd().split('\n').slice(-LINES_OF_OUTPUT).join('\n'))
}
if (failed.some(({ name }) => name.startsWith('test:'))) sayFailures()
console.log(`${outcomes.length - failed.length} passed, ${failed.length} failed`)
exit(failed.length === 0 ? 0 : 1)

/**
 * `npm run fuzz`: any request to every route of the edge, in workerd, with a Caty that is well and with one that answers
 * anything. `npm test` runs the first few thousand of them; the test itself is test/edge/fuzz.test.ts.
 */
import { spawnSync } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { env, execPath, exit } from 'node:process'
import { fileURLToPath } from 'node:url'
import { InvalidArgumentError } from 'commander'
import { script } from './options.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('Give a whole number.')
  return Number(text)
}

script('fuzz', 'sends any request at all to every route of the edge, in workerd; a failure prints its seed')
  .option('--runs <number>', 'how many requests, a few hundred a second', wholeNumber, 100_000)
  .option('--seed <number>', 'the seed of an earlier run, for the same requests', wholeNumber, randomInt(2 ** 30))
  .action(({ runs, seed }: { runs: number; seed: number }) => {
    console.log(`${runs} requests of seed ${seed}`)
    const vitest = ['run', '--project', 'edge-alone', 'test/edge/fuzz.test.ts']
    const { status } = spawnSync(execPath, [`${root}node_modules/vitest/vitest.mjs`, ...vitest], {
      cwd: root,
      stdio: 'inherit',
      env: { ...env, FUZZ_RUNS: String(runs), FUZZ_SEED: String(seed) },
    })
    exit(status ?? 1)
  })
  .parse()

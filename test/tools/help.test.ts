/** Every program of package.json tells what it would do when it is asked for help, and does nothing. */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { execaNode } from 'execa'
import * as v from 'valibot'
import { expect, it } from 'vitest'

const Manifest = v.object({ scripts: v.record(v.string(), v.string()) })
const { scripts } = v.parse(Manifest, JSON.parse(readFileSync('package.json', 'utf8')))
const OURS = Object.entries(scripts).flatMap(([name, script]) => {
  const [node, ...words] = script.split(' ')
  return node === 'node' && words[0] === 'scripts/run.mjs' ? [[name, words] as const] : []
})

/** What differs from the last commit, and when each of it was written. */
const changed = () => execFileSync('git', ['diff', '--stat'], { encoding: 'utf8' })

it('all programs of ours in TypeScript are started by scripts/run.mjs, which says when npm ci is missing', () => {
  const others = Object.values(scripts).filter((script) => /^node (cli|scripts)\/\S+\.ts/.test(script))
  expect(others.filter((script) => !script.startsWith('node scripts/run.mjs '))).toEqual([])
  expect(OURS.length).toBeGreaterThan(10)
})

it.concurrent.each(OURS)('npm run %s -- --help', async (_name, [file = '', ...words]) => {
  const before = changed()
  const { exitCode, stdout } = await execaNode(file, [...words, '--help'], { reject: false })
  expect(exitCode).toBe(0)
  expect(stdout).toMatch(/^(Usage: |npm run )/)
  expect(stdout.split('\n').length).toBeGreaterThan(3)
  expect(changed()).toBe(before)
})

// The CLI's own refusals are tested in test/cli.
it.concurrent.each(OURS.filter(([, [file]]) => file !== 'cli/index.ts'))(
  'npm run %s refuses what it does not know',
  async (_name, [file = '', ...words]) => {
    const { exitCode, stdout, stderr } = await execaNode(file, [...words, '--no-such-option'], { reject: false })
    expect(exitCode).toBeGreaterThan(0)
    expect(stdout + stderr).toContain('--no-such-option')
  },
)

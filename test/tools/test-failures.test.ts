/** The end of the log of `npm test`: what failed is named there, from the report of a real run of vitest. */
import { spawnSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { failures } from '../../scripts/test-failures.ts'

const VITEST = resolve('node_modules/vitest/vitest.mjs')
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'caty-keyless-'))
})
afterAll(() => rm(folder, { recursive: true }))

/** Runs one file of tests that uses vitest's globals, and gives what `npm test` would say at its end. */
async function ending(test: string): Promise<string> {
  await writeFile(join(folder, 'story.test.js'), test)
  const report = join(folder, 'report.json')
  const args = [
    'run',
    '--root',
    folder,
    '--globals',
    '--no-cache',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
  ]
  const { status, stdout, stderr } = spawnSync(process.execPath, [VITEST, ...args], { encoding: 'utf8' })
  expect(status).toBe(1)
  return failures(report, stdout + stderr).join('\n')
}

it('names a failed test and what it expected, and not the ones that held', async () => {
  const said = await ending(`describe('a shop', () => {
    it('is open', () => {})
    it('counts mugs', () => expect(1 + 1).toBe(3))
  })`)
  expect(said).toMatch(/story\.test\.js > a shop counts mugs/)
  expect(said).toContain('expected 2 to be 3')
  expect(said).not.toContain('is open')
})

it('names a file whose set-up failed', async () => {
  expect(await ending("throw new Error('no browser here')\nit('never ran', () => {})")).toMatch(
    /story\.test\.js[\s\S]*no browser here/,
  )
})

it('shows the end of the output when a run failed and no test did', async () => {
  const said = await ending("it('holds', () => void Promise.reject(new Error('left alone')))")
  expect(said).toContain('left alone')
})

it('shows the end of the output of a step without a report', () => {
  expect(failures(undefined, `${'line\n'.repeat(100)}the last word\n`).at(-1)).toBe('the last word')
  expect(failures(undefined, 'line\n'.repeat(100))).toHaveLength(40)
})

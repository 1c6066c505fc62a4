/** The end of the output of `npm test` names what failed, taken from the reports of a real vitest run. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { execaNode } from 'execa'
import { expect, it } from 'vitest'

it('names failed tests, files that fail to load and errors outside of tests, but no passed test', async () => {
  const cwd = mkdtempSync(join(tmpdir(), 'caty-keyless-log-'))
  writeFileSync(join(cwd, 'open.test.js'), `it('is open', () => {})`)
  writeFileSync(
    join(cwd, 'shop.test.js'),
    `describe('a shop', () => { it('counts mugs', () => expect(1 + 1).toBe(3)) })`,
  )
  writeFileSync(join(cwd, 'broken.test.js'), `throw new Error('no browser here')`)
  writeFileSync(join(cwd, 'late.test.js'), `it('holds', () => void Promise.reject(new Error('left alone')))`)
  const run = (file: string, ...words: string[]) => execaNode(resolve(file), words, { cwd, reject: false, all: true })
  const vitest = await run(
    'node_modules/vitest/vitest.mjs',
    ...['run', '--globals', '--no-cache', '--reporter=blob', '--outputFile.blob=reports/a.json'],
  )
  const { all, exitCode } = await run('scripts/test.ts', '--reports', 'reports')
  rmSync(cwd, { recursive: true })
  expect([vitest.exitCode, exitCode]).toEqual([1, 0])
  const said = stripVTControlCharacters(String(all))
  expect(said).toMatch(/FAIL .*shop\.test\.js > a shop > counts mugs/)
  for (const word of ['expected 2 to be 3', 'no browser here', 'left alone']) expect(said).toContain(word)
  expect(said).not.toContain('is open')
})

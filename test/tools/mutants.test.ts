/**
 * A complete run of the mutants takes 20 minutes and is started by hand. These tests check quickly that it can still
 * run.
 */
import { existsSync, readFileSync } from 'node:fs'
import { execaNode } from 'execa'
import { expect, it } from 'vitest'
import { MUTANTS, readMutants } from '../../scripts/mutants.ts'

it.each(MUTANTS.map((mutant) => [mutant.defence, mutant] as const))(
  'the mutant exists in the sources: %s',
  (_defence, mutant) => {
    expect(readFileSync(mutant.file, 'utf8').split(mutant.find)).toHaveLength(2)
    expect(mutant.instead).not.toBe(mutant.find)
    expect(existsSync(mutant.test)).toBe(true)
  },
)

it('a line that belongs to no mutant is refused', () => {
  expect(() => readMutants('Said first.\n\n## threat\n\n- a\n')).toThrow('“- a” is no part of a mutant')
})

it('a word that matches no defence prints a sentence and exits with 1', async () => {
  const { exitCode, stderr } = await execaNode('scripts/mutants.ts', ['no-such-word'], { reject: false })
  expect([exitCode, stderr]).toEqual([1, expect.stringContaining('No mutant')])
})

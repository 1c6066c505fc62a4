/** The check of the checks takes 20 minutes and runs by hand; that it still can, this says at once. */
import { existsSync, readFileSync } from 'node:fs'
import { execaNode } from 'execa'
import { expect, it } from 'vitest'
import { MUTANTS, readMutants } from '../../scripts/mutants.ts'

it.each(MUTANTS.map((mutant) => [mutant.defence, mutant] as const))('can take out: %s', (_defence, mutant) => {
  expect(readFileSync(mutant.file, 'utf8').split(mutant.find)).toHaveLength(2)
  expect(mutant.instead).not.toBe(mutant.find)
  expect(existsSync(mutant.test)).toBe(true)
})

it('a line that is no part of a mutant is refused', () => {
  expect(() => readMutants('Said first.\n\n## threat\n\n- a\n')).toThrow('“- a” is no part of a mutant')
})

it('a word that names no defence ends with 1, and says so', async () => {
  const { exitCode, stderr } = await execaNode('scripts/mutants.ts', ['no-such-word'], { reject: false })
  expect([exitCode, stderr]).toEqual([1, expect.stringContaining('No mutant')])
})

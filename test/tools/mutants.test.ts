/** The check of the checks takes 20 minutes and runs by hand; that it still can, this says at once. */
import { existsSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { MUTANTS } from '../../scripts/mutants/list.ts'

it.each(MUTANTS.map((mutant) => [mutant.defence, mutant] as const))('can take out: %s', (_defence, mutant) => {
  expect(readFileSync(mutant.file, 'utf8').split(mutant.find)).toHaveLength(2)
  expect(existsSync(mutant.test)).toBe(true)
})

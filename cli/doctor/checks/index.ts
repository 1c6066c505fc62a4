/** Every check, in the order of the report: the ones over all answers come last. */
import type { Check } from '../check.ts'
import { headerChecks, lastChecks } from './answers.ts'
import { assetChecks } from './assets.ts'
import { bodyChecks, chatChecks } from './bodies.ts'
import { callChecks } from './calls.ts'
import { originChecks } from './origins.ts'
import { proofChecks } from './proofs.ts'
import { configChecks, reachChecks } from './reach.ts'
import { tokenChecks } from './tokens.ts'

const ORDINARY: readonly Check[] = [
  ...reachChecks,
  ...originChecks,
  ...tokenChecks,
  ...proofChecks,
  ...callChecks,
  ...bodyChecks,
  ...headerChecks,
  ...configChecks,
  ...assetChecks,
  ...chatChecks,
]

/** The slow ones run beside the others and are waited for at the end; the flood uses up this address for a minute. */
export const CHECKS: readonly Check[] = [
  ...ORDINARY.filter(({ slow }) => !slow),
  ...ORDINARY.filter(({ slow }) => slow),
  ...lastChecks,
]

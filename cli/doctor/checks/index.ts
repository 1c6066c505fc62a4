/** Every check, in the order of the report: the ones over all answers come last. */
import type { Check } from '../check.ts'
import { assetChecks } from './assets.ts'
import { bodyChecks } from './bodies.ts'
import { chatChecks } from './chat.ts'
import { configChecks } from './config.ts'
import { forgeryChecks } from './forgery.ts'
import { headerChecks, lastHeaderChecks } from './headers.ts'
import { keyChecks } from './key.ts'
import { floodChecks, limitChecks } from './limits.ts'
import { originChecks } from './origins.ts'
import { pathChecks } from './paths.ts'
import { proofChecks } from './proof.ts'
import { reachChecks } from './reach.ts'
import { scopeChecks } from './scope.ts'
import { tokenChecks } from './token.ts'

const ORDINARY: readonly Check[] = [
  ...reachChecks,
  ...originChecks,
  ...tokenChecks,
  ...forgeryChecks,
  ...proofChecks,
  ...scopeChecks,
  ...pathChecks,
  ...bodyChecks,
  ...limitChecks,
  ...headerChecks,
  ...configChecks,
  ...assetChecks,
  ...chatChecks,
]

/** The slow ones run beside the others and are waited for at the end; the flood uses up this address for a minute. */
export const CHECKS: readonly Check[] = [
  ...ORDINARY.filter(({ slow }) => !slow),
  ...ORDINARY.filter(({ slow }) => slow),
  ...floodChecks,
  ...lastHeaderChecks,
  ...keyChecks,
]

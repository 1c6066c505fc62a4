/** All planted faults by name. */
import { answerFaults } from './answer-faults.ts'
import { assetFaults } from './asset-faults.ts'
import type { Fault } from './fault.ts'
import { tokenFaults } from './token-faults.ts'

export const FAULTS: Readonly<Record<string, Fault>> = { ...tokenFaults, ...answerFaults, ...assetFaults }

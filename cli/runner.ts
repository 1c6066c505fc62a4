/** Runs one command of the CLI as a program of its own: `npm start`, `npm run doctor` and `npm run webhooks`. */
import { argv, exit } from 'node:process'
import { type Factory, runProgram } from './base/program.ts'
import { realWorld } from './base/world.ts'

export async function runAlone(factory: Factory): Promise<never> {
  exit(await runProgram([factory], [factory().name(), ...argv.slice(2)], realWorld()))
}

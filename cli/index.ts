/** The CLI: `npx caty-keyless`, and in a clone `npm run tenant` and its siblings. Each command has a file of its own. */
import { realpathSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type Factory, runProgram } from './base/program.ts'
import { realWorld, type World } from './base/world.ts'
import { releaseCommand } from './release/command.ts'
import { checkCommand } from './tenant/check.ts'
import { deployCommand } from './tenant/deploy.ts'
import { listCommand } from './tenant/list.ts'
import { newCommand } from './tenant/new.ts'
import { removeCommand } from './tenant/remove.ts'
import { rollbackCommand } from './tenant/rollback.ts'
import { rolloutCommand } from './tenant/rollout.ts'
import { rotateCommand } from './tenant/rotation/index.ts'

/** In the order of `--help`. */
export const COMMANDS: readonly Factory[] = [
  newCommand,
  checkCommand,
  deployCommand,
  rolloutCommand,
  rollbackCommand,
  rotateCommand,
  listCommand,
  removeCommand,
  releaseCommand,
]

/** Runs one command line and resolves with its exit code. Tests bring parts of the world of their own. */
export const main = (args: readonly string[], world: Partial<World> = {}): Promise<number> =>
  runProgram(COMMANDS, args, { ...realWorld(), ...world })

const [, started = '', ...words] = process.argv
// npx starts a link to this file.
if (started !== '' && realpathSync(started) === fileURLToPath(import.meta.url)) {
  const code = await main(words)
  // A command of its own kind may have set one.
  if (code !== 0) process.exitCode = code
}

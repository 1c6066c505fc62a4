/** The CLI: `npx caty-keyless`, and in a clone `npm run tenant` and its siblings. Each command has a file of its own. */
import { realpathSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type Factory, runProgram } from './base/program.ts'
import { realWorld, type World } from './base/world.ts'
import { doctorCommand } from './doctor/command.ts'
import { releaseCommand } from './release/command.ts'
import { startCommand } from './start/command.ts'
import { checkCommand } from './tenant/check.ts'
import { deployCommand } from './tenant/deploy.ts'
import { listCommand } from './tenant/list.ts'
import { newCommand } from './tenant/new.ts'
import { removeCommand } from './tenant/remove.ts'
import { rollbackCommand } from './tenant/rollback.ts'
import { rolloutCommand } from './tenant/rollout.ts'
import { rotateCommand } from './tenant/rotation/command.ts'
import { webhooksCommand } from './webhooks/command.ts'

/** In the order of `--help`. */
export const COMMANDS: readonly Factory[] = [
  startCommand,
  newCommand,
  checkCommand,
  deployCommand,
  rolloutCommand,
  rollbackCommand,
  rotateCommand,
  listCommand,
  removeCommand,
  doctorCommand,
  webhooksCommand,
  releaseCommand,
]

/** Runs one command line and resolves with its exit code. Tests bring parts of the world of their own. */
export const main = (args: readonly string[], world: Partial<World> = {}): Promise<number> =>
  runProgram(COMMANDS, args, { ...realWorld(), ...world })

const [, started = '', ...words] = process.argv
// Whoever reads our output may have seen enough, as `head` has.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
})
// npx starts a link to this file.
if (started !== '' && realpathSync(started) === fileURLToPath(import.meta.url)) {
  // At once: a server that was ended, or a connection that is kept, must not hold the process.
  process.exit(await main(words))
}

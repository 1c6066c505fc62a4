/** Runs one command as a program: `npm start`, `npm run doctor` and `npm run webhooks` are each one command of the CLI. */
import { argv, exit } from 'node:process'
import { type Command, CommanderError } from 'commander'
import { UserMistake } from './start/ports.ts'

/** The command line itself is wrong. */
const USAGE = 2

/** Ends the process: 0 or what the action put into `process.exitCode`, 1 for a mistake, `usage` for a wrong command line. */
export async function runAlone(
  command: Command,
  { name, usage = USAGE }: { name: string; usage?: number },
): Promise<never> {
  command.name(name).exitOverride()
  try {
    await command.parseAsync(argv.slice(2), { from: 'user' })
    exit()
  } catch (error) {
    // commander has said what it had to say.
    if (error instanceof CommanderError) exit(error.exitCode === 0 ? 0 : usage)
    console.error(error instanceof UserMistake ? error.message : error)
    exit(1)
  }
}

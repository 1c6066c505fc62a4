/** The command line of a script of the team. */
import { Command } from 'commander'

/**
 * To be parsed before the script does anything: `--help` tells what it would do and ends, and a word that the script does
 * not know is refused. `name` is the one in package.json.
 */
export const script = (name: string, description: string): Command =>
  new Command(`npm run ${name} --`).description(description).allowExcessArguments(false).showSuggestionAfterError()

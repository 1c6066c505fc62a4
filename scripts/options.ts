/** The command line of a team script. */
import { Command } from 'commander'

/**
 * Parse this before the script does anything: `--help` prints what the script would do and ends it, and an unknown
 * word is refused. `name` is the script's name in package.json.
 */
export const script = (name: string, description: string): Command =>
  new Command(`npm run ${name} --`).description(description).allowExcessArguments(false).showSuggestionAfterError()

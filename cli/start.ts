import { runAlone } from './runner.ts'
import { startCommand } from './start/command.ts'

await runAlone(startCommand)

import { doctorCommand } from './doctor/command.ts'
import { runAlone } from './runner.ts'

await runAlone(doctorCommand)

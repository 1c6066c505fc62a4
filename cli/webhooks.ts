import { runAlone } from './runner.ts'
import { webhooksCommand } from './webhooks/command.ts'

await runAlone(webhooksCommand)

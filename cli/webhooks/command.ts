/**
 * `webhooks list|retry`: the webhooks that a deployed edge could not deliver, and sending them again. Needs the Worker's
 * TOKEN_SECRETS: the key that signs the question is derived from it.
 */
import { Command } from 'commander'
import { Mistake } from '../base/mistake.ts'
import { worldOf } from '../base/world.ts'
import { askDeadLetters, type DeadLetters, EdgeFailed } from './ask.ts'

const FAILED = 3
const DEAD = 1
const HELP = `
TOKEN_SECRETS in the environment must hold the same as the Worker's; the first of them signs.

Examples:
  npm run webhooks -- list --url https://chat.example.com
  npm run webhooks -- retry --url https://chat.example.com evt_1 evt_2

Exit codes: 0 done, and for list: none is dead · ${DEAD} list: there are dead letters ·
2 a mistake in the command line or in its settings · ${FAILED} the edge could not be asked.`

export const webhooksCommand = (): Command => {
  const webhooks = new Command('webhooks')
    .description('the webhooks that a deployed edge could not deliver, and sending them again')
    .addHelpText('after', HELP)
  const add = (name: string, description: string, ids: boolean) => {
    const command = new Command(name)
      .description(description)
      .option('--url <origin>', 'the edge, as https://chat.example.com; default: PUBLIC_URL of the environment')
      .option('--json', 'one JSON object on stdout, for scripts')
      .addHelpText('after', HELP)
    if (ids) command.argument('[id...]', 'dead letters by their id; all of them when none is named')
    webhooks.addCommand(command)
    return command
  }
  add('list', 'lists the dead letters: events that were tried ten times and not taken', false).action(function action(
    this: Command,
  ) {
    return asked(this, async (url, secrets) => {
      const { terminal } = worldOf(this)
      const letters = await askDeadLetters(url, secrets, { action: 'list' })
      terminal.result(letters)
      terminal.say(asText(letters))
      return letters.dead.length === 0 ? 0 : DEAD
    })
  })
  add('retry', 'sends dead letters again, all or those named', true).action(function action(
    this: Command,
    ids: string[],
  ) {
    return asked(this, async (url, secrets) => {
      const { terminal } = worldOf(this)
      const { revived } = await askDeadLetters(url, secrets, { action: 'retry', ...(ids.length > 0 && { ids }) })
      terminal.result({ revived })
      terminal.say(`${revived} on the way again.`)
      return 0
    })
  })
  return webhooks
}

/** Does the work with the edge and the secrets that the command line and the environment name. */
async function asked(command: Command, work: (url: string, secrets: string) => Promise<number>): Promise<void> {
  const { world, terminal, endWith } = worldOf(command)
  const { url: word } = command.opts<{ url?: string }>()
  const url = word ?? world.env.PUBLIC_URL ?? ''
  if (!/^https?:\/\//.test(url) || !URL.canParse(url)) {
    const what = word === undefined ? 'Say which edge' : `--url ${word} is no URL`
    throw new Mistake('usage', `${what}: --url https://chat.example.com, or set PUBLIC_URL.`)
  }
  const secrets = world.env.TOKEN_SECRETS
  if (!secrets) throw new Mistake('usage', "TOKEN_SECRETS is missing: the environment must hold the Worker's.")
  try {
    endWith(await work(new URL(url).origin, secrets))
  } catch (error) {
    if (!(error instanceof EdgeFailed)) throw error
    terminal.refuse(new Mistake('mistake', error.message))
    endWith(FAILED)
  }
}

function asText({ waiting, dead }: DeadLetters): string {
  const row = (...[id = '', event = '', received = '', attempts = '', fault = '']: string[]) =>
    [id.padEnd(36), event.padEnd(20), received.padEnd(24), attempts.padStart(8), fault].join('  ')
  const rows = dead.map(({ id, event, received, attempts, fault }) => row(id, event, received, String(attempts), fault))
  const table =
    rows.length === 0
      ? 'No dead letters.'
      : [row('id', 'event', 'received', 'attempts', 'last fault'), ...rows].join('\n')
  return `${table}\n${waiting} ${waiting === 1 ? 'event waits' : 'events wait'} for delivery.`
}

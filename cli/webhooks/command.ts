/**
 * `webhooks list|show|retry|discard`: the webhooks that a deployed edge could not deliver. Needs the Worker's TOKEN_SECRETS:
 * the key that signs the question is derived from it.
 */
import { Command } from 'commander'
import { Mistake } from '../base/mistake.ts'
import { worldOf } from '../base/world.ts'
import { type Answer, askDeadLetters, EdgeFailed } from './ask.ts'

const FAILED = 3
const DEAD = 1
const HELP = `
TOKEN_SECRETS in the environment must hold the same as the Worker's; the first of them signs.

Examples:
  npm run webhooks -- list --url https://chat.example.com
  npm run webhooks -- show --url https://chat.example.com msg_1
  npm run webhooks -- retry --url https://chat.example.com msg_1 msg_2
  npm run webhooks -- discard --url https://chat.example.com --all

Exit codes: 0 done, and for list: none is dead · ${DEAD} list: there are dead letters ·
2 a mistake in the command line or in its settings · ${FAILED} the edge could not be asked.`

export const webhooksCommand = (): Command => {
  const webhooks = new Command('webhooks')
    .description('the webhooks that a deployed edge could not deliver, and sending them again')
    .addHelpText('after', HELP)
  const add = (name: string, description: string, ids = '') => {
    const command = new Command(name)
      .description(description)
      .option('--url <origin>', 'the edge, as https://chat.example.com; default: PUBLIC_URL of the environment')
      .option('--json', 'one JSON object on stdout, for scripts')
      .addHelpText('after', HELP)
    if (ids !== '') command.argument(ids, 'dead letters by their id')
    webhooks.addCommand(command)
    return command
  }
  add('list', 'lists the dead letters: events that were tried ten times and not taken').action(function action(
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
  add('show', 'prints what Caty sent, with what it says of the visitor', '<id>').action(function action(
    this: Command,
    id: string,
  ) {
    return asked(this, async (url, secrets) => {
      const { terminal } = worldOf(this)
      const { letter } = await askDeadLetters(url, secrets, { action: 'show', id })
      if (letter === null) throw new Mistake('usage', `There is no dead letter ${id}: list shows those that there are.`)
      terminal.result(letter)
      terminal.say(Buffer.from(letter.body, 'base64').toString())
      return 0
    })
  })
  add('retry', 'sends dead letters again, all or those named', '[id...]').action(function action(
    this: Command,
    ids: string[],
  ) {
    return asked(this, async (url, secrets) => {
      const { terminal } = worldOf(this)
      const named = ids.length > 0 ? ids : undefined
      const { revived } = await askDeadLetters(url, secrets, { action: 'retry', ids: named })
      terminal.result({ revived })
      terminal.say(`${revived} on the way again.`)
      return 0
    })
  })
  add('discard', 'deletes the dead letters that are named, or all', '[id...]')
    .option('--all', 'all of them')
    .action(function action(this: Command, ids: string[]) {
      if (ids.length > 0 === (this.opts<{ all?: true }>().all ?? false))
        throw new Mistake('usage', 'discard needs the ids of dead letters, or --all.')
      return asked(this, async (url, secrets) => {
        const { terminal } = worldOf(this)
        const named = ids.length > 0 ? ids : undefined
        const { discarded } = await askDeadLetters(url, secrets, { action: 'discard', ids: named })
        terminal.result({ discarded })
        terminal.say(`${discarded} discarded.`)
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

function asText({ waiting, total, dead }: Answer<'list'>): string {
  const row = (...[id = '', event = '', received = '', attempts = '', fault = '']: string[]) =>
    [id.padEnd(36), event.padEnd(20), received.padEnd(24), attempts.padStart(8), fault].join('  ')
  const rows = dead.map(({ id, event, received, attempts, fault }) => row(id, event, received, String(attempts), fault))
  const table =
    rows.length === 0
      ? 'No dead letters.'
      : [row('id', 'event', 'received', 'attempts', 'last fault'), ...rows].join('\n')
  const more = total > dead.length ? `\n… and ${total - dead.length} more` : ''
  return `${table}${more}\n${waiting} ${waiting === 1 ? 'event waits' : 'events wait'} for delivery.`
}

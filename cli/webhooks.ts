/**
 * `npm run webhooks -- list|retry`: the webhooks that a deployed edge could not deliver, and sending them again. Needs the
 * Worker's TOKEN_SECRETS: the key that signs the question is derived from it.
 */
import { argv, env, exit } from 'node:process'
import { parseArgs } from 'node:util'
import { UserMistake } from './start/ports.ts'
import { askDeadLetters, type DeadLetters } from './webhooks/ask.ts'

const HELP = `npm run webhooks -- <command> [options]

  list            the dead letters: events that were tried ten times and not taken
  retry [id …]    sends dead letters again, all or those named

  --url <origin>  the edge, as https://chat.example.com (default: PUBLIC_URL)
  --json          one JSON value on the standard output, for programs
  --help          this text

TOKEN_SECRETS must hold the same as the Worker's; the first of them signs.
Exit codes: 0 done, and for list: none is dead; 1 list: there are dead letters;
2 a mistake in the command or its settings; 3 the edge could not be asked.
`

type Command = { json: boolean; url: string; secrets: string; verb: 'list' | 'retry'; ids: string[] }

/** `undefined` when help was asked for. Throws `UserMistake`. */
function commandOf(words: string[]): Command | undefined {
  const { values, positionals } = parsed(words)
  if (values.help) return undefined
  const [verb, ...ids] = positionals
  if (verb !== 'list' && verb !== 'retry') throw new UserMistake('Say list or retry; --help tells more.')
  if (verb === 'list' && ids.length > 0) throw new UserMistake('list takes no ids.')
  const url = values.url ?? env.PUBLIC_URL ?? ''
  if (!URL.canParse(url)) throw new UserMistake('Say which edge: --url https://chat.example.com, or set PUBLIC_URL.')
  const secrets = env.TOKEN_SECRETS ?? ''
  return { json: values.json ?? false, url: new URL(url).origin, secrets, verb, ids }
}

function parsed(words: string[]) {
  const options = { url: { type: 'string' }, json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } } as const
  try {
    return parseArgs({ args: words, options, allowPositionals: true })
  } catch (error) {
    throw new UserMistake(error instanceof Error ? error.message : String(error))
  }
}

async function main(): Promise<number> {
  const command = commandOf(argv.slice(2))
  if (!command) {
    console.log(HELP)
    return 0
  }
  const { url, secrets, verb, ids, json } = command
  if (verb === 'list') {
    const letters = await askDeadLetters(url, secrets, { action: 'list' })
    console.log(json ? JSON.stringify(letters) : asText(letters))
    return letters.dead.length === 0 ? 0 : 1
  }
  const { revived } = await askDeadLetters(url, secrets, { action: 'retry', ...(ids.length > 0 && { ids }) })
  console.log(json ? JSON.stringify({ revived }) : `${revived} on the way again.`)
  return 0
}

function asText({ waiting, dead }: DeadLetters): string {
  const rows = dead.map(({ id, event, received, attempts, fault }) =>
    [id.padEnd(36), event.padEnd(20), received, String(attempts).padStart(8), fault].join('  '),
  )
  const head = ['id'.padEnd(36), 'event'.padEnd(20), 'received'.padEnd(24), 'attempts', 'last fault'].join('  ')
  const table = rows.length === 0 ? 'No dead letters.' : [head, ...rows].join('\n')
  return `${table}\n${waiting} ${waiting === 1 ? 'event waits' : 'events wait'} for delivery.`
}

main().then(exit, (error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error))
  exit(error instanceof UserMistake ? 2 : 3)
})

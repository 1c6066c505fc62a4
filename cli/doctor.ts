/** `npm run doctor -- https://…`: attacks a deployed edge from outside, gently, and says what to do about what it finds. */
import { argv, env, exit, stdout } from 'node:process'
import { setTimeout as wait } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import type { Check } from './doctor/check.ts'
import { CHECKS } from './doctor/checks/index.ts'
import { isLocal } from './doctor/checks/reach.ts'
import { examine } from './doctor/examine.ts'
import { EXIT, exitCode, painter, reportJson, summaryText, verdictText } from './doctor/report.ts'
import { HttpWire } from './doctor/wire.ts'

/** Requests at most; a gentle run takes about 150 of them, in half a minute. */
const GENTLE = 200
const THOROUGH = 400

const HELP = `npm run doctor -- <url> [--origin <origin>]…
npm run doctor -- https://chat.shop.example --origin https://shop.example

Attacks a deployed edge of Caty Keyless from outside and prints a verdict a line, with what to do.
It only examines your own edges: run it against nobody else's.

  --origin <origin>  a page's origin that the edge allows; a second one tries tokens across pages
  --widget <id>      a widget of the edge (default: default)
  --thorough         up to ${THOROUGH} requests instead of ${GENTLE}: waits for a token to end, and floods /token
                     until this address is stopped for a minute
  --chat             opens two sessions and sends one message: Caty sees them, your quota pays them
  --only <ids>       these checks alone, comma separated; --skip <ids> all but these
  --list             the checks, and what they are about
  --json             the report for a script
  --help             this text

Without --chat no message reaches Caty. What can: /health and reading the configuration, both kept by the
edge for a minute. Everything else is refused before, or is a finding.
CATY_API_KEY in the environment: its parts are looked for in everything received. It is never sent.

Exit code: ${EXIT.sound} nothing found, ${EXIT.warning} warnings, ${EXIT.serious} serious, ${EXIT.critical} critical, ${EXIT.refused} not an edge or not reachable, ${EXIT.usage} wrong usage.
`

class WrongUsage extends Error {}

function readArguments(words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      allowPositionals: true,
      options: {
        origin: { type: 'string', multiple: true },
        widget: { type: 'string', default: 'default' },
        thorough: { type: 'boolean', default: false },
        chat: { type: 'boolean', default: false },
        only: { type: 'string' },
        skip: { type: 'string' },
        list: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    })
  } catch (error) {
    throw new WrongUsage(error instanceof Error ? error.message : String(error))
  }
}

type Chosen = ReturnType<typeof readArguments>['values']

function chosenChecks({ only, skip, thorough, chat }: Chosen): Check[] {
  const named = (list: string | undefined): string[] | undefined => list?.split(',').map((id) => id.trim())
  const [wanted, left] = [named(only), named(skip) ?? []]
  for (const id of [...(wanted ?? []), ...left]) {
    if (!CHECKS.some((check) => check.id === id))
      throw new WrongUsage(`There is no check ${id}: --list names them all.`)
  }
  return CHECKS.filter(
    (check) =>
      (wanted ? wanted.includes(check.id) : true) &&
      !left.includes(check.id) &&
      (check.only === undefined || (check.only === 'thorough' ? thorough : chat)),
  )
}

function edgeUrl(word: string | undefined): URL {
  if (word === undefined) throw new WrongUsage('Name the edge: npm run doctor -- https://chat.shop.example')
  if (!/^https?:\/\//i.test(word) || !URL.canParse(word))
    throw new WrongUsage(`${word} is no URL: write https://${word.replace(/^.*:\/\//, '')}`)
  const url = new URL(word)
  if (url.pathname !== '/' || url.search !== '') throw new WrongUsage(`Leave the path out: ${url.origin}`)
  return url
}

function pageOrigin(word: string): string {
  if (URL.canParse(word) && new URL(word).origin === word) return word
  const meant = URL.canParse(word) ? new URL(word).origin : `https://${word}`
  throw new WrongUsage(`--origin ${word} is no origin: write ${meant === 'null' ? 'https://shop.example' : meant}`)
}

async function main(): Promise<number> {
  const { values, positionals } = readArguments(argv.slice(2))
  if (values.help) {
    console.log(HELP)
    return EXIT.sound
  }
  if (values.list) {
    for (const { id, severity, title, only } of CHECKS)
      console.log(`${id.padEnd(18)} ${severity.padEnd(9)} ${title}${only ? ` (--${only})` : ''}`)
    return EXIT.sound
  }
  const url = edgeUrl(positionals[0])
  const checks = chosenChecks(values)
  const wire = new HttpWire(url.origin, values.thorough ? THOROUGH : GENTLE, () => new Date())
  const paint = painter(stdout.isTTY === true && !env.NO_COLOR)
  const say = (line: string) => {
    if (!values.json) console.log(line)
  }
  say(
    `Examining ${url.origin}${isLocal(url) ? ', on this machine' : ''}: ${checks.length} checks, at most ${wire.limit} requests. No message goes to Caty${values.chat ? ' but one' : ''}.\n`,
  )
  const examination = await examine({
    url,
    origins: (values.origin ?? []).map(pageOrigin),
    widget: values.widget,
    checks,
    wire,
    now: () => new Date(),
    wait: (ms) => wait(Math.max(0, ms)),
    thorough: values.thorough,
    secrets: [env.CATY_API_KEY ?? '', env.CATY_API_KEY_NEXT ?? ''].filter((secret) => secret !== ''),
    progress: (verdict) => say(verdictText(verdict, paint)),
  })
  wire.close()
  if (examination.kind === 'refused') {
    if (values.json) console.log(JSON.stringify({ exit: EXIT.refused, refused: examination.why }))
    else console.error(examination.why)
    return EXIT.refused
  }
  if (values.json) console.log(reportJson(examination.report))
  else console.log(`\n${summaryText(examination.report)}`)
  return exitCode(examination.report)
}

main().then(exit, (error: unknown) => {
  console.error(error instanceof WrongUsage ? error.message : error)
  exit(error instanceof WrongUsage ? EXIT.usage : 1)
})

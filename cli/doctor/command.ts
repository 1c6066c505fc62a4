/** `doctor <url>`: attacks a deployed edge from outside, gently, and says what to do about what it finds. */
import { setTimeout as wait } from 'node:timers/promises'
import { Command } from 'commander'
import { Mistake } from '../base/mistake.ts'
import { didYouMean } from '../base/nearest.ts'
import { worldOf } from '../base/world.ts'
import type { Check } from './check.ts'
import { CHECKS } from './checks/index.ts'
import { examine } from './examine.ts'
import { isLocal } from './identify.ts'
import { EXIT, exitCode, summaryText, verdictText } from './report.ts'
import { HttpWire } from './wire.ts'

/** Requests at most; a gentle run takes about 150 of them, in half a minute. */
const GENTLE = 200
const THOROUGH = 400

const HELP = `
It only examines your own edges: run it against nobody else's. Without --chat no message reaches Caty. What can: /health
and reading the configuration, both kept by the edge for a minute. Everything else is refused before, or is a finding.
CATY_API_KEY in the environment: its parts are looked for in everything received. It is never sent.

Examples:
  npm run doctor -- https://chat.shop.example --origin https://shop.example
  npm run doctor -- https://chat.shop.example --only tls,key-canary --json

Exit codes: ${EXIT.sound} nothing found · ${EXIT.warning} warnings · ${EXIT.serious} serious · ${EXIT.critical} critical · ${EXIT.refused} not an edge or not reachable · ${EXIT.usage} wrong usage.`

type Options = {
  origin?: string[]
  widget: string
  thorough?: true
  chat?: true
  only?: string
  skip?: string
  list?: true
}

export const doctorCommand = (): Command =>
  new Command('doctor')
    .description('attacks a deployed edge of yours from outside and prints a verdict a line, with what to do')
    .argument('[url]', 'the edge, as https://chat.shop.example')
    .option(
      '--origin <origin>',
      "a page's origin that the edge allows; a second one tries tokens across pages",
      (origin: string, before: string[] = []) => [...before, origin],
    )
    .option('--widget <id>', 'a widget of the edge', 'default')
    .option(
      '--thorough',
      `up to ${THOROUGH} requests instead of ${GENTLE}: waits for a token to end, and floods /token until this address is stopped for a minute`,
    )
    .option('--chat', 'opens two sessions and sends one message: Caty sees them, your quota pays them')
    .option('--only <ids>', 'these checks alone, comma separated')
    .option('--skip <ids>', 'all checks but these')
    .option('--list', 'the checks, and what they are about')
    .option('--json', 'the report as one JSON object on stdout, for scripts')
    .addHelpText('after', HELP)
    .action(async function action(this: Command, url: string | undefined) {
      const { terminal, endWith } = worldOf(this)
      try {
        endWith(await run(this, url, this.opts<Options>()))
      } catch (error) {
        if (!(error instanceof Mistake) || error.ending !== 'usage') throw error
        terminal.refuse(error)
        endWith(EXIT.usage)
      }
    })

/** Resolves with the exit code. Throws `Mistake` for words that cannot be right. */
async function run(command: Command, word: string | undefined, options: Options): Promise<number> {
  const { world, terminal } = worldOf(command)
  const { origin = [], widget, thorough = false, chat = false } = options
  if (options.list) {
    for (const { id, severity, title, only } of CHECKS)
      terminal.say(`${id.padEnd(18)} ${severity.padEnd(9)} ${title}${only ? ` (--${only})` : ''}`)
    terminal.result({ checks: CHECKS.map(({ id, severity, title, only }) => ({ id, severity, title, only })) })
    return EXIT.sound
  }
  const url = edgeUrl(word)
  const origins = origin.map(pageOrigin)
  const checks = chosenChecks(options)
  const { now } = world.clock
  const wire = new HttpWire(url.origin, thorough ? THOROUGH : GENTLE, now)
  terminal.say(
    `Examining ${url.origin}${isLocal(url) ? ', on this machine' : ''}: ${checks.length} checks, at most ${wire.limit} requests. No message goes to Caty${chat ? ' but one' : ''}.\n`,
  )
  const examination = await examine({
    ...{ url, origins, widget, checks, wire, now },
    wait: (ms) => wait(Math.max(0, ms)),
    secrets: [world.env.CATY_API_KEY ?? '', world.env.CATY_API_KEY_NEXT ?? ''].filter((secret) => secret !== ''),
    progress: (verdict) => terminal.say(verdictText(verdict, (colour, text) => terminal.paint(colour, text))),
  })
  wire.close()
  if (examination.kind === 'refused') {
    terminal.result({ exit: EXIT.refused, refused: examination.why })
    terminal.note(examination.why)
    return EXIT.refused
  }
  const { report } = examination
  terminal.result({ exit: exitCode(report), ...report })
  terminal.say(`\n${summaryText(report)}`)
  return exitCode(report)
}

const usage = (sentence: string): Mistake => new Mistake('usage', sentence)

function chosenChecks({ only, skip, thorough, chat }: Options): Check[] {
  const named = (ids: string | undefined): string[] | undefined => ids?.split(',').map((id) => id.trim())
  const [wanted, left] = [named(only), named(skip) ?? []]
  const known = CHECKS.map(({ id }) => id)
  for (const id of [...(wanted ?? []), ...left]) {
    if (!known.includes(id)) throw usage(`There is no check ${id}: ${didYouMean(id, known, '--list names them all')}`)
  }
  const asked = (check: Check) => check.only === undefined || (check.only === 'thorough' ? thorough : chat)
  return CHECKS.filter((check) => (wanted?.includes(check.id) ?? true) && !left.includes(check.id) && asked(check))
}

function edgeUrl(word: string | undefined): URL {
  if (word === undefined) throw usage('Name the edge, as in doctor https://chat.shop.example.')
  if (!/^https?:\/\//i.test(word) || !URL.canParse(word))
    throw usage(`${word} is no URL: write https://${word.replace(/^.*:\/\//, '')}`)
  const url = new URL(word)
  if (url.pathname !== '/' || url.search !== '') throw usage(`Leave the path out: ${url.origin}`)
  return url
}

function pageOrigin(word: string): string {
  if (URL.canParse(word) && new URL(word).origin === word) return word
  const meant = URL.canParse(word) ? new URL(word).origin : `https://${word}`
  throw usage(`--origin ${word} is no origin: write ${meant === 'null' ? 'https://shop.example' : meant}`)
}

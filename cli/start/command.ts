/** `start`: the whole product on this machine. */
import { Command } from 'commander'
import { Mistake } from '../base/mistake.ts'
import { worldOf } from '../base/world.ts'
import type { Plan } from './plan.ts'
import { LocalProduct, type Upstream } from './run.ts'

const HELP = `
Runs the widget and its edge, a demo shop on another origin, and a sandbox in place of Caty: no account, no network.

Examples:
  npm start
  EDGE_PORT=9001 SHOP_PORT=9002 npm start
  CATY_API_KEY=caty_… npm start              with the real Caty

Environment:
  EDGE_PORT, SHOP_PORT, SANDBOX_PORT         8787, 8788, 8789
  AUTH_PORT, DASHBOARD_PORT, RECEIVER_PORT   8790, 8791, 8792; another free one when taken
  every setting of the Worker                docs/settings.md; the Worker gets it exactly as it is given

Exit code: 0 ended by Ctrl-C; 1 a mistake in the settings, a port that is taken, or a server that ended by itself;
2 a mistake in the command line.`

export const startCommand = (): Command =>
  new Command('start')
    .description('runs the whole product on this machine, until Ctrl-C')
    .option('--json', 'one JSON object on stdout when everything runs, for scripts')
    .addHelpText('after', HELP)
    .action(async function action(this: Command) {
      const { world, terminal } = worldOf(this)
      if (!world.home.clone)
        throw new Mistake('mistake', 'start runs the demo from the sources: clone the project first.')
      const product = new LocalProduct({
        env: world.env,
        say: (line) => terminal.say(line),
        clock: () => performance.now(),
      })
      const interrupted = new Promise<void>((resolve) => {
        for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve())
      })
      try {
        const started = product.start().then(({ plan, upstream }) => {
          terminal.say(summary(plan, upstream))
          terminal.result(asJson(plan, upstream))
          return product.ended
        })
        await Promise.race([started, product.ended, interrupted])
      } finally {
        await product.stop()
      }
    })

type Row = readonly [what: string, url: string, why: string]
const asTable = (rows: readonly Row[]): string =>
  rows.map(([what, url, why]) => `  ${what.padEnd(12)} ${url.padEnd(34)} ${why}`).join('\n')

/** The table of what runs where; or, when no visitor would get an answer, why and what to change. */
export function summary(plan: Plan, upstream: Upstream): string {
  const { edge, shop, real, catyUrl, servers } = plan
  const others = servers.filter(({ shown }) => shown.url !== shop)
  const why = upstream === 'ok' ? undefined : warning(plan, upstream)
  if (why)
    return `\nWarning: ${why}\n\n${asTable([
      ['demo shop', shop, 'its chat answers nobody'],
      ['edge', edge, ''],
    ])}\n\n  Ctrl-C ends everything.\n`
  const rows: Row[] = [
    ['demo shop', shop, 'open this, and chat'],
    ['installer', `${shop}/installer/`, 'make the tag for a page of yours'],
    ['edge', edge, 'the Worker in workerd; it alone holds the key'],
    ...(real ? [['Caty', catyUrl, 'the real API, with your key'] as const] : []),
    ...others.map(({ program, shown }) => [program.name, shown.url, shown.why] as const),
  ]
  return `\n${asTable(rows)}\n\n  Ctrl-C ends everything.\n`
}

function warning({ real, catyUrl, settings }: Plan, upstream: 'failing' | 'key_refused'): string {
  const name = settings.CATY_API_KEY ? 'CATY_API_KEY' : 'CATY_API_KEYS'
  if (!real) return `the sandbox at ${catyUrl} does not answer the edge, so no visitor gets an answer.`
  if (upstream === 'key_refused')
    return `Caty at ${catyUrl} refuses the key in ${name}, so no visitor gets an answer. Copy the key again from Caty's dashboard and start again, or start without ${name} to chat with the sandbox.`
  return `Caty cannot be reached at ${catyUrl}, so no visitor gets an answer. Check the network and CATY_API_URL; the edge tries again with each call, and its /health says how it went. Without ${name} you chat with the sandbox.`
}

const asJson = ({ edge, shop, catyUrl, servers }: Plan, upstream: Upstream) => ({
  ready: true,
  upstream,
  urls: {
    edge,
    caty: catyUrl,
    ...Object.fromEntries(servers.map(({ program, shown }) => [program.name, shown.url])),
    'demo shop': shop,
  },
})

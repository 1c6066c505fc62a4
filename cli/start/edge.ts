/**
 * The edge of `npm start`, a process of its own: the Worker in workerd by wrangler's programming interface. Its settings
 * come as JSON in the first line of the standard input, so no character of a value needs quoting and no other user of
 * this machine can read a secret on a command line or in a file. When the input ends, `npm start` is gone: so ends this.
 */
import { join } from 'node:path'
import { exit, stdin } from 'node:process'
import { pathToFileURL } from 'node:url'
import * as v from 'valibot'
import { unstable_startWorker as startWorker } from 'wrangler'

const Order = v.object({
  /** The path of a wrangler.toml. */
  config: v.string(),
  port: v.number(),
  /** By name, as the Worker shall see them. */
  settings: v.record(v.string(), v.string()),
  /** The folder of the ledger; somebody else makes and removes it. */
  state: v.string(),
})
export type EdgeOrder = v.InferOutput<typeof Order>
export type LocalEdge = { url: string; stop: () => Promise<void> }

/** Resolves when the Worker can be called. Throws what wrangler threw when it cannot be built or started. */
export async function startEdge({ config, port, settings, state }: EdgeOrder): Promise<LocalEdge> {
  const worker = await startWorker({
    config,
    // A file that is not there: an owner's .dev.vars of the same folder is for their own `wrangler dev`.
    envFiles: [join(state, 'no.env')],
    bindings: Object.fromEntries(
      Object.entries(settings).map(([name, value]) => [name, { type: 'secret_text', value }]),
    ),
    sendMetrics: false,
    dev: {
      remote: false,
      server: { hostname: '127.0.0.1', port },
      inspector: false,
      persist: state,
      watch: true,
    },
  })
  await worker.ready
  return { url: (await worker.url).origin, stop: () => worker.dispose() }
}

/** Not by `node:readline`, which also ends a line where a value has U+2028. */
function firstLine(): Promise<string> {
  let text = ''
  return new Promise((resolve) => {
    stdin.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk
      if (chunk.includes('\n')) resolve(text.slice(0, text.indexOf('\n')))
    })
  })
}

async function main(): Promise<void> {
  const edge = await startEdge(v.parse(Order, JSON.parse(await firstLine())))
  const end = () => void edge.stop().finally(() => exit(0))
  stdin.once('end', end)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, end)
}

/** What wrangler found, without its wrapping. */
function deepest(error: unknown): unknown {
  return error instanceof Error && error.cause !== undefined ? deepest(error.cause) : error
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await main().catch((error: unknown) => {
    const cause = deepest(error)
    console.error(cause instanceof Error ? cause.message.replace(/\s*\n\s*/g, ' ') : cause)
    exit(1)
  })
}

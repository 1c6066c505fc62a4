/** The queues of a tenant that chose them: a deploy cannot bind what is not there, and wrangler does not make them. */
import type { WranglerConfig } from './config.ts'
import type { Wrangler } from './wrangler.ts'

/** The names, those of dead letters among them, each once. */
function queuesOf({ queues }: WranglerConfig): string[] {
  const named = [...(queues?.producers ?? []), ...(queues?.consumers ?? [])].map(({ queue }) => queue)
  const dead = (queues?.consumers ?? []).flatMap(({ dead_letter_queue: name }) => (name === undefined ? [] : [name]))
  return [...new Set([...named, ...dead])]
}

/** Makes what is missing. In a dry run all of them are shown. */
export async function ensureQueues(wrangler: Wrangler, config: WranglerConfig, dryRun: boolean): Promise<void> {
  for (const name of queuesOf(config)) {
    if (!dryRun && (await wrangler.succeeds(['queues', 'info', name]))) continue
    await wrangler.change({ args: ['queues', 'create', name] })
  }
}

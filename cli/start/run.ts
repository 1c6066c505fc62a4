/** Starts everything that the plan names, says so line by line, and ends it all together. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { execaNode } from 'execa'
import * as v from 'valibot'
import { Mistake } from '../base/mistake.ts'
import type { EdgeOrder } from './edge.ts'
import { type Plan, planStart, portsNeeded } from './plan.ts'
import { choosePorts } from './ports.ts'
import { lastLine, type Program, type Running, startProgram, untilAnswers } from './processes.ts'
import { withoutSettings } from './settings.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))

export type StartOptions = {
  env: NodeJS.ProcessEnv
  /** Shows a line of progress. */
  say: (line: string) => void
  /** Milliseconds since some moment. */
  clock: () => number
}
/** Caty as the edge sees it: `failing` is anything but an answer, or a refusal of the key. */
export type Upstream = 'ok' | 'failing' | 'key_refused'

/** Everything that runs; `start` once, `stop` at any time. */
export class LocalProduct {
  readonly #options: StartOptions
  readonly #running: Running[] = []
  /** Of the ledger. */
  readonly #state = mkdtempSync(join(tmpdir(), 'caty-keyless-'))
  #stopping = false
  /** Rejects when a server ends by itself, and resolves when somebody pressed Ctrl-C. */
  readonly ended: Promise<void>
  #end: { resolve: () => void; reject: (error: Error) => void }

  constructor(options: StartOptions) {
    this.#options = options
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    this.ended = promise
    this.#end = { resolve, reject }
  }

  /** Resolves when every server answers. Throws `Mistake` for what the owner can mend. */
  async start(): Promise<{ plan: Plan; upstream: Upstream }> {
    const { env, say, clock } = this.#options
    const plan = planStart(env, await choosePorts(portsNeeded(env), env))
    say('Starting: the widget is being built, and the servers start beside it.')
    const timed = async (name: string, what: string, work: Promise<unknown>) => {
      const began = clock()
      await work
      if (!this.#stopping) say(`  ${name.padEnd(12)} ${what.padEnd(34)} ${((clock() - began) / 1000).toFixed(1)} s`)
    }
    await Promise.all([
      ...plan.servers.map(({ program, answersAt, shown }) =>
        timed(program.name, shown.url, this.#run(program, answersAt)),
      ),
      timed('widget', 'built', buildWidget(env)).then(() =>
        timed(
          'edge',
          plan.edge,
          this.#run(this.#edgeProgram(plan), `${plan.edge.replace('localhost', '127.0.0.1')}/health`),
        ),
      ),
    ])
    return { plan, upstream: await upstreamOf(plan.edge) }
  }

  /** Ends every server, whatever state each is in. */
  async stop(): Promise<void> {
    this.#stopping = true
    await Promise.all(this.#running.map((running) => running.stop()))
    rmSync(this.#state, { recursive: true, force: true })
  }

  async #run(program: Program, answersAt: string): Promise<void> {
    if (this.#stopping) return
    const running = startProgram(program)
    this.#running.push(running)
    try {
      await untilAnswers(answersAt, running)
    } catch (error) {
      if (!this.#stopping) throw new Mistake('mistake', error instanceof Error ? error.message : String(error))
    }
    void running.ended.then(({ interrupted }) => {
      if (this.#stopping) return
      if (interrupted) this.#end.resolve()
      else this.#end.reject(new Mistake('mistake', `The ${running.name} ended by itself: ${lastLine(running.said())}`))
    })
  }

  #edgeProgram({ settings, edge }: Plan): Program {
    const { env } = this.#options
    const order = {
      // The tests bring a copy with higher limits: all their visitors come from this machine's one address.
      config: env.EDGE_CONFIG ?? `${root}wrangler.toml`,
      port: Number(new URL(edge).port),
      settings,
      state: this.#state,
    }
    return edgeProgram(withoutSettings(env), order)
  }
}

/** The edge as a program. */
export const edgeProgram = (env: NodeJS.ProcessEnv, order: EdgeOrder): Program => ({
  name: 'edge',
  args: [`${root}cli/start/edge.ts`],
  env: {
    ...env,
    // Its own lines are for whoever asks for them; ours say what an owner needs.
    WRANGLER_LOG: env.WRANGLER_LOG ?? 'error',
    WRANGLER_SEND_METRICS: 'false',
    WRANGLER_HIDE_BANNER: 'true',
    // No look-up of the real colo's `request.cf`: there may be no network at all.
    CLOUDFLARE_CF_FETCH_ENABLED: 'false',
    NO_UPDATE_NOTIFIER: '1',
  },
  input: `${JSON.stringify(order)}\n`,
})

async function buildWidget(env: NodeJS.ProcessEnv): Promise<void> {
  const built = await execaNode(`${root}esbuild.config.mjs`, {
    cwd: root,
    env: withoutSettings(env),
    extendEnv: false,
    reject: false,
  })
  if (built.failed)
    throw new Mistake('mistake', `The widget could not be built: ${lastLine(built.stderr || built.stdout)}`)
}

const Health = v.object({ upstream: v.picklist(['ok', 'failing', 'key_refused']) })

/** Asks the edge, which asks Caty by the same code that visitors use. */
async function upstreamOf(edge: string): Promise<Upstream> {
  const answer: unknown = await fetch(`${edge}/health`).then((response) => response.json())
  return v.parse(Health, answer).upstream
}
